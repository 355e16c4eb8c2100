import type { End } from '../../keyspace/list-segment.ts';
import { ListValue } from '../../keyspace/list-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR, wrongArity } from '../errors.ts';
import { findAs, noteChange } from '../lookup.ts';
import { NOT_POSITIVE, readAtLeast, readEnd } from './read.ts';

interface PopRequest {
  readonly key: string;
  /** How many; undefined for one, which is then answered without an array. */
  readonly count: number | undefined;
}

function parsePop(args: Args, name: string): PopRequest | ErrorReply {
  if (args.count > 3) return wrongArity(name);
  const key = args.string(1);
  if (args.count === 2) return { key, count: undefined };
  const count = readAtLeast(args, 2, { least: 0, wrong: NOT_POSITIVE });
  return isError(count) ? count : { key, count };
}

function runPop({ db }: RunContext, { key, count }: PopRequest, end: End): Reply {
  const list = findAs(db, key, ListValue);
  if (isError(list)) return list;
  if (list === undefined) return count === undefined ? null : NULL_ARRAY;
  if (count === 0) return [];
  const popped = count === undefined ? (list.pop(end) ?? null) : list.popMany(end, count);
  noteChange(db, key, list);
  return popped;
}

interface MultiPopRequest {
  readonly keys: readonly string[];
  readonly end: End;
  readonly count: number;
}

const NUMKEYS_TOO_SMALL: ErrorReply = new ErrorReply('ERR numkeys should be greater than 0');
const COUNT_TOO_SMALL: ErrorReply = new ErrorReply('ERR count should be greater than 0');

/** `LMPOP numkeys key … LEFT | RIGHT [COUNT count]`. */
function parseMultiPop(args: Args): MultiPopRequest | ErrorReply {
  const keyCount = readAtLeast(args, 1, { least: 1, wrong: NUMKEYS_TOO_SMALL });
  if (isError(keyCount)) return keyCount;
  const endAt = 2 + keyCount;
  if (endAt >= args.count) return SYNTAX_ERROR;
  const end = readEnd(args, endAt);
  if (isError(end)) return end;
  const options = args.count - endAt - 1;
  let count = 1;
  if (options > 0) {
    if (options === 1 || !args.is(endAt + 1, 'COUNT')) return SYNTAX_ERROR;
    const given = readAtLeast(args, endAt + 2, { least: 1, wrong: COUNT_TOO_SMALL });
    if (isError(given)) return given;
    if (options > 2) return SYNTAX_ERROR;
    count = given;
  }
  const keys: string[] = [];
  for (let i = 2; i < endAt; i++) keys.push(args.string(i));
  return { keys, end, count };
}

function runMultiPop({ db }: RunContext, { keys, end, count }: MultiPopRequest): Reply {
  for (const key of keys) {
    const list = findAs(db, key, ListValue);
    if (isError(list)) return list;
    if (list === undefined) continue;
    const popped = list.popMany(end, count);
    noteChange(db, key, list);
    return [key, popped];
  }
  return NULL_ARRAY;
}

function popCommand(end: End, name: 'lpop' | 'rpop'): DataCommand {
  return dataCommand<PopRequest>({
    name,
    kind: 'write',
    arity: -2,
    flags: ['write', 'fast'],
    keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'delete'] }],
    group: 'list',
    since: '1.0.0',
    summary: `Removes elements at the ${end} of a list and returns them.`,
    complexity: 'O(N) for N elements returned',
    syntax: 'key [count]',
    parse: (args) => parsePop(args, name),
    run: (context, request) => runPop(context, request, end),
  });
}

export const lpop: DataCommand = popCommand('head', 'lpop');
export const rpop: DataCommand = popCommand('tail', 'rpop');

export const lmpop: DataCommand = dataCommand<MultiPopRequest>({
  name: 'lmpop',
  kind: 'write',
  arity: -4,
  flags: ['write', 'movablekeys'],
  keys: [{ countAt: 1, first: 2, step: 1, access: 'RW', effects: ['access', 'delete'] }],
  group: 'list',
  since: '7.0.0',
  summary:
    'Removes elements at an end of the first of several lists that exists, and returns them.',
  complexity: 'O(N+M) for N keys and M elements returned',
  syntax: 'numkeys key [key ...] <LEFT | RIGHT> [COUNT count]',
  parse: parseMultiPop,
  run: runMultiPop,
});
