import { type Consumer, countUp, type Pending } from '../../keyspace/stream-group.ts';
import { compareIds, MIN_ID, type StreamId, type Uint64 } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger, readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { noKeyOrGroup, quoted } from './errors.ts';
import { readId } from './ids.ts';
import { findConsumer, findGroup, noteGroupChange, type StreamAndGroup, timeOf } from './lookup.ts';
import { entryReply, idReply } from './replies.ts';

interface ClaimRequest {
  readonly key: string;
  readonly group: string;
  readonly consumer: string;
  /** An error counts only if the group is there. */
  readonly claim: Claim | ErrorReply;
}

interface Claim {
  /** In ms. */
  readonly minIdle: number;
  readonly ids: readonly StreamId[];
  /** When the entries count as delivered: at a time, or so many ms ago. Undefined: now. */
  readonly delivered: { readonly kind: 'at' | 'ago'; readonly milliseconds: number } | undefined;
  /** Negative: one more than before. */
  readonly retryCount: number | bigint;
  /** Entries that nobody got are claimed too. */
  readonly force: boolean;
  /** Only ids are wanted, and that is no delivery. */
  readonly justId: boolean;
  readonly lastId: StreamId;
}

const FIRST_ID = 5;

function parseClaim(args: Args): ClaimRequest {
  const claim = readClaim(args);
  return { key: args.string(1), group: args.string(2), consumer: args.string(3), claim };
}

function readClaim(args: Args): Claim | ErrorReply {
  const minIdle = readNumber(args, 4);
  if (isError(minIdle)) return invalid('min-idle-time');
  const ids: StreamId[] = [];
  let at = FIRST_ID;
  for (; at < args.count; at++) {
    const id = readId(args, at);
    if (isError(id)) break;
    ids.push(id);
  }
  return readClaimOptions(args, at, Math.max(0, minIdle), ids);
}

function readClaimOptions(
  args: Args,
  from: number,
  minIdle: number,
  ids: readonly StreamId[],
): Claim | ErrorReply {
  let delivered: Claim['delivered'];
  let retryCount: number | bigint = -1;
  let lastId = MIN_ID;
  let force = false;
  let justId = false;
  for (let i = from; i < args.count; i++) {
    const more = i + 1 < args.count;
    if (args.is(i, 'FORCE')) {
      force = true;
    } else if (args.is(i, 'JUSTID')) {
      justId = true;
    } else if (more && (args.is(i, 'IDLE') || args.is(i, 'TIME'))) {
      const kind = args.is(i, 'IDLE') ? 'ago' : 'at';
      const milliseconds = readNumber(args, ++i);
      if (isError(milliseconds)) return invalid(kind === 'ago' ? 'IDLE option' : 'TIME option');
      delivered = { kind, milliseconds };
    } else if (more && args.is(i, 'RETRYCOUNT')) {
      const count = readInteger(args, ++i);
      if (isError(count)) return invalid('RETRYCOUNT option');
      retryCount = count;
    } else if (more && args.is(i, 'LASTID')) {
      const id = readId(args, ++i);
      if (isError(id)) return id;
      lastId = id;
    } else {
      return new ErrorReply(`ERR Unrecognized XCLAIM option '${quoted(args.string(i))}'`);
    }
  }
  return { minIdle, ids, delivered, retryCount, lastId, force, justId };
}

function invalid(what: string): ErrorReply {
  return new ErrorReply(`ERR Invalid ${what} argument for XCLAIM`);
}

function runClaim(context: RunContext, request: ClaimRequest): Reply {
  const { key, claim } = request;
  const found = findGroup(context.db, key, request.group);
  if (isError(found)) return found;
  if (found === undefined) return noKeyOrGroup(key, request.group);
  if (isError(claim)) return claim;
  const { stream, group } = found;
  if (compareIds(claim.lastId, group.lastId) > 0) group.lastId = claim.lastId;
  const now = timeOf(context);
  const consumer = findConsumer(group, request.consumer, now);
  const time = deliveryTime(claim, now);
  const claiming: Claiming = { stream, group, claim, consumer, now, time };
  const replies: Reply[] = [];
  for (const id of claim.ids) {
    const reply = claimEntry(claiming, id);
    if (reply !== undefined) replies.push(reply);
  }
  noteGroupChange(context.db, key);
  return replies;
}

function deliveryTime(claim: Claim, now: number): number {
  const { delivered } = claim;
  if (delivered === undefined) return now;
  const { kind, milliseconds } = delivered;
  const time = kind === 'ago' ? now - milliseconds : milliseconds;
  // Times that make no sense come from clocks that differ, and are no reason to fail.
  return time < 0 || time > now ? now : time;
}

interface Claiming extends StreamAndGroup {
  readonly claim: Claim;
  readonly consumer: Consumer;
  readonly now: number;
  readonly time: number;
}

/** Claims one entry; undefined if it is not to be had. */
function claimEntry(claiming: Claiming, id: StreamId): Reply | undefined {
  const { stream, group, claim, consumer, now, time } = claiming;
  const entry = stream.entries.find(id);
  if (entry === undefined) {
    // The entry is gone, and nobody will ever have it to acknowledge.
    group.acknowledge(id);
    return undefined;
  }
  const pending = group.find(id);
  if (pending === undefined && !claim.force) return undefined;
  if (pending !== undefined && now - pending.time < claim.minIdle) return undefined;
  group.put(id, { consumer, time, count: countAfter(pending, claim) });
  consumer.activeTime = now;
  return claim.justId ? idReply(id) : entryReply(entry);
}

/** How often the entry counts as delivered once it is claimed. */
function countAfter(pending: Pending | undefined, claim: Claim): Uint64 {
  if (claim.retryCount >= 0) return claim.retryCount;
  const before = pending?.count ?? 1;
  return claim.justId ? before : countUp(before);
}

export const xclaim: DataCommand = dataCommand<ClaimRequest>({
  name: 'xclaim',
  kind: 'write',
  arity: -6,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Gives pending entries of a group to another consumer, by their ids.',
  complexity: 'O(log N) for each id, with N pending entries',
  syntax:
    'key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] ' +
    '[RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]',
  tips: ['nondeterministic_output'],
  parse: parseClaim,
  run: runClaim,
});
