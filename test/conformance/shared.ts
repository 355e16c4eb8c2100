import type { Draw } from './draw.ts';
import type { Step, Words } from './generator.ts';

/** A count that no collection reaches. */
export const ALL = '100000';
/** Makes one call of a scan go to the end. */
export const TAKES_ALL: Words = ['COUNT', ALL];

export function scanOptions(draw: Draw): readonly string[] {
  return draw.maybe(0.4, 'MATCH', draw.pick(['*', 'm*', '*1', '[1-5]*', '?', 'long*', '']));
}

/** A count of random members: distinct ones if positive, else with repeats. Never large. */
export function fewEitherWay(draw: Draw): string {
  return String(draw.below(24) - 12);
}

/** How to draw at random from a collection, and how to see all of it. */
export interface Drawing {
  readonly key: string;
  /** Returns all members, as pairs if `pairs` is there. */
  readonly all: string;
  readonly draws: string;
  /** The option that makes the draw return pairs. */
  readonly pairs?: string;
}

/** A random read of a collection, together with a look at all of it. */
export function drawnFrom(draw: Draw, { key, all, draws, pairs }: Drawing): Step {
  const count = draw.maybe(0.7, fewEitherWay(draw));
  const withPairs = pairs !== undefined && count.length > 0 && draw.chance(0.4);
  const extra = withPairs ? [pairs] : [];
  const ranged = all === 'ZRANGE' ? ['0', '-1', 'WITHSCORES'] : [];
  return {
    commands: [
      [all, key, ...ranged],
      [draws, key, ...count, ...extra],
    ],
    valid: ([members, drawn]) => {
      if (!Array.isArray(members)) return true;
      const there = pairs === undefined ? members.map((m) => [m]) : inPairs(members.flat());
      if (!Array.isArray(drawn)) return drawn === null || there.some(([name]) => name === drawn);
      const got = withPairs ? inPairs(drawn.flat()) : drawn.map((name) => [name]);
      const wanted = Number(count[0] ?? 0);
      const few = Math.max(0, Math.min(wanted, there.length));
      return (
        got.every((one) => there.some((other) => one.every((part, i) => part === other[i]))) &&
        got.length === (wanted < 0 && there.length > 0 ? -wanted : few) &&
        (wanted < 0 || new Set(got.map(([name]) => name)).size === got.length)
      );
    },
  };
}

function inPairs(items: readonly unknown[]): unknown[][] {
  const pairs: unknown[][] = [];
  for (let i = 0; i < items.length; i += 2) pairs.push([items[i], items[i + 1]]);
  return pairs;
}
