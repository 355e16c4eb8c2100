import { RawString } from '../../keyspace/raw-string.ts';
import { lengthOf, parseInteger, type StringValue, textOf } from '../../keyspace/value.ts';
import { parseDouble } from '../../resp/numbers.ts';
import { MAX_BULK_BYTES } from '../../resp/parser-limits.ts';
import { ErrorReply } from '../../resp/reply.ts';
import { STRING_TOO_LONG } from '../errors.ts';

const NOT_A_DOUBLE: ErrorReply = new ErrorReply(
  "ERR One or more scores can't be converted into double",
);

/** What the weight of an element is; undefined if it has none. */
export type WeightOf = (element: string) => StringValue | undefined;

export interface Order {
  readonly alpha: boolean;
  readonly descending: boolean;
  /** Undefined: elements are their own weights. */
  readonly weightOf: WeightOf | undefined;
}

/** The elements in order, or the error that a weight cannot be compared. */
export function sortElements(elements: string[], order: Order): string[] | ErrorReply {
  if (!order.alpha) return sortByNumber(elements, order);
  if (order.weightOf !== undefined) return sortByText(elements, order, order.weightOf);
  // Bytes are what latin1 strings are ordered by.
  elements.sort(compareText);
  return order.descending ? elements.reverse() : elements;
}

/** Elements with equal weights are ordered by their own bytes. No weight is 0. */
function sortByNumber(elements: readonly string[], order: Order): string[] | ErrorReply {
  const { weightOf } = order;
  const scores = new Float64Array(elements.length);
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as string;
    const weight = weightOf === undefined ? element : weightOf(element);
    const score = weight === undefined ? 0 : scoreOf(weight);
    if (score === undefined) return NOT_A_DOUBLE;
    scores[i] = score;
  }
  const sign = order.descending ? -1 : 1;
  return permuted(elements, (a, b) => {
    const left = scores[a] as number;
    const right = scores[b] as number;
    if (left < right) return -sign;
    if (left > right) return sign;
    return sign * compareText(elements[a] as string, elements[b] as string);
  });
}

/** Elements with equal weights keep their order. No weight comes before all others. */
function sortByText(
  elements: readonly string[],
  order: Order,
  weightOf: WeightOf,
): string[] | ErrorReply {
  const weights: (string | undefined)[] = [];
  for (const element of elements) {
    const weight = weightOf(element);
    if (weight !== undefined && lengthOf(weight) > MAX_BULK_BYTES) return STRING_TOO_LONG;
    weights.push(weight === undefined ? undefined : textOf(weight));
  }
  const sign = order.descending ? -1 : 1;
  return permuted(elements, (a, b) => {
    const left = weights[a];
    const right = weights[b];
    if (left === undefined || right === undefined) {
      if (left === right) return 0;
      return left === undefined ? -sign : sign;
    }
    return sign * compareText(left, right);
  });
}

/** The elements in the order that `compare` gives to their numbers. */
function permuted(
  elements: readonly string[],
  compare: (a: number, b: number) => number,
): string[] {
  const numbers: number[] = [];
  for (let i = 0; i < elements.length; i++) numbers.push(i);
  return numbers.sort(compare).map((i) => elements[i] as string);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** No number that anybody means is spelt longer. */
const MAX_SCORE_CHARS = 65536;
/** The least number that a double holds with all its digits. */
const MIN_NORMAL: number = 2 ** -1022;

/**
 * A weight as C's `strtod` reads it: blanks before it do not matter, an empty one is 0, a zero byte
 * ends it; one too small for all its digits is as wrong as one too large.
 */
export function scoreOf(weight: StringValue): number | undefined {
  if (typeof weight === 'number') return weight;
  if (typeof weight === 'bigint') return Number(weight);
  if (weight instanceof RawString && weight.length > MAX_SCORE_CHARS) return undefined;
  const text = textOf(weight);
  const integer = parseInteger(text);
  if (integer !== undefined) return Number(integer);
  const zero = text.indexOf('\0');
  const whole = zero === -1 ? text : text.slice(0, zero);
  if (whole === '') return 0;
  const value = parseDouble(whole.replace(/^[\t-\r ]+/, ''));
  return value !== undefined && value !== 0 && Math.abs(value) < MIN_NORMAL ? undefined : value;
}
