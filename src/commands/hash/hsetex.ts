import { HashValue } from '../../keyspace/hash-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber, readStrings, type Ttl, ttlForm } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { findAs, noteChange } from '../lookup.ts';
import { fieldDeadline, readFieldTime } from './fields.ts';
import { UPDATED } from './key.ts';

type Condition = 'always' | 'if-none-present' | 'if-all-present';

interface SetexRequest {
  readonly key: string;
  readonly condition: Condition;
  readonly ttl: Ttl | 'none' | 'keep';
  /** Field, value, field, value, … */
  readonly pairs: readonly string[];
}

const NAME = 'hsetex';
const MAX_FIELDS = 2147483647;

const INVALID_COUNT: ErrorReply = new ErrorReply('ERR invalid number of fields');
const TTL_MISSING: ErrorReply = new ErrorReply('ERR missing expire time');
const TWO_CONDITIONS: ErrorReply = new ErrorReply(
  'ERR Only one of FXX or FNX arguments can be specified',
);
const TWO_TTLS: ErrorReply = new ErrorReply(
  'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
);

/**
 * `HSETEX key [FNX | FXX] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 * FIELDS numfields field value [field value ...]`. The options may come in any order.
 */
function parseHsetex(args: Args): SetexRequest | ErrorReply {
  let condition: Condition = 'always';
  let ttl: SetexRequest['ttl'] = 'none';
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, 'FIELDS')) {
      const pairs = readPairs(args, i);
      return isError(pairs) ? pairs : { key: args.string(1), condition, ttl, pairs };
    }
    const form = ttlForm(args, i);
    if (form !== undefined || args.is(i, 'KEEPTTL')) {
      if (ttl !== 'none') return TWO_TTLS;
      if (form === undefined) {
        ttl = 'keep';
        continue;
      }
      if (++i >= args.count) return TTL_MISSING;
      const time = readFieldTime(args, i, form, NAME);
      if (isError(time)) return time;
      ttl = time;
    } else if (args.is(i, 'FXX') || args.is(i, 'FNX')) {
      if (condition !== 'always') return TWO_CONDITIONS;
      condition = args.is(i, 'FXX') ? 'if-all-present' : 'if-none-present';
    } else {
      return new ErrorReply(`ERR unknown argument: ${args.string(i)}`);
    }
  }
  return wrongArity(NAME);
}

/** What follows the word FIELDS at argument `at`. */
function readPairs(args: Args, at: number): readonly string[] | ErrorReply {
  const given = args.count - at - 2;
  if (given < 2) return wrongArity(NAME);
  const count = readNumber(args, at + 1);
  if (isError(count) || count < 1 || count > MAX_FIELDS) return INVALID_COUNT;
  return given === 2 * count ? readStrings(args, at + 2) : wrongArity(NAME);
}

function runHsetex(context: RunContext, request: SetexRequest): Reply {
  const { db, now } = context;
  const { key, ttl, pairs } = request;
  const deadline = typeof ttl === 'string' ? undefined : fieldDeadline(ttl, now, NAME);
  if (isError(deadline)) return deadline;
  const found = findAs(db, key, HashValue);
  if (isError(found)) return found;
  if (!holds(request.condition, found, pairs)) return 0;
  if (deadline !== undefined && deadline <= now) {
    // What would be set is gone at once.
    if (found !== undefined) deleteFields(found, pairs);
    if (found !== undefined) noteChange(db, key, found);
    return 1;
  }
  const hash = found ?? new HashValue(db.hash);
  if (ttl === 'none') hash.setAll(pairs);
  else hash.updateAll(pairs);
  if (deadline !== undefined) {
    for (let i = 0; i < pairs.length; i += 2) hash.setDeadline(pairs[i] as string, deadline);
  }
  if (found === undefined) db.set(key, hash);
  else db.touch(key);
  return 1;
}

function holds(
  condition: Condition,
  hash: HashValue | undefined,
  pairs: readonly string[],
): boolean {
  if (condition === 'always') return true;
  const wanted = condition === 'if-all-present';
  for (let i = 0; i < pairs.length; i += 2) {
    if ((hash?.has(pairs[i] as string) === true) !== wanted) return false;
  }
  return true;
}

function deleteFields(hash: HashValue, pairs: readonly string[]): void {
  for (let i = 0; i < pairs.length; i += 2) hash.delete(pairs[i] as string);
}

export const hsetex: DataCommand = dataCommand<SetexRequest>({
  name: NAME,
  kind: 'write',
  arity: -6,
  flags: ['write', 'denyoom', 'fast'],
  keys: UPDATED,
  group: 'hash',
  since: '8.0.0',
  summary: 'Sets fields of a hash, on a condition and with a time to live if wanted.',
  complexity: 'O(N) for N fields',
  syntax:
    'key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | ' +
    'PXAT unix-time-milliseconds | KEEPTTL] FIELDS <numfields field value [field value ...]>',
  parse: parseHsetex,
  run: runHsetex,
});
