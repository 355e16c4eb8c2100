import type { Prng } from '../../src/base/prng.ts';
import {
  anyMember,
  ELEMENTS,
  type Family,
  filled,
  memberOf,
  one,
  renewing,
  several,
  stranger,
  times,
  type Words,
} from './load.ts';

const SET = 'set';

function* fill(): Iterable<Words> {
  yield* filled(['SADD', SET], ELEMENTS, (i) => [memberOf(i)]);
  yield* filled(['SADD', 'half'], ELEMENTS, (i) => [memberOf(i + ELEMENTS / 2)]);
  yield* filled(['SADD', 'hundred'], 100, (i) => [memberOf(i * 1000)]);
  yield* filled(['SADD', 'popped'], ELEMENTS, (i) => [memberOf(i)]);
  yield* filled(['SADD', 'numbers'], ELEMENTS, (i) => [String(i * 3)]);
  for (let i = 0; i < 1000; i++) {
    yield* filled(['SADD', `small:${i}`], 8, (k) => [memberOf(k)]);
    yield* filled(['SADD', `ints:${i}`], 400, (k) => [String(k * 5)]);
  }
}

function small(random: Prng): string {
  return `small:${random.below(1000)}`;
}

function ints(random: Prng): string {
  return `ints:${random.below(1000)}`;
}

export const sets: Family = {
  name: 'set',
  fill,
  loads: [
    several('SADD, SREM', (r) => {
      const member = stranger(r);
      return [
        ['SADD', SET, member],
        ['SREM', SET, member],
      ];
    }),
    one('SADD (there)', (r) => ['SADD', SET, anyMember(r)]),
    one('SADD of 10 (there)', (r) => ['SADD', SET, ...times(10, () => anyMember(r))]),
    several('SADD, SREM, small', (r) => {
      const key = small(r);
      return [
        ['SADD', key, 'new'],
        ['SREM', key, 'new'],
      ];
    }),
    several('SADD, SREM, 400 integers', (r) => {
      const words = [ints(r), String(r.below(400) * 5 + 1)];
      return [
        ['SADD', ...words],
        ['SREM', ...words],
      ];
    }),
    several('SADD, SREM, integers', (r) => {
      const number = String(r.below(ELEMENTS) * 3 + 1);
      return [
        ['SADD', 'numbers', number],
        ['SREM', 'numbers', number],
      ];
    }),
    one('SISMEMBER', (r) => ['SISMEMBER', SET, anyMember(r)]),
    one('SISMEMBER, small', (r) => ['SISMEMBER', small(r), memberOf(r.below(8))]),
    one('SISMEMBER, 400 integers', (r) => ['SISMEMBER', ints(r), String(r.below(2000))]),
    one('SMISMEMBER of 10', (r) => ['SMISMEMBER', SET, ...times(10, () => anyMember(r))]),
    one('SCARD', () => ['SCARD', SET]),
    renewing('SADD, SPOP', (_, n) => [
      ['SADD', 'popped', `new:${n}`],
      ['SPOP', 'popped'],
    ]),
    one('SRANDMEMBER', () => ['SRANDMEMBER', SET]),
    one('SRANDMEMBER 10', () => ['SRANDMEMBER', SET, '10']),
    one('SRANDMEMBER -10', () => ['SRANDMEMBER', SET, '-10']),
    several('SMOVE and back', (r) => {
      const member = memberOf(r.below(ELEMENTS / 2));
      return [
        ['SMOVE', SET, 'target', member],
        ['SMOVE', 'target', SET, member],
      ];
    }),
    one('SSCAN COUNT 100', () => ['SSCAN', SET, '0', 'COUNT', '100'], 20),
    one('SMEMBERS, small', (r) => ['SMEMBERS', small(r)]),
    one('SMEMBERS', () => ['SMEMBERS', SET], 1),
    one('SINTER, 100 of 100 k', () => ['SINTER', SET, 'hundred'], 10),
    one('SINTER, 2 x 100 k', () => ['SINTER', SET, 'half'], 1),
    one('SINTERCARD LIMIT 10', () => ['SINTERCARD', '2', SET, 'half', 'LIMIT', '10'], 10),
    one('SUNION, 2 x 100 k', () => ['SUNION', SET, 'half'], 1),
    one('SDIFF, 2 x 100 k', () => ['SDIFF', SET, 'half'], 1),
    one('SINTER, 2 small', (r) => ['SINTER', small(r), small(r)]),
    one('SUNION, 2 small', (r) => ['SUNION', small(r), small(r)]),
    one('SINTERSTORE, 2 x 100 k', () => ['SINTERSTORE', 'result', SET, 'half'], 1),
    one('SUNIONSTORE, 2 x 100 k', () => ['SUNIONSTORE', 'result', SET, 'half'], 1),
    one('SDIFFSTORE, 2 x 100 k', () => ['SDIFFSTORE', 'result', SET, 'half'], 1),
  ],
};
