import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readAs } from '../lookup.ts';
import { readUnit } from './geo-args.ts';
import { geohashOf, positionOf } from './geohash.ts';
import { distanceReply, positionReply } from './replies.ts';
import { distanceBetween } from './shape.ts';

interface MembersRequest {
  readonly key: string;
  readonly members: readonly string[];
}

interface DistanceRequest {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly toMetres: number;
}

function parseMembers(args: Args): MembersRequest {
  return { key: args.string(1), members: readStrings(args, 2) };
}

function runGeopos(context: RunContext, { key, members }: MembersRequest): Reply {
  const set = readAs(context, key, SortedSet);
  if (isError(set)) return set;
  return members.map((member) => {
    const score = set?.score(member);
    return score === undefined ? NULL_ARRAY : positionReply(positionOf(score));
  });
}

function runGeohash(context: RunContext, { key, members }: MembersRequest): Reply {
  const set = readAs(context, key, SortedSet);
  if (isError(set)) return set;
  return members.map((member) => {
    const score = set?.score(member);
    return score === undefined ? null : geohashOf(positionOf(score));
  });
}

/** `GEODIST key member1 member2 [M | KM | FT | MI]`. */
function parseGeodist(args: Args): DistanceRequest | ErrorReply {
  if (args.count > 5) return SYNTAX_ERROR;
  const toMetres = args.count === 5 ? readUnit(args, 4) : 1;
  if (isError(toMetres)) return toMetres;
  return { key: args.string(1), from: args.string(2), to: args.string(3), toMetres };
}

function runGeodist(context: RunContext, request: DistanceRequest): Reply {
  const set = readAs(context, request.key, SortedSet);
  if (isError(set)) return set;
  const from = set?.score(request.from);
  const to = set?.score(request.to);
  if (from === undefined || to === undefined) return null;
  return distanceReply(distanceBetween(positionOf(from), positionOf(to)) / request.toMetres);
}

const READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

export const geopos: DataCommand = dataCommand<MembersRequest>({
  name: 'geopos',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: READ,
  group: 'geo',
  since: '3.2.0',
  summary: 'Returns longitude and latitude of members.',
  complexity: 'O(N) for N members asked for',
  syntax: 'key [member [member ...]]',
  parse: parseMembers,
  run: runGeopos,
});

export const geohash: DataCommand = dataCommand<MembersRequest>({
  name: 'geohash',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: READ,
  group: 'geo',
  since: '3.2.0',
  summary: 'Returns the positions of members as geohash strings.',
  complexity: 'O(N) for N members asked for',
  syntax: 'key [member [member ...]]',
  parse: parseMembers,
  run: runGeohash,
});

export const geodist: DataCommand = dataCommand<DistanceRequest>({
  name: 'geodist',
  kind: 'read',
  arity: -4,
  flags: ['readonly'],
  keys: READ,
  group: 'geo',
  since: '3.2.0',
  summary: 'Returns the distance between two members.',
  complexity: 'O(1)',
  syntax: 'key member1 member2 [M | KM | FT | MI]',
  parse: parseGeodist,
  run: runGeodist,
});
