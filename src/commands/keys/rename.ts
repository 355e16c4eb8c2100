import type { Args } from '../../resp/args.ts';
import { OK, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { NO_SUCH_KEY } from '../errors.ts';
import { moveKey } from './move-key.ts';

interface RenameRequest {
  readonly from: string;
  readonly to: string;
}

function parseRename(args: Args): RenameRequest {
  return { from: args.string(1), to: args.string(2) };
}

function runRename(context: RunContext, request: RenameRequest): Reply {
  const { db } = context;
  const { from, to } = request;
  if (db.find(from) === undefined) return NO_SUCH_KEY;
  if (from !== to) moveKey({ db, key: from }, { db, key: to });
  return OK;
}

function runRenamenx(context: RunContext, request: RenameRequest): Reply {
  const { db } = context;
  const { from, to } = request;
  if (db.find(from) === undefined) return NO_SUCH_KEY;
  if (db.find(to) !== undefined) return 0;
  moveKey({ db, key: from }, { db, key: to });
  return 1;
}

export const rename: DataCommand = dataCommand<RenameRequest>({
  name: 'rename',
  kind: 'write',
  arity: 3,
  flags: ['write'],
  keys: [
    { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] },
    { first: 2, last: 2, step: 1, access: 'OW', effects: ['update'] },
  ],
  group: 'generic',
  since: '1.0.0',
  summary: 'Gives a key another name; a key that had that name is overwritten.',
  complexity: 'O(1)',
  syntax: 'key newkey',
  parse: parseRename,
  run: runRename,
});

export const renamenx: DataCommand = dataCommand<RenameRequest>({
  name: 'renamenx',
  kind: 'write',
  arity: 3,
  flags: ['write', 'fast'],
  keys: [
    { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] },
    { first: 2, last: 2, step: 1, access: 'OW', effects: ['insert'] },
  ],
  group: 'generic',
  since: '1.0.0',
  summary: 'Gives a key another name if no key has that name.',
  complexity: 'O(1)',
  syntax: 'key newkey',
  parse: parseRename,
  run: runRenamenx,
});
