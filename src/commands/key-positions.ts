import type { Args } from '../resp/args.ts';
import { isError } from '../resp/reply.ts';
import { readNumber } from './args.ts';
import type { Command, CountedKeys, KeySpec, KeywordKeys } from './command.ts';

/** Positions of the keys among the arguments, in order. `args` satisfies the command's arity. */
export function getKeys(command: Command, args: Args): number[] {
  if (command.getKeys !== undefined) return command.getKeys(args);
  const positions: number[] = [];
  for (const spec of command.keys ?? []) addKeys(spec, args, positions);
  return positions;
}

/** A key among the arguments of a command, and the spec that tells what is done to it. */
export interface KeyUse {
  readonly position: number;
  readonly spec: KeySpec;
}

/**
 * The keys as {@link getKeys} finds them, each with its spec; none if a spec does not fit the
 * arguments, which are wrong then.
 */
export function keyUses(command: Command, args: Args): readonly KeyUse[] {
  const uses: KeyUse[] = [];
  for (const spec of command.keys ?? []) {
    const positions: number[] = [];
    addKeys(spec, args, positions);
    if (positions.length === 0 && command.getKeys === undefined) return [];
    for (const position of positions) uses.push({ position, spec });
  }
  if (command.getKeys === undefined) return uses;
  // What no rule finds, but the command's own, is what the last spec without a rule is about.
  const unknown = command.keys?.findLast((spec) => 'unknown' in spec);
  return command.getKeys(args).flatMap((position) => {
    const spec = uses.find((use) => use.position === position)?.spec ?? unknown;
    return spec === undefined ? [] : [{ position, spec }];
  });
}

/** Adds the positions that one spec means. A count that makes no sense means no keys. */
export function addKeys(spec: KeySpec, args: Args, positions: number[]): void {
  if ('unknown' in spec) return;
  if ('keyword' in spec) {
    addKeywordKeys(spec, args, positions);
    return;
  }
  const last = 'countAt' in spec ? lastCounted(spec, args) : lastInRange(spec.last, args);
  for (let i = spec.first; i <= last; i += spec.step) positions.push(i);
}

function lastInRange(last: number, args: Args): number {
  return Math.min(last < 0 ? args.count + last : last, args.count - 1);
}

function lastCounted(spec: CountedKeys, args: Args): number {
  if (spec.countAt >= args.count) return -1;
  const count = readNumber(args, spec.countAt);
  if (isError(count) || count < 1) return -1;
  const last = spec.first + (count - 1) * spec.step;
  return last < args.count ? last : -1;
}

function addKeywordKeys(spec: KeywordKeys, args: Args, positions: number[]): void {
  const at = findKeyword(spec, args);
  if (at === -1) return;
  const first = at + 1;
  let last = spec.last < 0 ? args.count + spec.last : first + spec.last;
  if (spec.limit > 1) last = first + Math.floor((args.count - first) / spec.limit) - 1;
  for (let i = first; i <= Math.min(last, args.count - 1); i += spec.step) positions.push(i);
}

function findKeyword(spec: KeywordKeys, args: Args): number {
  const back = spec.startFrom < 0;
  const step = back ? -1 : 1;
  for (let i = back ? args.count + spec.startFrom : spec.startFrom; i > 0 && i < args.count; ) {
    if (args.is(i, spec.keyword)) return i;
    i += step;
  }
  return -1;
}
