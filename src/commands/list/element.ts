import { ListValue } from '../../keyspace/list-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { NO_SUCH_KEY } from '../errors.ts';
import { findAs, readAs } from '../lookup.ts';
import { KEY_READ } from './read.ts';

const INDEX_OUT_OF_RANGE: ErrorReply = new ErrorReply('ERR index out of range');

interface IndexRequest {
  readonly key: string;
  /** Redis looks at the key before it minds what is no number. */
  readonly index: number | ErrorReply;
}

interface SetRequest extends IndexRequest {
  readonly element: string;
}

function parseIndex(args: Args): IndexRequest {
  return { key: args.string(1), index: readNumber(args, 2) };
}

function parseSet(args: Args): SetRequest {
  return { ...parseIndex(args), element: args.string(3) };
}

function runLength(context: RunContext, key: string): Reply {
  const list = readAs(context, key, ListValue);
  if (isError(list)) return list;
  return list === undefined ? 0 : list.size;
}

function runIndex(context: RunContext, { key, index }: IndexRequest): Reply {
  const list = readAs(context, key, ListValue);
  if (list === undefined) return null;
  if (isError(list)) return list;
  if (isError(index)) return index;
  return list.at(index < 0 ? index + list.size : index) ?? null;
}

function runSet({ db }: RunContext, { key, index, element }: SetRequest): Reply {
  const list = findAs(db, key, ListValue);
  if (list === undefined) return NO_SUCH_KEY;
  if (isError(list)) return list;
  if (isError(index)) return index;
  const i = index < 0 ? index + list.size : index;
  if (i < 0 || i >= list.size) return INDEX_OUT_OF_RANGE;
  list.set(i, element);
  db.touch(key);
  return OK;
}

export const llen: DataCommand = dataCommand<string>({
  name: 'llen',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO' }],
  group: 'list',
  since: '1.0.0',
  summary: 'Returns the number of elements of a list.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runLength,
});

export const lindex: DataCommand = dataCommand<IndexRequest>({
  name: 'lindex',
  kind: 'read',
  arity: 3,
  flags: ['readonly'],
  keys: KEY_READ,
  group: 'list',
  since: '1.0.0',
  summary: 'Returns the element with a certain number, counted from either end of a list.',
  complexity: 'O(N) for N elements between the index and the nearer end',
  syntax: 'key index',
  parse: parseIndex,
  run: runIndex,
});

export const lset: DataCommand = dataCommand<SetRequest>({
  name: 'lset',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'list',
  since: '1.0.0',
  summary: 'Replaces the element with a certain number, counted from either end of a list.',
  complexity: 'O(N) for N elements between the index and the nearer end',
  syntax: 'key index element',
  parse: parseSet,
  run: runSet,
});
