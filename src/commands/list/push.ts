import type { End } from '../../keyspace/list-segment.ts';
import { ListValue } from '../../keyspace/list-value.ts';
import type { Args } from '../../resp/args.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findAs } from '../lookup.ts';
import { KEY_INSERTED } from './read.ts';

interface PushRequest {
  readonly key: string;
  readonly elements: readonly string[];
}

function parsePush(args: Args): PushRequest {
  return { key: args.string(1), elements: readStrings(args, 2) };
}

interface PushKind {
  readonly end: End;
  /** Whether a list is made where there is none. */
  readonly create: boolean;
}

function runPush({ db }: RunContext, request: PushRequest, kind: PushKind): Reply {
  const { key, elements } = request;
  const list = findAs(db, key, ListValue);
  if (isError(list)) return list;
  if (list !== undefined) {
    list.push(kind.end, elements);
    db.touch(key);
    return list.size;
  }
  if (!kind.create) return 0;
  const made = new ListValue();
  made.push(kind.end, elements);
  db.set(key, made);
  return made.size;
}

function pushCommand(
  kind: PushKind,
  facts: Pick<DataCommand, 'name' | 'since' | 'summary'>,
): DataCommand {
  return dataCommand<PushRequest>({
    ...facts,
    kind: 'write',
    arity: -3,
    flags: ['write', 'denyoom', 'fast'],
    keys: KEY_INSERTED,
    group: 'list',
    complexity: 'O(N) for N elements added',
    syntax: 'key element [element ...]',
    parse: parsePush,
    run: (context, request) => runPush(context, request, kind),
  });
}

export const lpush: DataCommand = pushCommand(
  { end: 'head', create: true },
  {
    name: 'lpush',
    since: '1.0.0',
    summary: 'Puts elements at the head of a list, one by one, and makes the list if needed.',
  },
);

export const rpush: DataCommand = pushCommand(
  { end: 'tail', create: true },
  {
    name: 'rpush',
    since: '1.0.0',
    summary: 'Puts elements at the tail of a list, one by one, and makes the list if needed.',
  },
);

export const lpushx: DataCommand = pushCommand(
  { end: 'head', create: false },
  {
    name: 'lpushx',
    since: '2.2.0',
    summary: 'Puts elements at the head of a list if the list exists.',
  },
);

export const rpushx: DataCommand = pushCommand(
  { end: 'tail', create: false },
  {
    name: 'rpushx',
    since: '2.2.0',
    summary: 'Puts elements at the tail of a list if the list exists.',
  },
);
