import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { parseDouble, parseInteger } from '../../resp/numbers.ts';
import { DoubleReply, ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { NOT_A_FLOAT, SYNTAX_ERROR } from '../errors.ts';
import { findAs } from '../lookup.ts';

export interface AddRequest {
  readonly key: string;
  readonly options: AddOptions;
  readonly members: readonly string[];
  /** One for each member: its score, or what is added to its score. */
  readonly scores: readonly number[];
}

export interface AddOptions {
  /** Add only what is not there, or change only what is. */
  readonly condition: 'always' | 'if-absent' | 'if-present';
  /** Change scores only to greater or only to smaller ones. */
  readonly direction: 'any' | 'up' | 'down';
  /** Count changed members too, not added ones alone. */
  readonly countChanges: boolean;
  /** Add to the score of the one member, and answer with its new score. */
  readonly increment: boolean;
}

/** New members above which a set is made in the large form at once. */
const MANY_MEMBERS = 128;

const CONDITIONS_CLASH: ErrorReply = new ErrorReply(
  'ERR XX and NX options at the same time are not compatible',
);
const DIRECTIONS_CLASH: ErrorReply = new ErrorReply(
  'ERR GT, LT, and/or NX options at the same time are not compatible',
);
const SEVERAL_INCREMENTS: ErrorReply = new ErrorReply(
  'ERR INCR option supports a single increment-element pair',
);
const NOT_A_NUMBER: ErrorReply = new ErrorReply('ERR resulting score is not a number (NaN)');

/** `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`, and ZINCRBY. */
function parseZadd(args: Args, isZincrby: boolean): AddRequest | ErrorReply {
  let [nx, xx, gt, lt, ch] = [false, false, false, false, false];
  let increment = isZincrby;
  let at = 2;
  for (; at < args.count; at++) {
    if (args.is(at, 'NX')) nx = true;
    else if (args.is(at, 'XX')) xx = true;
    else if (args.is(at, 'CH')) ch = true;
    else if (args.is(at, 'INCR')) increment = true;
    else if (args.is(at, 'GT')) gt = true;
    else if (args.is(at, 'LT')) lt = true;
    else break;
  }
  const words = args.count - at;
  if (words === 0 || words % 2 !== 0) return SYNTAX_ERROR;
  if (nx && xx) return CONDITIONS_CLASH;
  if ((gt && nx) || (lt && nx) || (gt && lt)) return DIRECTIONS_CLASH;
  if (increment && words > 2) return SEVERAL_INCREMENTS;
  const members: string[] = [];
  const scores: number[] = [];
  for (; at < args.count; at += 2) {
    const score = readScore(args, at);
    if (score === undefined) return NOT_A_FLOAT;
    scores.push(score);
    members.push(args.string(at + 1));
  }
  const condition = nx ? 'if-absent' : xx ? 'if-present' : 'always';
  const direction = gt ? 'up' : lt ? 'down' : 'any';
  const options: AddOptions = { condition, direction, countChanges: ch, increment };
  return { key: args.string(1), options, members, scores };
}

function readScore(args: Args, i: number): number | undefined {
  // Most scores are whole numbers, which are read without a string being made.
  const integer = parseInteger(args.buffer, args.start(i), args.end(i));
  return typeof integer === 'number' ? integer : parseDouble(args.string(i));
}

/** Also what GEOADD does once it has made scores of its coordinates. */
export function runZadd(context: RunContext, request: AddRequest): Reply {
  const { db } = context;
  const { key, options, members, scores } = request;
  const found = findAs(db, key, SortedSet);
  if (isError(found)) return found;
  if (found === undefined && options.condition === 'if-present') {
    return options.increment ? null : 0;
  }
  const set = found ?? new SortedSet(db.hash);
  if (found === undefined && members.length > MANY_MEMBERS) set.widen();
  let added = 0;
  let changed = 0;
  /** The last score that was set or is as it was to be; undefined while the options forbid it. */
  let score: number | undefined;
  for (let i = 0; i < members.length; i++) {
    const member = members[i] as string;
    const old = set.score(member);
    const wanted = wantedScore(old, scores[i] as number, options);
    if (wanted === undefined) continue;
    // Only with an increment, and so before anything has changed.
    if (Number.isNaN(wanted)) return NOT_A_NUMBER;
    score = wanted;
    if (old === wanted) continue;
    set.set(member, wanted);
    if (old === undefined) added++;
    else changed++;
  }
  if (added + changed > 0) {
    if (found === undefined) db.set(key, set);
    else db.touch(key);
  }
  if (options.increment) return score === undefined ? null : new DoubleReply(score);
  return options.countChanges ? added + changed : added;
}

/** The score a member is to have; undefined if the options forbid a change. */
function wantedScore(
  old: number | undefined,
  given: number,
  options: AddOptions,
): number | undefined {
  if (old === undefined) return options.condition === 'if-present' ? undefined : given;
  if (options.condition === 'if-absent') return undefined;
  const score = options.increment ? old + given : given;
  if (options.direction === 'up' && score <= old) return undefined;
  if (options.direction === 'down' && score >= old) return undefined;
  return score;
}

export const zadd: DataCommand = dataCommand<AddRequest>({
  name: 'zadd',
  kind: 'write',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Adds members with scores to a sorted set, or changes the scores of those in it.',
  complexity: 'O(log(N)) for each member, for N in the set',
  syntax: 'key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]',
  parse: (args) => parseZadd(args, false),
  run: runZadd,
});

export const zincrby: DataCommand = dataCommand<AddRequest>({
  name: 'zincrby',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] }],
  group: 'sorted-set',
  since: '1.2.0',
  summary: 'Adds to the score of a member, which counts as 0 if it is not there.',
  complexity: 'O(log(N)) for N members',
  syntax: 'key increment member',
  parse: (args) => parseZadd(args, true),
  run: runZadd,
});
