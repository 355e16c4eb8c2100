/** Redis gives up on patterns with more stars than this. */
const MAX_STARS = 1000;

const STAR = 42;
const QUESTION = 63;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const CARET = 94;
const DASH = 45;

/**
 * Whether `text` matches a Redis glob: `*`, `?`, `[abc]`, `[^a-z]` and `\` before a char that is
 * meant as itself. Both are latin1.
 *
 * After a mismatch only the last star is tried further on: if the rest cannot be found behind it,
 * a longer match of an earlier star would not help. So the work is at most pattern × text.
 */
export function globMatches(pattern: string, text: string): boolean {
  // Redis matches the empty text with the empty pattern only, not with stars.
  if (text.length === 0) return pattern.length === 0;
  let p = 0;
  let t = 0;
  let stars = 0;
  /** Where pattern and text go on if the last star has to take one more char; -1 before any star. */
  let retryPattern = -1;
  let retryText = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern.charCodeAt(p) === STAR) {
      while (pattern.charCodeAt(p + 1) === STAR) p++;
      if (p + 1 === pattern.length) return true;
      if (++stars > MAX_STARS) return false;
      retryPattern = ++p;
      retryText = t;
    }
    const next = p < pattern.length ? matchOne(pattern, p, text.charCodeAt(t)) : -1;
    if (next !== -1) {
      p = next;
      t++;
    } else if (retryPattern === -1) {
      return false;
    } else {
      p = retryPattern;
      t = ++retryText;
    }
  }
  while (pattern.charCodeAt(p) === STAR) p++;
  return p === pattern.length;
}

/** Matches one char against the pattern at `p`; returns where the pattern goes on, or -1. */
function matchOne(pattern: string, p: number, char: number): number {
  const code = pattern.charCodeAt(p);
  if (code === QUESTION) return p + 1;
  if (code === OPEN) return matchClass(pattern, p + 1, char);
  const literal = code === BACKSLASH && p + 1 < pattern.length ? p + 1 : p;
  return pattern.charCodeAt(literal) === char ? literal + 1 : -1;
}

/** The same for a class, whose first char after `[` is at `start`. A missing `]` is forgiven. */
function matchClass(pattern: string, start: number, char: number): number {
  const negated = pattern.charCodeAt(start) === CARET;
  let p = negated ? start + 1 : start;
  let matched = false;
  while (p < pattern.length) {
    const code = pattern.charCodeAt(p);
    if (code === BACKSLASH && p + 1 < pattern.length) {
      p++;
      if (pattern.charCodeAt(p) === char) matched = true;
    } else if (code === CLOSE) {
      break;
    } else if (p + 2 < pattern.length && pattern.charCodeAt(p + 1) === DASH) {
      if (inRange(signed(char), signed(code), signed(pattern.charCodeAt(p + 2)))) matched = true;
      p += 2;
    } else if (code === char) {
      matched = true;
    }
    p++;
  }
  if (matched === negated) return -1;
  return Math.min(p + 1, pattern.length);
}

function inRange(char: number, a: number, b: number): boolean {
  return a <= b ? char >= a && char <= b : char >= b && char <= a;
}

/** Redis compares ranges as C's signed chars, so that bytes from 128 on come before the others. */
function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}
