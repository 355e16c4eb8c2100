/** Significant digits. */
const DIGITS = 17;
/** Decimal exponents below this are written out. */
const MIN_PLAIN_EXPONENT = -4;

/** A double with 17 digits, as C prints it with `%.17g`. */
export function formatLong(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  const text = value.toExponential(DIGITS - 1);
  const mark = text.indexOf('e');
  const exponent = Number(text.slice(mark + 1));
  if (exponent >= MIN_PLAIN_EXPONENT && exponent < DIGITS) {
    return withoutZeros(value.toFixed(DIGITS - 1 - exponent));
  }
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${withoutZeros(text.slice(0, mark))}e${exponent < 0 ? '-' : '+'}${power}`;
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
