const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** `1.5 MB`: in thousands, with three digits. */
export function sizeText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** `1 key`, `2 keys`. */
export function countText(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** In UTC, to the second. */
export function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
