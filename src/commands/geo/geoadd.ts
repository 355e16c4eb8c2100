import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError } from '../../resp/reply.ts';
import { type DataCommand, dataCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { type AddRequest, runZadd } from '../sorted-set/zadd.ts';
import { readPosition } from './geo-args.ts';
import { scoreAt } from './geohash.ts';

/** `GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]`. */
function parseGeoadd(args: Args): AddRequest | ErrorReply {
  let [nx, xx, ch] = [false, false, false];
  let at = 2;
  for (; at < args.count; at++) {
    if (args.is(at, 'NX')) nx = true;
    else if (args.is(at, 'XX')) xx = true;
    else if (args.is(at, 'CH')) ch = true;
    else break;
  }
  const words = args.count - at;
  if (words === 0 || words % 3 !== 0 || (nx && xx)) return SYNTAX_ERROR;
  const members: string[] = [];
  const scores: number[] = [];
  for (; at < args.count; at += 3) {
    const position = readPosition(args, at);
    if (isError(position)) return position;
    scores.push(scoreAt(position));
    members.push(args.string(at + 2));
  }
  const options = {
    condition: nx ? 'if-absent' : xx ? 'if-present' : 'always',
    direction: 'any',
    countChanges: ch,
    increment: false,
  } as const;
  return { key: args.string(1), options, members, scores };
}

export const geoadd: DataCommand = dataCommand<AddRequest>({
  name: 'geoadd',
  kind: 'write',
  arity: -5,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'geo',
  since: '3.2.0',
  summary: 'Adds members with positions on the Earth to a sorted set, or moves those in it.',
  complexity: 'O(log(N)) for each member, for N in the set',
  syntax: 'key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]',
  parse: parseGeoadd,
  run: runZadd,
});
