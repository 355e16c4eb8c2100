import { ListValue } from '../../keyspace/list-value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findAs, noteChange } from '../lookup.ts';
import { KEY_DELETED, KEY_INSERTED, readSpan, resolveSpan, type Span } from './read.ts';

interface InsertRequest {
  readonly key: string;
  readonly where: 'before' | 'after';
  readonly pivot: string;
  readonly element: string;
}

function parseInsert(args: Args): InsertRequest | ErrorReply {
  const before = args.is(2, 'BEFORE');
  if (!before && !args.is(2, 'AFTER')) return SYNTAX_ERROR;
  const where = before ? 'before' : 'after';
  return { key: args.string(1), where, pivot: args.string(3), element: args.string(4) };
}

function runInsert({ db }: RunContext, request: InsertRequest): Reply {
  const { key, where, pivot, element } = request;
  const list = findAs(db, key, ListValue);
  if (isError(list)) return list;
  if (list === undefined) return 0;
  const i = list.indexOf(pivot);
  if (i === -1) return -1;
  list.insert(i, element, where);
  db.touch(key);
  return list.size;
}

interface RemoveRequest {
  readonly key: string;
  /** Most elements to remove, from the tail if negative; 0: all. */
  readonly count: number;
  readonly element: string;
}

function parseRemove(args: Args): RemoveRequest | ErrorReply {
  const count = readNumber(args, 2);
  if (isError(count)) return count;
  return { key: args.string(1), count, element: args.string(3) };
}

function runRemove({ db }: RunContext, { key, count, element }: RemoveRequest): Reply {
  const list = findAs(db, key, ListValue);
  if (isError(list)) return list;
  if (list === undefined) return 0;
  const limit = count === 0 ? Number.POSITIVE_INFINITY : Math.abs(count);
  const removed = list.removeMatches(element, limit, count < 0 ? 'tail' : 'head');
  if (removed > 0) noteChange(db, key, list);
  return removed;
}

interface TrimRequest extends Span {
  readonly key: string;
}

function parseTrim(args: Args): TrimRequest | ErrorReply {
  const span = readSpan(args);
  return isError(span) ? span : { key: args.string(1), ...span };
}

function runTrim({ db }: RunContext, request: TrimRequest): Reply {
  const { key } = request;
  const list = findAs(db, key, ListValue);
  if (isError(list)) return list;
  if (list === undefined) return OK;
  const { from, to } = resolveSpan(request, list.size);
  list.keep(from, to);
  noteChange(db, key, list);
  return OK;
}

export const linsert: DataCommand = dataCommand<InsertRequest>({
  name: 'linsert',
  kind: 'write',
  arity: 5,
  flags: ['write', 'denyoom'],
  keys: KEY_INSERTED,
  group: 'list',
  since: '2.2.0',
  summary: 'Puts an element into a list, before or after the first one that is the pivot.',
  complexity: 'O(N) for N elements before the pivot',
  syntax: 'key <BEFORE | AFTER> pivot element',
  parse: parseInsert,
  run: runInsert,
});

export const lrem: DataCommand = dataCommand<RemoveRequest>({
  name: 'lrem',
  kind: 'write',
  arity: 4,
  flags: ['write'],
  keys: KEY_DELETED,
  group: 'list',
  since: '1.0.0',
  summary: 'Removes from a list the elements that equal the one given: all, or the first or last.',
  complexity: 'O(N+M) for a list of N elements of which M are removed',
  syntax: 'key count element',
  parse: parseRemove,
  run: runRemove,
});

export const ltrim: DataCommand = dataCommand<TrimRequest>({
  name: 'ltrim',
  kind: 'write',
  arity: 4,
  flags: ['write'],
  keys: KEY_DELETED,
  group: 'list',
  since: '1.0.0',
  summary: 'Removes from a list all elements outside a range.',
  complexity: 'O(N) for N elements removed',
  syntax: 'key start stop',
  parse: parseTrim,
  run: runTrim,
});
