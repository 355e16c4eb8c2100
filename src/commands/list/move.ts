import type { End } from '../../keyspace/list-segment.ts';
import { ListValue } from '../../keyspace/list-value.ts';
import { flat, parseInteger } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { findAs, noteChange } from '../lookup.ts';
import { readEnd } from './read.ts';

interface MoveRequest {
  readonly source: string;
  readonly destination: string;
  readonly from: End;
  readonly to: End;
}

function parseMove(args: Args): MoveRequest | ErrorReply {
  const from = readEnd(args, 3);
  if (isError(from)) return from;
  const to = readEnd(args, 4);
  if (isError(to)) return to;
  return { source: args.string(1), destination: args.string(2), from, to };
}

function parseRpoplpush(args: Args): MoveRequest {
  return { source: args.string(1), destination: args.string(2), from: 'tail', to: 'head' };
}

function runMove({ db }: RunContext, { source, destination, from, to }: MoveRequest): Reply {
  const list = findAs(db, source, ListValue);
  if (list === undefined) return null;
  if (isError(list)) return list;
  const found = findAs(db, destination, ListValue);
  if (isError(found)) return found;
  const popped = list.pop(from);
  if (popped === undefined) return null;
  const element = flat(popped);
  const target = found ?? new ListValue();
  // Redis weighs no integers that it moves.
  target.push(to, [element], parseInteger(element) === undefined ? element.length : 0);
  if (found === undefined) db.set(destination, target);
  else db.touch(destination);
  if (target !== list) noteChange(db, source, list);
  return element;
}

const KEYS: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] },
  { first: 2, last: 2, step: 1, access: 'RW', effects: ['insert'] },
];

export const lmove: DataCommand = dataCommand<MoveRequest>({
  name: 'lmove',
  kind: 'write',
  arity: 5,
  flags: ['write', 'denyoom'],
  keys: KEYS,
  group: 'list',
  since: '6.2.0',
  summary: 'Moves an element from an end of a list to an end of another, and returns it.',
  complexity: 'O(1)',
  syntax: 'source destination <LEFT | RIGHT> <LEFT | RIGHT>',
  parse: parseMove,
  run: runMove,
});

export const rpoplpush: DataCommand = dataCommand<MoveRequest>({
  name: 'rpoplpush',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom'],
  keys: KEYS,
  group: 'list',
  since: '1.2.0',
  summary: 'Moves the last element of a list to the head of another, and returns it.',
  complexity: 'O(1)',
  syntax: 'source destination',
  deprecated: { since: '6.2.0', instead: '`LMOVE` with the arguments `RIGHT` and `LEFT`' },
  parse: parseRpoplpush,
  run: runMove,
});
