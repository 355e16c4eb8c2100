import { isError, OK } from '../../resp/reply.ts';
import { readInt32 } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import { DATABASE_OUT_OF_RANGE } from '../errors.ts';

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
  run({ node, session }, args) {
    const index = readInt32(args, 1);
    if (isError(index)) return index;
    if (index < 0 || index >= node.databases) return DATABASE_OUT_OF_RANGE;
    session.db = index;
    return OK;
  },
};
