import type { Prng } from '../../src/base/prng.ts';
import {
  anyMember,
  ELEMENTS,
  type Family,
  filled,
  memberOf,
  one,
  several,
  type Words,
} from './load.ts';

const LIST = 'list';
const MIDDLE = ELEMENTS / 2;

function* fill(): Iterable<Words> {
  yield* filled(['RPUSH', LIST], ELEMENTS, (i) => [memberOf(i)]);
  yield* filled(['RPUSH', 'list:b'], ELEMENTS, (i) => [memberOf(i)]);
  for (let i = 0; i < 1000; i++) yield* filled(['RPUSH', `small:${i}`], 8, (k) => [memberOf(k)]);
}

function small(random: Prng): string {
  return `small:${random.below(1000)}`;
}

/** An index near the middle, which is the farthest from both ends. */
function inside(random: Prng): number {
  return MIDDLE - 500 + random.below(1000);
}

export const lists: Family = {
  name: 'list',
  fill,
  loads: [
    several('LPUSH, RPOP', (r) => [
      ['LPUSH', LIST, anyMember(r)],
      ['RPOP', LIST],
    ]),
    several('RPUSH, LPOP', (r) => [
      ['RPUSH', LIST, anyMember(r)],
      ['LPOP', LIST],
    ]),
    several('RPUSH of 10, LPOP 10', (r) => [
      ['RPUSH', LIST, ...Array.from({ length: 10 }, () => anyMember(r))],
      ['LPOP', LIST, '10'],
    ]),
    several('RPUSH, LPOP, small', (r) => {
      const key = small(r);
      return [
        ['RPUSH', key, anyMember(r)],
        ['LPOP', key],
      ];
    }),
    one('LLEN', () => ['LLEN', LIST]),
    one('LRANGE 0 99', () => ['LRANGE', LIST, '0', '99'], 20),
    one(
      'LRANGE, 100 inside',
      (r) => {
        const start = inside(r);
        return ['LRANGE', LIST, String(start), String(start + 99)];
      },
      20,
    ),
    one('LRANGE 0 -1, small', (r) => ['LRANGE', small(r), '0', '-1']),
    one('LRANGE 0 -1', () => ['LRANGE', LIST, '0', '-1'], 1),
    one('LINDEX 0', () => ['LINDEX', LIST, '0']),
    one('LINDEX, inside', (r) => ['LINDEX', LIST, String(inside(r))]),
    one('LSET, inside', (r) => ['LSET', LIST, String(inside(r)), anyMember(r)]),
    several(
      'LSET, LPOS at 1000',
      (r) => [
        ['LSET', 'list:b', '1000', `x${r.below(9)}y`],
        ['LPOS', 'list:b', `x${r.below(9)}y`, 'MAXLEN', '2000'],
      ],
      20,
    ),
    one('LPOS, none', () => ['LPOS', LIST, 'none'], 1),
    several('LINSERT, LREM at 100', () => [
      ['LSET', 'list:b', '100', 'pivot'],
      ['LINSERT', 'list:b', 'BEFORE', 'pivot', 'new'],
      ['LREM', 'list:b', '1', 'new'],
    ]),
    one('LREM, none', () => ['LREM', LIST, '0', 'none'], 1),
    several('RPUSH, LTRIM', (r) => [
      ['RPUSH', LIST, anyMember(r)],
      ['LTRIM', LIST, '1', '-1'],
    ]),
    one('LMOVE, the same list', () => ['LMOVE', LIST, LIST, 'LEFT', 'RIGHT']),
    one('RPOPLPUSH', () => ['RPOPLPUSH', LIST, LIST]),
    several('LMPOP, RPUSH', (r) => [
      ['LMPOP', '2', 'none', LIST, 'LEFT'],
      ['RPUSH', LIST, anyMember(r)],
    ]),
  ],
};
