import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readInt32 } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { DATABASE_OUT_OF_RANGE, SAME_OBJECT, SYNTAX_ERROR } from '../errors.ts';
import { copyKey, moveKey } from './move-key.ts';

interface CopyRequest {
  readonly from: string;
  readonly to: string;
  /** Database of the copy; undefined for the selected one. */
  readonly database: number | undefined;
  readonly replace: boolean;
}

/** `COPY source destination [DB n] [REPLACE]`. */
function parseCopy(args: Args): CopyRequest | ErrorReply {
  let database: number | undefined;
  let replace = false;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, 'REPLACE')) {
      replace = true;
    } else if (args.is(i, 'DB') && i + 1 < args.count) {
      const value = readInt32(args, ++i);
      if (isError(value)) return value;
      database = value;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { from: args.string(1), to: args.string(2), database, replace };
}

function runCopy(context: RunContext, request: CopyRequest): Reply {
  const { keyspace, db } = context;
  const number = request.database ?? db.index;
  if (!isDatabase(number, keyspace.count)) return DATABASE_OUT_OF_RANGE;
  const target = keyspace.database(number);
  if (target === db && request.from === request.to) return SAME_OBJECT;
  if (db.find(request.from) === undefined) return 0;
  if (target.find(request.to) !== undefined && !request.replace) return 0;
  copyKey({ db, key: request.from }, { db: target, key: request.to });
  return 1;
}

interface MoveRequest {
  readonly key: string;
  readonly database: number;
}

function parseMove(args: Args): MoveRequest | ErrorReply {
  const database = readInt32(args, 2);
  return isError(database) ? database : { key: args.string(1), database };
}

function runMove(context: RunContext, request: MoveRequest): Reply {
  const { keyspace, db } = context;
  const { key, database } = request;
  if (!isDatabase(database, keyspace.count)) return DATABASE_OUT_OF_RANGE;
  const target = keyspace.database(database);
  if (target === db) return SAME_OBJECT;
  if (db.find(key) === undefined || target.find(key) !== undefined) return 0;
  moveKey({ db, key }, { db: target, key });
  return 1;
}

interface SwapRequest {
  readonly first: number;
  readonly second: number;
}

function parseSwapdb(args: Args): SwapRequest | ErrorReply {
  const first = readInt32(args, 1);
  if (isError(first)) return new ErrorReply('ERR invalid first DB index');
  const second = readInt32(args, 2);
  if (isError(second)) return new ErrorReply('ERR invalid second DB index');
  return { first, second };
}

function runSwapdb(context: RunContext, request: SwapRequest): Reply {
  const { keyspace } = context;
  const { first, second } = request;
  if (!isDatabase(first, keyspace.count) || !isDatabase(second, keyspace.count)) {
    return DATABASE_OUT_OF_RANGE;
  }
  keyspace.swap(first, second);
  return OK;
}

function isDatabase(number: number, count: number): boolean {
  return number >= 0 && number < count;
}

export const copy: DataCommand = dataCommand<CopyRequest>({
  name: 'copy',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: [
    { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
    { first: 2, last: 2, step: 1, access: 'OW', effects: ['update'] },
  ],
  group: 'generic',
  since: '6.2.0',
  summary: 'Copies the value and the time to live of a key to another key.',
  complexity: 'O(N) for a value of N elements, O(1) for a string',
  syntax: 'source destination [DB destination-db] [REPLACE]',
  parse: parseCopy,
  run: runCopy,
});

export const move: DataCommand = dataCommand<MoveRequest>({
  name: 'move',
  kind: 'write',
  arity: 3,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] }],
  group: 'generic',
  since: '1.0.0',
  summary: 'Moves a key to another database, unless that has a key of this name.',
  complexity: 'O(1)',
  syntax: 'key db',
  parse: parseMove,
  run: runMove,
});

export const swapdb: DataCommand = dataCommand<SwapRequest>({
  name: 'swapdb',
  kind: 'write',
  arity: 3,
  flags: ['write', 'fast'],
  group: 'server',
  since: '4.0.0',
  summary: 'Exchanges the contents of two databases.',
  complexity: 'O(1)',
  syntax: 'index1 index2',
  categories: ['keyspace', 'dangerous'],
  parse: parseSwapdb,
  run: runSwapdb,
});
