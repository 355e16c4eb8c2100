import type { StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readIds } from './ids.ts';
import { findStream } from './lookup.ts';

interface DelRequest {
  readonly key: string;
  /** The error counts only if the stream is there. */
  readonly ids: readonly StreamId[] | ErrorReply;
}

function parseDel(args: Args): DelRequest {
  return { key: args.string(1), ids: readIds(args, 2) };
}

function runDel(context: RunContext, { key, ids }: DelRequest): Reply {
  const stream = findStream(context.db, key);
  if (stream === undefined) return 0;
  if (isError(stream)) return stream;
  if (isError(ids)) return ids;
  let deleted = 0;
  for (const id of ids) {
    if (stream.delete(id)) deleted++;
  }
  if (deleted > 0) context.db.touch(key);
  return deleted;
}

export const xdel: DataCommand = dataCommand<DelRequest>({
  name: 'xdel',
  kind: 'write',
  arity: -3,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Deletes entries from a stream by their ids and returns how many were there.',
  complexity: 'O(1) for each id, whatever the length of the stream',
  syntax: 'key id [id ...]',
  parse: parseDel,
  run: runDel,
});
