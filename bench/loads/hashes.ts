import type { Prng } from '../../src/base/prng.ts';
import {
  anyMember,
  ELEMENTS,
  type Family,
  filled,
  memberOf,
  one,
  several,
  stranger,
  times,
  type Words,
} from './load.ts';

const HASH = 'hash';
const VALUE = 'v'.repeat(20);

function* fill(): Iterable<Words> {
  yield* filled(['HSET', HASH], ELEMENTS, (i) => [memberOf(i), VALUE]);
  yield* filled(['HSET', 'numbers'], 1000, (i) => [memberOf(i), String(i)]);
  yield* filled(['HSET', 'floats'], 1000, (i) => [memberOf(i), '1.5']);
  for (let i = 0; i < 1000; i++) {
    yield* filled(['HSET', `small:${i}`], 8, (k) => [memberOf(k), VALUE]);
    yield* filled(['HSET', `hundred:${i}`], 100, (k) => [memberOf(k), VALUE]);
  }
}

function small(random: Prng): string {
  return `small:${random.below(1000)}`;
}

function hundred(random: Prng): string {
  return `hundred:${random.below(1000)}`;
}

function few(random: Prng): string {
  return memberOf(random.below(8));
}

export const hashes: Family = {
  name: 'hash',
  fill,
  loads: [
    one('HSET', (r) => ['HSET', HASH, anyMember(r), VALUE]),
    one('HSET of 10', (r) => ['HSET', HASH, ...times(10, () => [anyMember(r), VALUE]).flat()]),
    one('HSET, small', (r) => ['HSET', small(r), few(r), VALUE]),
    one('HSET, 100 fields', (r) => ['HSET', hundred(r), memberOf(r.below(100)), VALUE]),
    several('HSET, HDEL', (r) => {
      const field = stranger(r);
      return [
        ['HSET', HASH, field, VALUE],
        ['HDEL', HASH, field],
      ];
    }),
    several('HSET, HDEL, small', (r) => {
      const key = small(r);
      return [
        ['HSET', key, 'new', VALUE],
        ['HDEL', key, 'new'],
      ];
    }),
    one('HSETNX (there)', (r) => ['HSETNX', HASH, anyMember(r), VALUE]),
    one('HGET', (r) => ['HGET', HASH, anyMember(r)]),
    one('HGET, small', (r) => ['HGET', small(r), few(r)]),
    one('HGET, 100 fields', (r) => ['HGET', hundred(r), memberOf(r.below(100))]),
    one('HMGET of 10', (r) => ['HMGET', HASH, ...times(10, () => anyMember(r))]),
    one('HEXISTS', (r) => ['HEXISTS', HASH, anyMember(r)]),
    one('HLEN', () => ['HLEN', HASH]),
    one('HSTRLEN', (r) => ['HSTRLEN', HASH, anyMember(r)]),
    one('HINCRBY', (r) => ['HINCRBY', 'numbers', memberOf(r.below(1000)), '3']),
    one('HINCRBYFLOAT', (r) => ['HINCRBYFLOAT', 'floats', memberOf(r.below(1000)), '0.25']),
    one('HRANDFIELD', () => ['HRANDFIELD', HASH]),
    one('HRANDFIELD 10', () => ['HRANDFIELD', HASH, '10']),
    one('HRANDFIELD -10 WITHVALUES', () => ['HRANDFIELD', HASH, '-10', 'WITHVALUES']),
    one('HSCAN COUNT 100', () => ['HSCAN', HASH, '0', 'COUNT', '100'], 20),
    one('HGETALL, small', (r) => ['HGETALL', small(r)]),
    one('HGETALL, 100 fields', (r) => ['HGETALL', hundred(r)], 20),
    one('HGETALL', () => ['HGETALL', HASH], 1),
    one('HKEYS', () => ['HKEYS', HASH], 1),
    one('HVALS', () => ['HVALS', HASH], 1),
  ],
};
