import { countUp, type Pending } from '../../keyspace/stream-group.ts';
import { MIN_ID, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { noKeyOrGroup } from './errors.ts';
import { readStart } from './ids.ts';
import { findConsumer, findGroup, noteGroupChange, type StreamAndGroup, timeOf } from './lookup.ts';
import { entryReply, idReply } from './replies.ts';

interface AutoclaimRequest {
  readonly key: string;
  readonly group: string;
  readonly consumer: string;
  /** In ms. */
  readonly minIdle: number;
  readonly start: StreamId;
  readonly count: number;
  /** Only ids are wanted, and that is no delivery. */
  readonly justId: boolean;
}

const INVALID_IDLE: ErrorReply = new ErrorReply(
  'ERR Invalid min-idle-time argument for XAUTOCLAIM',
);
const INVALID_COUNT: ErrorReply = new ErrorReply('ERR COUNT must be > 0');

const DEFAULT_COUNT = 100;
/** Redis's greatest COUNT, which has no meaning here. */
const MAX_COUNT: number = 2 ** 63 / 16;
/** So many pending entries are looked at for each that is wanted. */
const ATTEMPTS = 10;

function parseAutoclaim(args: Args): AutoclaimRequest | ErrorReply {
  const minIdle = readNumber(args, 4);
  if (isError(minIdle)) return INVALID_IDLE;
  const start = readStart(args, 5);
  if (isError(start)) return start;
  let count = DEFAULT_COUNT;
  let justId = false;
  for (let i = 6; i < args.count; i++) {
    if (args.is(i, 'COUNT') && i + 1 < args.count) {
      const given = readNumber(args, ++i);
      if (isError(given) || given < 1 || given >= MAX_COUNT) return INVALID_COUNT;
      count = given;
    } else if (args.is(i, 'JUSTID')) {
      justId = true;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return {
    key: args.string(1),
    group: args.string(2),
    consumer: args.string(3),
    minIdle: Math.max(0, minIdle),
    start,
    count,
    justId,
  };
}

function runAutoclaim(context: RunContext, request: AutoclaimRequest): Reply {
  const { key, justId } = request;
  const found = findGroup(context.db, key, request.group);
  if (isError(found)) return found;
  if (found === undefined) return noKeyOrGroup(key, request.group);
  const now = timeOf(context);
  const consumer = findConsumer(found.group, request.consumer, now);
  const chosen = choose(found, request, now);
  const replies: Reply[] = [];
  for (const { id, pending, reply } of chosen.alive) {
    const count = justId ? pending.count : countUp(pending.count);
    found.group.put(id, { consumer, time: now, count });
    consumer.activeTime = now;
    replies.push(reply);
  }
  for (const id of chosen.gone) found.group.acknowledge(id);
  noteGroupChange(context.db, key);
  return [idReply(chosen.next), replies, chosen.gone.map(idReply)];
}

interface Chosen {
  readonly alive: readonly AliveEntry[];
  /** Ids of entries that were deleted, and are pending no longer. */
  readonly gone: readonly StreamId[];
  /** Where the next call goes on; 0-0: at the beginning. */
  readonly next: StreamId;
}

interface AliveEntry {
  readonly id: StreamId;
  readonly pending: Pending;
  readonly reply: Reply;
}

function choose({ stream, group }: StreamAndGroup, request: AutoclaimRequest, now: number): Chosen {
  const { count, minIdle, justId } = request;
  const alive: AliveEntry[] = [];
  const gone: StreamId[] = [];
  let next = MIN_ID;
  let attempts = count * ATTEMPTS;
  group.forEachPending((id, pending) => {
    if (alive.length + gone.length >= count || attempts-- <= 0) {
      next = id;
      return false;
    }
    const entry = stream.entries.find(id);
    if (entry === undefined) {
      gone.push(id);
    } else if (now - pending.time >= minIdle) {
      alive.push({ id, pending, reply: justId ? idReply(id) : entryReply(entry) });
    }
    return true;
  }, request.start);
  return { alive, gone, next };
}

export const xautoclaim: DataCommand = dataCommand<AutoclaimRequest>({
  name: 'xautoclaim',
  kind: 'write',
  arity: -6,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] }],
  group: 'stream',
  since: '6.2.0',
  summary: 'Gives pending entries of a group that were idle long enough to another consumer.',
  complexity: 'O(1) if COUNT is small',
  syntax: 'key group consumer min-idle-time start [COUNT count] [JUSTID]',
  tips: ['nondeterministic_output'],
  parse: parseAutoclaim,
  run: runAutoclaim,
});
