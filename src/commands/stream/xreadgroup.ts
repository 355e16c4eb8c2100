import { type Consumer, type ConsumerGroup, countUp } from '../../keyspace/stream-group.ts';
import { compareIds, idAfter, MAX_ID, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, NULL_ARRAY, type Reply, WaitReply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { noKeyOrGroup } from './errors.ts';
import { readId } from './ids.ts';
import { findConsumer, findGroup, noteGroupChange, type StreamAndGroup, timeOf } from './lookup.ts';
import { readOptions } from './read-options.ts';
import { entryReply, idReply, streamsReply } from './replies.ts';

/** `new`: what no consumer has got. An id: what this one got behind it. An error counts after the key's. */
type ReadFrom = 'new' | StreamId | ErrorReply;

interface ReadGroupRequest {
  readonly group: string;
  readonly consumer: string;
  readonly count: number;
  readonly block: number | undefined;
  /** New entries count as acknowledged at once. */
  readonly acknowledge: boolean;
  readonly keys: readonly string[];
  readonly from: readonly ReadFrom[];
}

const END_IN_GROUP: ErrorReply = meaningless('$');
const LAST_IN_GROUP: ErrorReply = meaningless('+');

function meaningless(id: string): ErrorReply {
  return new ErrorReply(
    `ERR The ${id} ID is meaningless in the context of XREADGROUP: you want to read the history of ` +
      'this consumer by specifying a proper ID, or use the > ID to get new messages. ' +
      `The ${id} ID would just return an empty result set.`,
  );
}

function parseReadGroup(args: Args): ReadGroupRequest | ErrorReply {
  const options = readOptions(args, true);
  if (isError(options)) return options;
  const { group = '', consumer, count, block, acknowledge, streamsAt, streams } = options;
  const keys: string[] = [];
  const from: ReadFrom[] = [];
  for (let i = streamsAt; i < streamsAt + streams; i++) {
    keys.push(args.string(i));
    from.push(readFrom(args, i + streams));
  }
  return { group, consumer, count, block, acknowledge, keys, from };
}

function readFrom(args: Args, i: number): ReadFrom {
  if (args.is(i, '>')) return 'new';
  if (args.is(i, '$')) return END_IN_GROUP;
  if (args.is(i, '+')) return LAST_IN_GROUP;
  const id = readId(args, i);
  // There is nothing behind the greatest id, and Redis takes it for the sign of new entries.
  return isError(id) || compareIds(id, MAX_ID) < 0 ? id : 'new';
}

/** One of the streams to read, and where from. */
interface Source extends StreamAndGroup {
  readonly key: string;
  readonly from: 'new' | StreamId;
}

function runReadGroup(context: RunContext, request: ReadGroupRequest): Reply {
  const sources = findSources(context, request);
  if (isError(sources)) return sources;
  const time = timeOf(context);
  const pairs: [string, Reply][] = [];
  for (const { key, stream, group, from } of sources) {
    const consumer = findConsumer(group, request.consumer, time);
    noteGroupChange(context.db, key);
    if (from !== 'new') {
      const { count } = request;
      pairs.push([key, readHistory({ stream, group, consumer, time, from, count })]);
    } else if (stream.size > 0 && compareIds(stream.entries.last, group.lastId) > 0) {
      pairs.push([key, readNew({ stream, group, consumer, time }, request)]);
    }
  }
  const waits = pairs.length === 0 && request.block !== undefined;
  return waits ? new WaitReply(request) : streamsReply(pairs);
}

/** Finds all streams and groups, so that nothing is done if one of them is not there. */
function findSources(context: RunContext, request: ReadGroupRequest): Source[] | ErrorReply {
  const sources: Source[] = [];
  for (const [i, key] of request.keys.entries()) {
    const found = findGroup(context.db, key, request.group);
    if (isError(found)) return found;
    if (found === undefined) {
      return noKeyOrGroup(key, request.group, ' in XREADGROUP with GROUP option');
    }
    const from = request.from[i] ?? 'new';
    if (isError(from)) return from;
    const { stream, group } = found;
    sources.push({ stream, group, key, from });
  }
  return sources;
}

interface Reading extends StreamAndGroup {
  readonly consumer: Consumer;
  readonly time: number;
}

/** Delivers entries that the group has not got yet. */
function readNew(reading: Reading, request: ReadGroupRequest): Reply {
  const { stream, group, consumer, time } = reading;
  const entries: Reply[] = [];
  const pending = { consumer, time, count: 1 };
  stream.entries.walk((entry) => {
    const { id } = entry;
    stream.noteRead(group, id);
    if (!request.acknowledge) {
      group.put(id, pending);
      consumer.activeTime = time;
    }
    return entries.push(entryReply(entry)) < request.count;
  }, idAfter(group.lastId));
  return entries;
}

interface HistoryReading extends Reading {
  /** The id behind which to begin. */
  readonly from: StreamId;
  readonly count: number;
}

/** What the consumer got and has not acknowledged, which counts as one more delivery. */
function readHistory(reading: HistoryReading): Reply {
  const { stream, group, consumer, time, count } = reading;
  const ids = idsAfter(consumer, reading.from, count);
  return ids.map((id) => {
    const entry = stream.entries.find(id);
    if (entry === undefined) return [idReply(id), NULL_ARRAY];
    redeliver(group, id, time);
    return entryReply(entry);
  });
}

function idsAfter(consumer: Consumer, from: StreamId, count: number): StreamId[] {
  const ids: StreamId[] = [];
  consumer.forEachPending((id) => ids.push(id) < count, idAfter(from));
  return ids;
}

function redeliver(group: ConsumerGroup, id: StreamId, time: number): void {
  const pending = group.find(id);
  if (pending === undefined) return;
  const { consumer, count } = pending;
  group.put(id, { consumer, time, count: countUp(count) });
}

export const xreadgroup: DataCommand = dataCommand<ReadGroupRequest>({
  name: 'xreadgroup',
  kind: 'write',
  arity: -7,
  flags: ['write', 'blocking', 'movablekeys'],
  keys: [
    {
      keyword: 'STREAMS',
      startFrom: 4,
      last: -1,
      step: 1,
      limit: 2,
      access: 'RO',
      effects: ['access'],
    },
  ],
  group: 'stream',
  since: '5.0.0',
  summary:
    'Delivers new entries of streams to a consumer of a group, or those it has not acknowledged.',
  complexity: 'O(N) for N entries returned',
  syntax:
    'GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] ' +
    'STREAMS key [key ...] id [id ...]',
  parse: parseReadGroup,
  run: runReadGroup,
  blocking: {
    type: 'stream',
    waits: ({ block }) => block !== undefined,
    keys: ({ keys }) => keys,
    timeout: ({ block = 0 }) => block,
    timedOut: NULL_ARRAY,
    empty: NULL_ARRAY,
    noticesDeletion: true,
  },
});
