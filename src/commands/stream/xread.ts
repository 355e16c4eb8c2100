import type { Stream } from '../../keyspace/stream.ts';
import { compareIds, idAfter, idBefore, MIN_ID, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, NULL_ARRAY, type Reply, WaitReply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readId } from './ids.ts';
import { readStream } from './lookup.ts';
import { readOptions } from './read-options.ts';
import { entryReply, streamsReply } from './replies.ts';

/** `end`: only what is added from now on; `last`: the last entry. An error counts after the key's. */
type ReadFrom = StreamId | 'end' | 'last' | ErrorReply;

interface ReadRequest {
  readonly count: number;
  readonly block: number | undefined;
  readonly keys: readonly string[];
  readonly from: readonly ReadFrom[];
}

const NEW_WITHOUT_GROUP: ErrorReply = new ErrorReply(
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP ' +
    '<group> <consumer> option.',
);

function parseRead(args: Args): ReadRequest | ErrorReply {
  const options = readOptions(args, false);
  if (isError(options)) return options;
  const { count, block, streamsAt, streams } = options;
  const keys: string[] = [];
  const from: ReadFrom[] = [];
  for (let i = streamsAt; i < streamsAt + streams; i++) {
    keys.push(args.string(i));
    from.push(readFrom(args, i + streams));
  }
  return { count, block, keys, from };
}

function readFrom(args: Args, i: number): ReadFrom {
  if (args.is(i, '$')) return 'end';
  if (args.is(i, '+')) return 'last';
  return args.is(i, '>') ? NEW_WITHOUT_GROUP : readId(args, i);
}

function runRead(context: RunContext, request: ReadRequest): Reply {
  const { keys, from, count } = request;
  const streams: { key: string; stream: Stream; after: StreamId }[] = [];
  const resolved: StreamId[] = [];
  for (const [i, key] of keys.entries()) {
    const stream = readStream(context, key);
    if (isError(stream)) return stream;
    const after = startOf(stream, from[i] ?? MIN_ID);
    if (isError(after)) return after;
    resolved.push(after);
    if (stream !== undefined) streams.push({ key, stream, after });
  }
  const pairs: [string, Reply][] = [];
  for (const { key, stream, after } of streams) {
    if (stream.size === 0 || compareIds(stream.entries.last, after) <= 0) continue;
    const entries: Reply[] = [];
    stream.entries.walk((entry) => entries.push(entryReply(entry)) < count, idAfter(after));
    pairs.push([key, entries]);
  }
  // Who waits is to get what comes behind the entries of now.
  const waits = pairs.length === 0 && request.block !== undefined;
  return waits ? new WaitReply({ ...request, from: resolved }) : streamsReply(pairs);
}

/** The id behind which to read. */
function startOf(stream: Stream | undefined, from: ReadFrom): StreamId | ErrorReply {
  if (from === 'end') return stream?.lastId ?? MIN_ID;
  if (from !== 'last') return from;
  if (stream === undefined || stream.size === 0) return MIN_ID;
  return idBefore(stream.entries.last) ?? MIN_ID;
}

export const xread: DataCommand = dataCommand<ReadRequest>({
  name: 'xread',
  kind: 'read',
  arity: -4,
  flags: ['readonly', 'blocking', 'movablekeys'],
  keys: [
    {
      keyword: 'STREAMS',
      startFrom: 1,
      last: -1,
      step: 1,
      limit: 2,
      access: 'RO',
      effects: ['access'],
    },
  ],
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns the entries of several streams behind the ids given, and can wait for them.',
  complexity: 'O(N) for N entries returned',
  syntax: '[COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]',
  parse: parseRead,
  run: runRead,
  blocking: {
    type: 'stream',
    waits: ({ block }) => block !== undefined,
    keys: ({ keys }) => keys,
    timeout: ({ block = 0 }) => block,
    timedOut: NULL_ARRAY,
    empty: NULL_ARRAY,
  },
});
