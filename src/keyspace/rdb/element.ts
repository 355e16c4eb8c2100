import { demand } from './malformed.ts';

/** An element of a packed sequence: text, or an integer that was written as one. */
export type Element = string | number | bigint;

/** The elements as text. */
export function textsOf(elements: readonly Element[]): string[] {
  return elements.map((element) => (typeof element === 'string' ? element : String(element)));
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
/** Longest spelling of a double that Redis writes. */
const MAX_DIGITS = 128;

/** The score that an element spells. */
export function scoreOf(element: Element): number {
  return typeof element === 'string' ? parseScore(element) : Number(element);
}

/** A double as C's printf writes it; never NaN. */
export function parseScore(text: string): number {
  const infinite = INFINITE.exec(text);
  if (infinite !== null) {
    return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  demand(text.length <= MAX_DIGITS && NUMBER.test(text), 'a score that is no number');
  return Number(text);
}
