import type { Prng } from '../../src/base/prng.ts';

export type Words = readonly string[];

/** Elements of each large collection, and keys of strings. */
export const ELEMENTS = 100_000;

/** One line of the table: a command, or a few that undo each other, on a large collection. */
export interface Load {
  readonly name: string;
  /** One turn. It must find what it left, however often it is done; `n` counts the turns. */
  readonly turn: (random: Prng, n: number) => readonly Words[];
  /** Turns sent at once; few where one turn takes long. */
  readonly depth?: number;
  /** Whether turns must not be sent again, because each takes away what the one before it added. */
  readonly fresh?: boolean;
}

export interface Family {
  readonly name: string;
  /** What the loads work on. */
  readonly fill: (random: Prng) => Iterable<Words>;
  readonly loads: readonly Load[];
}

/** A load of one command. */
export function one(name: string, words: (random: Prng) => Words, depth?: number): Load {
  return several(name, (random) => [words(random)], depth);
}

export function several(name: string, turn: Load['turn'], depth?: number): Load {
  return depth === undefined ? { name, turn } : { name, turn, depth };
}

/** Turns that each add a member that was never there and take another one away. */
export function renewing(name: string, turn: Load['turn']): Load {
  return { name, turn, fresh: true };
}

/** Key of 16 bytes. */
export function keyOf(i: number): string {
  return `key:${String(i).padStart(12, '0')}`;
}

export function anyKey(random: Prng): string {
  return keyOf(random.below(ELEMENTS));
}

/** Member, field or value of 10 bytes. */
export function memberOf(i: number): string {
  return `m:${String(i).padStart(8, '0')}`;
}

export function anyMember(random: Prng): string {
  return memberOf(random.below(ELEMENTS));
}

/** A member that no collection has. */
export function stranger(random: Prng): string {
  return `s:${String(random.below(ELEMENTS)).padStart(8, '0')}`;
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** Elements in one filling command. */
const FILL_STEP = 100;

/** Commands that give `key` elements 0 to `count`; `words` makes what stands for one. */
export function* filled(
  command: readonly string[],
  count: number,
  words: (i: number) => readonly string[],
): Iterable<Words> {
  for (let i = 0; i < count; i += FILL_STEP) {
    yield [...command, ...times(Math.min(FILL_STEP, count - i), (k) => words(i + k)).flat()];
  }
}
