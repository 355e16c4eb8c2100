/**
 * The 80-bit floating point of x86, in which Redis adds for INCRBYFLOAT and HINCRBYFLOAT: a
 * significand of 64 bits, rounded to nearest, ties to even. Done on integers, so that every node gets
 * the same digits as a Redis on x86 whatever machine it runs on.
 *
 * A finite value is `significand` × 2^`exponent`; the significand carries the sign.
 */
export interface LongDouble {
  readonly significand: bigint;
  readonly exponent: number;
}

/** Significant bits. */
const PRECISION = 64;
/** The smallest exponent: 2^-16445 is the least number above zero. */
const MIN_EXPONENT = -16445;
/** Numbers are below 2^16384. */
const MAX_MAGNITUDE = 16384;
/** Decimal places in print. */
const PLACES = 17;
/** Redis reads no number longer than this. */
export const MAX_LONG_DOUBLE_CHARS = 5119;
/** Decimal exponents beyond this are zero or infinite, whatever the digits are. */
const MAX_DECIMAL_EXPONENT = 20000;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const HEXADECIMAL = /^([+-]?)0x([\da-f]*)(?:\.([\da-f]*))?(?:p([+-]?\d+))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/**
 * Reads a number as C's strtold does, without blanks. Infinite only where the text says so;
 * undefined if it is no number, or so great or small that none is near.
 */
export function parseLongDouble(text: string): LongDouble | 'infinite' | undefined {
  if (text.length > MAX_LONG_DOUBLE_CHARS) return undefined;
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return fromDigits(decimal, 10n, false);
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) return fromDigits(hexadecimal, 16n, true);
  return INFINITE.test(text) ? 'infinite' : undefined;
}

/** The sum; undefined if it is infinite. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | undefined {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum =
    (a.significand << BigInt(a.exponent - exponent)) +
    (b.significand << BigInt(b.exponent - exponent));
  return rounded(sum, 1n, exponent);
}

/** With up to 17 decimal places and no trailing zeros, as Redis prints it for people. */
export function formatLongDouble(value: LongDouble): string {
  const negative = value.significand < 0n;
  const magnitude = negative ? -value.significand : value.significand;
  const scaled = magnitude * 10n ** BigInt(PLACES);
  const whole =
    value.exponent >= 0
      ? scaled << BigInt(value.exponent)
      : divideToEven(scaled, 1n << BigInt(-value.exponent));
  const digits = whole.toString().padStart(PLACES + 1, '0');
  const integer = digits.slice(0, -PLACES);
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  const text = fraction === '' ? integer : `${integer}.${fraction}`;
  return negative && text !== '0' ? `-${text}` : text;
}

function fromDigits(
  match: RegExpExecArray,
  base: 10n | 16n,
  binaryExponent: boolean,
): LongDouble | undefined {
  const [, sign, integer = '', fraction = '', exponentText = '0'] = match;
  const digits = integer + fraction;
  if (digits === '') return undefined;
  const magnitude = BigInt(base === 16n ? `0x${digits}` : digits);
  if (magnitude === 0n) return { significand: 0n, exponent: 0 };
  const significand = sign === '-' ? -magnitude : magnitude;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_DECIMAL_EXPONENT + MAX_LONG_DOUBLE_CHARS * 4) return undefined;
  if (binaryExponent) return nonZero(rounded(significand, 1n, exponent - 4 * fraction.length));
  const scale = exponent - fraction.length;
  if (Math.abs(scale) > MAX_DECIMAL_EXPONENT) return undefined;
  const power = 10n ** BigInt(Math.abs(scale));
  return nonZero(scale >= 0 ? rounded(significand * power, 1n, 0) : rounded(significand, power, 0));
}

/** Undefined also for what is not zero but too small to be told from it. */
function nonZero(value: LongDouble | undefined): LongDouble | undefined {
  return value?.significand === 0n ? undefined : value;
}

/** `numerator` / `denominator` × 2^`exponent`, rounded to 64 bits; undefined if that is infinite. */
function rounded(numerator: bigint, denominator: bigint, exponent: number): LongDouble | undefined {
  if (numerator === 0n) return { significand: 0n, exponent: 0 };
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  // The quotient gets 64 or 65 bits; with 65 it is rounded again, from the exact fraction.
  let shift = PRECISION - (bitLength(magnitude) - bitLength(denominator));
  shift = Math.min(shift, exponent - MIN_EXPONENT);
  let quotient = scaledQuotient(magnitude, denominator, shift);
  if (bitLength(quotient) > PRECISION) {
    shift--;
    quotient = scaledQuotient(magnitude, denominator, shift);
  }
  if (bitLength(quotient) + exponent - shift > MAX_MAGNITUDE) return undefined;
  return { significand: negative ? -quotient : quotient, exponent: exponent - shift };
}

function scaledQuotient(numerator: bigint, denominator: bigint, shift: number): bigint {
  return shift >= 0
    ? divideToEven(numerator << BigInt(shift), denominator)
    : divideToEven(numerator, denominator << BigInt(-shift));
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice < denominator) return quotient;
  if (twice > denominator) return quotient + 1n;
  return quotient + (quotient & 1n);
}

function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28;
}
