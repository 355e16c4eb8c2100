import { ListValue } from '../../keyspace/list-value.ts';
import { SetValue } from '../../keyspace/set-value.ts';
import { lengthOf, replyOf, type StringValue, textOf, type Value } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { MAX_BULK_BYTES } from '../../resp/parser-limits.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { STRING_TOO_LONG, SYNTAX_ERROR, WRONG_TYPE } from '../errors.ts';
import { sortElements } from './sort-order.ts';
import { type Lookup, lookUpPattern, readPattern, type SortPattern } from './sort-pattern.ts';
import { elementsInOrder, elementsOf, isSortable, windowOf } from './sort-source.ts';

interface SortRequest {
  readonly key: string;
  /** Undefined: elements are compared themselves. */
  readonly by: SortPattern | undefined;
  /** BY something that names no key: the order of the collection is kept. */
  readonly asIs: boolean;
  /** Empty: the elements are answered. */
  readonly gets: readonly SortPattern[];
  readonly offset: number;
  /** Below 0: no limit. */
  readonly count: number;
  readonly descending: boolean;
  readonly alpha: boolean;
  readonly store: string | undefined;
}

/**
 * `key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE destination]`;
 * of everything but GET the last one counts.
 */
function parseSort(args: Args, canStore: boolean): SortRequest | ErrorReply {
  const gets: SortPattern[] = [];
  let by: SortPattern | undefined;
  let asIs = false;
  let offset = 0;
  let count = -1;
  let descending = false;
  let alpha = false;
  let store: string | undefined;
  for (let i = 2; i < args.count; i++) {
    const left = args.count - i - 1;
    if (args.is(i, 'ASC')) {
      descending = false;
    } else if (args.is(i, 'DESC')) {
      descending = true;
    } else if (args.is(i, 'ALPHA')) {
      alpha = true;
    } else if (args.is(i, 'LIMIT') && left >= 2) {
      const start = readNumber(args, ++i);
      if (isError(start)) return start;
      const most = readNumber(args, ++i);
      if (isError(most)) return most;
      offset = start;
      count = most;
    } else if (canStore && args.is(i, 'STORE') && left >= 1) {
      store = args.string(++i);
    } else if (args.is(i, 'BY') && left >= 1) {
      by = readPattern(args.string(++i));
      if (by.kind !== 'key') asIs = true;
    } else if (args.is(i, 'GET') && left >= 1) {
      gets.push(readPattern(args.string(++i)));
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { key: args.string(1), by, asIs, gets, offset, count, descending, alpha, store };
}

function runSort({ db }: RunContext, request: SortRequest): Reply {
  const value = db.find(request.key);
  if (value !== undefined && !isSortable(value)) return WRONG_TYPE;
  const lookup: Lookup = (key) => db.peek(key);
  const elements = sorted(value, request, lookup);
  if (isError(elements)) return elements;
  if (request.store === undefined) return answers({ elements, gets: request.gets, lookup });
  const stored = storable({ elements, gets: request.gets, lookup });
  if (isError(stored)) return stored;
  if (stored.length === 0) db.delete(request.store);
  else db.set(request.store, ListValue.ofViews(stored));
  return stored.length;
}

function runSortReadOnly(context: RunContext, request: SortRequest): Reply {
  const lookup: Lookup = (key) => context.db.read(key, context.now);
  const value = lookup(request.key);
  if (value !== undefined && !isSortable(value)) return WRONG_TYPE;
  const elements = sorted(value, request, lookup);
  return isError(elements) ? elements : answers({ elements, gets: request.gets, lookup });
}

/** The elements that are wanted, in order. */
function sorted(
  value: Value | undefined,
  request: SortRequest,
  lookup: Lookup,
): string[] | ErrorReply {
  if (value === undefined || !isSortable(value)) return [];
  const { asIs, descending } = request;
  const window = windowOf(request.offset, request.count, value.size);
  // What is stored does not depend on the order in which a set happens to hold its members.
  const setToStore = asIs && value instanceof SetValue && request.store !== undefined;
  if (asIs && !setToStore) return elementsInOrder(value, window, descending);
  const by = asIs ? undefined : request.by;
  const elements = sortElements(elementsOf(value), {
    alpha: request.alpha || setToStore,
    descending,
    weightOf: by === undefined ? undefined : (element) => lookUpPattern(by, element, lookup),
  });
  return isError(elements) ? elements : elements.slice(window.from, window.to);
}

interface Results {
  readonly elements: readonly string[];
  /** At least one. */
  readonly gets: readonly SortPattern[];
  readonly lookup: Lookup;
}

/** Visits what every GET finds for every element. */
function eachResult(results: Results, visit: (value: StringValue | undefined) => void): void {
  for (const element of results.elements) {
    for (const get of results.gets) visit(lookUpPattern(get, element, results.lookup));
  }
}

function answers(results: Results): readonly Reply[] {
  if (results.gets.length === 0) return results.elements;
  const replies: Reply[] = [];
  eachResult(results, (value) => {
    replies.push(value === undefined ? null : replyOf(value));
  });
  return replies;
}

/** What is to be stored, maybe as views; an empty string for what is not there. */
function storable(results: Results): readonly string[] | ErrorReply {
  if (results.gets.length === 0) return results.elements;
  const texts: string[] = [];
  let tooLong = false;
  eachResult(results, (value) => {
    if (value !== undefined && lengthOf(value) > MAX_BULK_BYTES) tooLong = true;
    else texts.push(value === undefined ? '' : textOf(value));
  });
  return tooLong ? STRING_TOO_LONG : texts;
}

/**
 * The key and, of the last STORE, the destination. Words behind LIMIT, BY and GET are no options; the
 * one behind STORE may be taken for one, as Redis does.
 */
function sortKeys(args: Args): number[] {
  let store = -1;
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, 'LIMIT')) i += 2;
    else if (args.is(i, 'BY') || args.is(i, 'GET')) i++;
    else if (args.is(i, 'STORE') && i + 1 < args.count) store = i + 1;
  }
  return store === -1 ? [1] : [1, store];
}

