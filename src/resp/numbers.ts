/**
 * Numbers as Redis reads and writes them. Texts are latin1 strings or bytes; a number that has no
 * strict spelling is `undefined`, and the caller chooses the error.
 */

const MINUS = 45;
const ZERO = 48;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
/** So many decimal digits always fit a safe integer. */
const SAFE_DIGITS = 15;
/** No signed 64-bit integer has more digits. */
const INT64_DIGITS = 19;
/** Up to here (both signs) Redis prints a whole double with all its digits. */
const PLAIN_INTEGER_LIMIT = 2 ** 62;

/**
 * A signed 64-bit integer in its only spelling: no plus, no leading zero, no blank, no `-0`.
 * A `bigint` when it is outside the safe range of a number.
 */
export function parseInteger(
  buffer: Buffer,
  start: number,
  end: number,
): number | bigint | undefined {
  let at = start;
  const negative = at < end && buffer[at] === MINUS;
  if (negative) at++;
  const digits = end - at;
  if (digits < 1 || digits > INT64_DIGITS) return undefined;
  if (buffer[at] === ZERO) return digits === 1 && !negative ? 0 : undefined;
  let value = 0;
  for (; at < end; at++) {
    const digit = (buffer[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (digits > SAFE_DIGITS) return wideInteger(buffer.latin1Slice(start, end));
  return negative ? -value : value;
}

/** {@link parseInteger} of a string. */
export function parseIntegerText(text: string): number | bigint | undefined {
  let at = 0;
  const negative = text.charCodeAt(0) === MINUS;
  if (negative) at++;
  const digits = text.length - at;
  if (digits < 1 || digits > INT64_DIGITS) return undefined;
  if (text.charCodeAt(at) === ZERO) return digits === 1 && !negative ? 0 : undefined;
  let value = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (digits > SAFE_DIGITS) return wideInteger(text);
  return negative ? -value : value;
}

/** `text` is known to be a sign and digits. */
function wideInteger(text: string): number | bigint | undefined {
  const wide = BigInt(text);
  if (wide < MIN_INT64 || wide > MAX_INT64) return undefined;
  const narrow = Number(wide);
  return Number.isSafeInteger(narrow) ? narrow : wide;
}

// Written so that no part can take over another's digits: a long text that fails costs linear time.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i;

/**
 * A double as C's `strtod` reads it when it must use up the whole text: decimal, hexadecimal, `inf`
 * and `infinity` in any case. Not a number: `nan`, blanks, and what overflows or vanishes to zero.
 */
export function parseDouble(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    if (value === 0) return /^[^eE]*[1-9]/.test(text) ? undefined : value;
    return Number.isFinite(value) ? value : undefined;
  }
  if (INFINITE.test(text)) {
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return parseHexadecimal(text);
}

/** Exact while the digits fit a double's 53 bits; beyond that the surplus is rounded once. */
function parseHexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const mantissa = BigInt(`0x${whole}${fraction}`);
  let value = mantissa === 0n ? 0 : Number(mantissa) * 2 ** -(4 * fraction.length);
  // Two steps, so that the scale itself neither overflows nor vanishes.
  const exponent = Math.max(-4400, Math.min(4400, Number(power)));
  const half = Math.trunc(exponent / 2);
  value = value * 2 ** half * 2 ** (exponent - half);
  if (!Number.isFinite(value) || (value === 0 && mantissa !== 0n)) return undefined;
  return sign === '-' ? -value : value;
}

/**
 * A double as Redis 7.2 prints it: whole numbers with all their digits up to 2^62, else the shortest
 * digits that read back as the same number, `1e+20` style where those would be far from the point;
 * `inf`, `-inf`, `nan`, `-0`.
 */
export function formatDouble(value: number): string {
  if (Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
    if (Math.abs(value) <= PLAIN_INTEGER_LIMIT) return BigInt(value).toString();
  } else if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  }
  return layOut(value);
}

/** Places the shortest digits of a finite number that is not a small integer. */
function layOut(value: number): string {
  const text = Math.abs(value).toExponential();
  const mark = text.indexOf('e');
  const digits = text[0] + text.slice(2, mark);
  const sign = value < 0 ? '-' : '';
  const exponent = Number(text.slice(mark + 1));
  const scale = exponent - digits.length + 1;
  const distance = Math.abs(exponent);
  if (scale >= 0 && distance < digits.length + 7) return sign + digits + '0'.repeat(scale);
  if (scale < 0 && (scale > -7 || distance < 4)) {
    const point = digits.length + scale;
    if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${distance}`;
}
