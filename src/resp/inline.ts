import type { Args } from './args.ts';

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const LOWER_X = 120;

/**
 * Splits a line typed by hand into arguments, with the quoting rules of redis-cli:
 * `"…"` knows `\n \r \t \b \a \xHH`, and `\` before anything else stands for that byte;
 * `'…'` knows only `\'`. A quote must be followed by a blank or the end.
 *
 * The arguments are decoded in place, as none grows by it, and `args` becomes views on `line`.
 * Returns their number, or -1 when quotes do not balance.
 */
export function splitInline(line: Buffer, end: number, args: Args): number {
  let count = 0;
  let at = 0;
  let out = 0;
  for (;;) {
    while (at < end && isSpace(line[at])) at++;
    if (at === end) break;
    args.reserve(count + 1);
    args.bounds[2 * count] = out;
    while (at < end && !endsWord(line[at])) {
      const byte = line[at] as number;
      if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) {
        line[out++] = byte;
        at++;
        continue;
      }
      const quoted = unquote(line, { at, out, end, quote: byte });
      if (quoted === null) return -1;
      at = quoted.at;
      out = quoted.out;
      if (at < end && !isSpace(line[at])) return -1;
      break;
    }
    args.bounds[2 * count + 1] = out;
    count++;
  }
  args.buffer = line;
  args.count = count;
  args.rawStart = -1;
  args.rawEnd = -1;
  return count;
}

interface Quoted {
  readonly at: number;
  readonly out: number;
}

/** Decodes from the opening quote at `at`; null when the quote is never closed. */
function unquote(
  line: Buffer,
  from: Quoted & { readonly end: number; readonly quote: number },
): Quoted | null {
  let { at, out } = from;
  at++;
  while (at < from.end) {
    const byte = line[at] as number;
    if (byte === from.quote) return { at: at + 1, out };
    const next = at + 1 < from.end ? (line[at + 1] as number) : -1;
    if (byte !== BACKSLASH || next < 0) {
      line[out++] = byte;
      at++;
    } else if (from.quote === SINGLE_QUOTE) {
      const escaped = next === SINGLE_QUOTE;
      line[out++] = escaped ? next : byte;
      at += escaped ? 2 : 1;
    } else {
      const code = next === LOWER_X && at + 3 < from.end ? hexByte(line, at + 2) : -1;
      line[out++] = code >= 0 ? code : unescaped(next);
      at += code >= 0 ? 4 : 2;
    }
  }
  return null;
}

function unescaped(byte: number): number {
  switch (byte) {
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    case 98:
      return 8;
    case 97:
      return 7;
    default:
      return byte;
  }
}

/** The byte spelt by two hexadecimal digits at `at`, or -1. */
function hexByte(line: Buffer, at: number): number {
  const high = hexDigit(line[at] as number);
  const low = hexDigit(line[at + 1] as number);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** C's `isspace`: blank, tab, line feed, vertical tab, form feed, carriage return. */
function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13));
}

/** Vertical tab and form feed separate words but do not end one, as in Redis. */
function endsWord(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}
