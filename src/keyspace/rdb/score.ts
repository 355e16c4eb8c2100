import { demand } from './malformed.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
/** Longest spelling of a double that Redis writes. */
const MAX_DIGITS = 128;

/** A double as C's printf writes it; never NaN. */
export function parseScore(text: string): number {
  const infinite = INFINITE.exec(text);
  if (infinite !== null) {
    return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  demand(text.length <= MAX_DIGITS && NUMBER.test(text), 'a score that is no number');
  return Number(text);
}
