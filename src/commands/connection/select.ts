import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, OK } from '../../resp/reply.ts';
import { readInt32 } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import { DATABASE_OUT_OF_RANGE } from '../errors.ts';

function selects(args: Args, databases: number): number | ErrorReply {
  const index = readInt32(args, 1);
  if (isError(index)) return index;
  return index < 0 || index >= databases ? DATABASE_OUT_OF_RANGE : index;
}

export const select: LocalCommand = {
  kind: 'local',
  name: 'select',
  arity: 2,
  flags: ['loading', 'stale', 'fast'],
  group: 'connection',
  since: '1.0.0',
  summary: 'Chooses the database of this connection.',
  complexity: 'O(1)',
  syntax: 'index',
  selects,
  run({ node, session }, args) {
    const index = selects(args, node.databases);
    if (isError(index)) return index;
    session.db = index;
    return OK;
  },
};
