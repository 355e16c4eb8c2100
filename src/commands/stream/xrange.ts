import type { StreamCursor } from '../../keyspace/stream-cursor.ts';
import { compareParts, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readEnd, readStart } from './ids.ts';
import { readStream } from './lookup.ts';
import { entryReply } from './replies.ts';

interface RangeRequest {
  readonly key: string;
  readonly start: StreamId;
  readonly end: StreamId;
  readonly count: number;
}

const KEY: readonly KeySpec[] = [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }];

function parseRange(args: Args, startAt: number, endAt: number): RangeRequest | ErrorReply {
  const start = readStart(args, startAt);
  if (isError(start)) return start;
  const end = readEnd(args, endAt);
  if (isError(end)) return end;
  let count = Number.POSITIVE_INFINITY;
  for (let i = 4; i < args.count; i += 2) {
    if (!args.is(i, 'COUNT') || i + 1 >= args.count) return SYNTAX_ERROR;
    const given = readNumber(args, i + 1);
    if (isError(given)) return given;
    count = given;
  }
  return { key: args.string(1), start, end, count };
}

function runRange(context: RunContext, request: RangeRequest, backwards: boolean): Reply {
  const { start, end, count } = request;
  const stream = readStream(context, request.key);
  if (stream === undefined) return [];
  if (isError(stream)) return stream;
  if (count <= 0) return NULL_ARRAY;
  const entries: Reply[] = [];
  if (backwards) {
    stream.entries.walkBack((entry: StreamCursor) => {
      if (compareParts(entry.ms, entry.seq, start.ms, start.seq) < 0) return false;
      return entries.push(entryReply(entry)) < count;
    }, end);
  } else {
    stream.entries.walk((entry: StreamCursor) => {
      if (compareParts(entry.ms, entry.seq, end.ms, end.seq) > 0) return false;
      return entries.push(entryReply(entry)) < count;
    }, start);
  }
  return entries;
}

export const xrange: DataCommand = dataCommand<RangeRequest>({
  name: 'xrange',
  kind: 'read',
  arity: -4,
  flags: ['readonly'],
  keys: KEY,
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns the entries of a stream between two ids.',
  complexity: 'O(N) for N entries returned',
  syntax: 'key start end [COUNT count]',
  parse: (args) => parseRange(args, 2, 3),
  run: (context, request) => runRange(context, request, false),
});

export const xrevrange: DataCommand = dataCommand<RangeRequest>({
  name: 'xrevrange',
  kind: 'read',
  arity: -4,
  flags: ['readonly'],
  keys: KEY,
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns the entries of a stream between two ids, the last one first.',
  complexity: 'O(N) for N entries returned',
  syntax: 'key end start [COUNT count]',
  parse: (args) => parseRange(args, 3, 2),
  run: (context, request) => runRange(context, request, true),
});
