import type { StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readIds } from './ids.ts';
import { findGroup, noteGroupChange } from './lookup.ts';

interface AckRequest {
  readonly key: string;
  readonly group: string;
  /** The error counts only if the group is there. */
  readonly ids: readonly StreamId[] | ErrorReply;
}

function parseAck(args: Args): AckRequest {
  return { key: args.string(1), group: args.string(2), ids: readIds(args, 3) };
}

function runAck(context: RunContext, { key, group: name, ids }: AckRequest): Reply {
  const found = findGroup(context.db, key, name);
  if (found === undefined) return 0;
  if (isError(found)) return found;
  if (isError(ids)) return ids;
  let acknowledged = 0;
  for (const id of ids) {
    if (found.group.acknowledge(id)) acknowledged++;
  }
  if (acknowledged > 0) noteGroupChange(context.db, key);
  return acknowledged;
}

export const xack: DataCommand = dataCommand<AckRequest>({
  name: 'xack',
  kind: 'write',
  arity: -4,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Acknowledges entries that a group has delivered and returns how many were pending.',
  complexity: 'O(1) for each id',
  syntax: 'key group id [id ...]',
  parse: parseAck,
  run: runAck,
});