const SOURCE_KEYS: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
  {
    unknown: true,
    access: 'RO',
    effects: ['access'],
    notes: 'Keys that BY and GET read are named by the elements.',
  },
];

const COMPLEXITY =
  'O(N+M*log(M)) for N elements of which M are answered; O(N) where they are not ordered';
const OPTIONS =
  'key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]';

export const sort: DataCommand = dataCommand<SortRequest>({
  name: 'sort',
  kind: 'write',
  arity: -2,
  flags: ['write', 'denyoom', 'movablekeys'],
  keys: [
    ...SOURCE_KEYS,
    {
      unknown: true,
      access: 'OW',
      effects: ['update'],
      notes: 'The option STORE may stand anywhere.',
    },
  ],
  getKeys: sortKeys,
  group: 'generic',
  since: '1.0.0',
  summary: 'Answers or stores the elements of a list, set or sorted set in order.',
  complexity: COMPLEXITY,
  syntax: `${OPTIONS} [STORE destination]`,
  categories: ['set', 'sortedset', 'list', 'dangerous'],
  parse: (args) => parseSort(args, true),
  run: runSort,
});

export const sortRo: DataCommand = dataCommand<SortRequest>({
  name: 'sort_ro',
  kind: 'read',
  arity: -2,
  flags: ['readonly', 'movablekeys'],
  keys: SOURCE_KEYS,
  getKeys: () => [1],
  group: 'generic',
  since: '7.0.0',
  summary: 'Answers the elements of a list, set or sorted set in order, and stores nothing.',
  complexity: COMPLEXITY,
  syntax: OPTIONS,
  categories: ['set', 'sortedset', 'list', 'dangerous'],
  parse: (args) => parseSort(args, false),
  run: runSortReadOnly,
});
