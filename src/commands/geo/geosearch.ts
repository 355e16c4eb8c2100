import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { findAs, readAs } from '../lookup.ts';
import { sorted } from '../sorted-set/combine.ts';
import { Elements } from '../sorted-set/replies.ts';
import { storeSet } from '../sorted-set/store.ts';
import { positionOf } from './geohash.ts';
import { distanceReply, positionReply } from './replies.ts';
import { type Found, search } from './search.ts';
import { type Answer, parseSearch, type SearchForm, type SearchRequest } from './search-request.ts';

const NO_MEMBER: ErrorReply = new ErrorReply('ERR could not decode requested zset member');

function runSearch(context: RunContext, request: SearchRequest, writes: boolean): Reply {
  const { key, answer, extent } = request;
  const set = writes ? findAs(context.db, key, SortedSet) : readAs(context, key, SortedSet);
  if (isError(set)) return set;
  let { center } = request;
  if (set !== undefined) {
    for (const member of request.members) {
      const score = set.score(member);
      if (score === undefined) return NO_MEMBER;
      center = positionOf(score);
    }
    if (request.errorOfSet !== undefined) return request.errorOfSet;
  }
  if (request.error !== undefined) return request.error;
  const found =
    set === undefined || center === undefined
      ? []
      : search(set, { center, extent }, request.wanted);
  return conclude(context, found, { answer, toMetres: extent.toMetres });
}

function conclude(
  { db }: RunContext,
  found: readonly Found[],
  { answer, toMetres }: { answer: Answer; toMetres: number },
): Reply {
  if (answer.kind === 'store') {
    const elements = new Elements();
    for (const { member, score, distance } of found) {
      elements.add(member, answer.distances ? distance / toMetres : score);
    }
    return storeSet(db, answer.destination, sorted(elements));
  }
  const { withDistance, withHash, withPosition } = answer;
  if (!withDistance && !withHash && !withPosition) return found.map(({ member }) => member);
  return found.map(({ member, score, distance, position }) => {
    const items: Reply[] = [member];
    if (withDistance) items.push(distanceReply(distance / toMetres));
    if (withHash) items.push(hashReply(score));
    if (withPosition) items.push(positionReply(position));
    return items;
  });
}

function hashReply(score: number): Reply {
  const whole = Math.trunc(score);
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}

/** Where the keys of GEORADIUS and GEORADIUSBYMEMBER stand: the last one to store to counts. */
function getKeys(args: Args): number[] {
  let stored = -1;
  for (let i = 5; i + 1 < args.count; i++) {
    if (args.is(i, 'STORE') || args.is(i, 'STOREDIST')) stored = ++i;
  }
  return stored === -1 ? [1] : [1, stored];
}

const SOURCE: KeySpec = { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] };

function storedBehind(startFrom: number): readonly KeySpec[] {
  const stored = {
    startFrom,
    last: 0,
    step: 1,
    limit: 0,
    access: 'OW',
    effects: ['update'],
  } as const;
  return [SOURCE, { keyword: 'STORE', ...stored }, { keyword: 'STOREDIST', ...stored }];
}

const COMPLEXITY = 'O(N+M*log(M)) for N members in the cells around and M found';
const OPTIONS = '[WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]';
const UNIT = '<M | KM | FT | MI>';
const FROM_AND_BY =
  '<FROMMEMBER member | FROMLONLAT longitude latitude> ' +
  `<BYRADIUS radius ${UNIT} | BYBOX width height ${UNIT}>`;

type Facts = Pick<
  DataCommand,
  'name' | 'arity' | 'since' | 'summary' | 'syntax' | 'keys' | 'getKeys' | 'deprecated'
>;

function readCommand(facts: Facts, family: SearchForm['family']): DataCommand {
  return dataCommand<SearchRequest>({
    ...facts,
    kind: 'read',
    flags: ['readonly'],
    group: 'geo',
    complexity: COMPLEXITY,
    parse: (args) => parseSearch(args, { family, store: false }),
    run: (context, request) => runSearch(context, request, false),
  });
}

function writeCommand(facts: Facts, family: SearchForm['family']): DataCommand {
  return dataCommand<SearchRequest>({
    ...facts,
    kind: 'write',
    flags: family === 'geosearch' ? ['write', 'denyoom'] : ['write', 'denyoom', 'movablekeys'],
    group: 'geo',
    complexity: COMPLEXITY,
    parse: (args) => parseSearch(args, { family, store: true }),
    run: (context, request) => runSearch(context, request, true),
  });
}

export const geosearch: DataCommand = readCommand(
  {
    name: 'geosearch',
    arity: -7,
    keys: [SOURCE],
    since: '6.2.0',
    summary: 'Returns the members whose positions lie in a circle or a box.',
    syntax: `key ${FROM_AND_BY} [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]`,
  },
  'geosearch',
);

export const geosearchstore: DataCommand = writeCommand(
  {
    name: 'geosearchstore',
    arity: -8,
    keys: [
      { first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] },
      { first: 2, last: 2, step: 1, access: 'RO', effects: ['access'] },
    ],
    since: '6.2.0',
    summary: 'Stores the members whose positions lie in a circle or a box.',
    syntax: `destination source ${FROM_AND_BY} [ASC | DESC] [COUNT count [ANY]] [STOREDIST]`,
  },
  'geosearch',
);

export const georadius: DataCommand = writeCommand(
  {
    name: 'georadius',
    arity: -6,
    keys: storedBehind(6),
    getKeys,
    since: '3.2.0',
    summary: 'Returns or stores the members whose positions lie in a circle.',
    syntax: `key longitude latitude radius ${UNIT} ${OPTIONS} [STORE storekey | STOREDIST storedistkey]`,
    deprecated: { since: '6.2.0', instead: '`GEOSEARCH` and `GEOSEARCHSTORE` with `BYRADIUS`' },
  },
  'georadius',
);

export const georadiusRo: DataCommand = readCommand(
  {
    name: 'georadius_ro',
    arity: -6,
    keys: [SOURCE],
    since: '3.2.10',
    summary: 'Returns the members whose positions lie in a circle.',
    syntax: `key longitude latitude radius ${UNIT} ${OPTIONS}`,
    deprecated: { since: '6.2.0', instead: '`GEOSEARCH` with `BYRADIUS`' },
  },
  'georadius',
);

export const georadiusbymember: DataCommand = writeCommand(
  {
    name: 'georadiusbymember',
    arity: -5,
    keys: storedBehind(5),
    getKeys,
    since: '3.2.0',
    summary: 'Returns or stores the members that are not farther than a radius from one of them.',
    syntax: `key member radius ${UNIT} ${OPTIONS} [STORE storekey | STOREDIST storedistkey]`,
    deprecated: {
      since: '6.2.0',
      instead: '`GEOSEARCH` and `GEOSEARCHSTORE` with `FROMMEMBER` and `BYRADIUS`',
    },
  },
  'georadiusbymember',
);

export const georadiusbymemberRo: DataCommand = readCommand(
  {
    name: 'georadiusbymember_ro',
    arity: -5,
    keys: [SOURCE],
    since: '3.2.10',
    summary: 'Returns the members that are not farther than a radius from one of them.',
    syntax: `key member radius ${UNIT} ${OPTIONS}`,
    deprecated: { since: '6.2.0', instead: '`GEOSEARCH` with `FROMMEMBER` and `BYRADIUS`' },
  },
  'georadiusbymember',
);
