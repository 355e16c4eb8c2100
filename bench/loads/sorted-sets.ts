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

const ZSET = 'zset';

function* fill(): Iterable<Words> {
  yield* filled(['ZADD', ZSET], ELEMENTS, (i) => [String((i * 7919) % ELEMENTS), memberOf(i)]);
  yield* filled(['ZADD', 'half'], ELEMENTS, (i) => [String(i), memberOf(i + ELEMENTS / 2)]);
  yield* filled(['ZADD', 'popped'], ELEMENTS, (i) => [String(i), memberOf(i)]);
  yield* filled(['ZADD', 'lex'], ELEMENTS, (i) => ['0', memberOf(i)]);
  yield* filled(['ZADD', 'hundred'], 100, (i) => [String(i), memberOf(i * 1000)]);
  for (let i = 0; i < 1000; i++) {
    yield* filled(['ZADD', `small:${i}`], 8, (k) => [String(k), memberOf(k)]);
    yield* filled(['ZADD', `hundred:${i}`], 100, (k) => [String(k), memberOf(k)]);
  }
}

function small(random: Prng): string {
  return `small:${random.below(1000)}`;
}

function score(random: Prng): string {
  return String(random.below(ELEMENTS));
}

/** First and last of 100 neighbours. */
function window(random: Prng): [string, string] {
  const start = random.below(ELEMENTS - 100);
  return [String(start), String(start + 99)];
}

function lexWindow(random: Prng): [string, string] {
  const start = random.below(ELEMENTS - 100);
  return [`[${memberOf(start)}`, `(${memberOf(start + 100)}`];
}

export const sortedSets: Family = {
  name: 'sorted set',
  fill,
  loads: [
    one('ZADD (there)', (r) => ['ZADD', ZSET, score(r), anyMember(r)]),
    one('ZADD of 10 (there)', (r) => [
      'ZADD',
      ZSET,
      ...times(10, () => [score(r), anyMember(r)]).flat(),
    ]),
    several('ZADD, ZREM', (r) => {
      const member = stranger(r);
      return [
        ['ZADD', ZSET, score(r), member],
        ['ZREM', ZSET, member],
      ];
    }),
    one('ZADD, small', (r) => ['ZADD', small(r), score(r), memberOf(r.below(8))]),
    several('ZADD, ZREM, small', (r) => {
      const key = small(r);
      return [
        ['ZADD', key, score(r), 'new'],
        ['ZREM', key, 'new'],
      ];
    }),
    one('ZADD, 100 members', (r) => [
      'ZADD',
      `hundred:${r.below(1000)}`,
      score(r),
      memberOf(r.below(100)),
    ]),
    one('ZINCRBY', (r) => ['ZINCRBY', ZSET, '1.5', anyMember(r)]),
    one('ZSCORE', (r) => ['ZSCORE', ZSET, anyMember(r)]),
    one('ZSCORE, small', (r) => ['ZSCORE', small(r), memberOf(r.below(8))]),
    one('ZMSCORE of 10', (r) => ['ZMSCORE', ZSET, ...times(10, () => anyMember(r))]),
    one('ZCARD', () => ['ZCARD', ZSET]),
    one('ZRANK', (r) => ['ZRANK', ZSET, anyMember(r)]),
    one('ZREVRANK', (r) => ['ZREVRANK', ZSET, anyMember(r)]),
    one('ZCOUNT', (r) => ['ZCOUNT', ZSET, ...window(r)]),
    one('ZLEXCOUNT', (r) => ['ZLEXCOUNT', 'lex', ...lexWindow(r)]),
    one('ZRANGE, 100', (r) => ['ZRANGE', ZSET, ...window(r)], 20),
    one('ZRANGE WITHSCORES, 100', (r) => ['ZRANGE', ZSET, ...window(r), 'WITHSCORES'], 20),
    one('ZRANGE REV, 100', (r) => ['ZRANGE', ZSET, ...window(r), 'REV'], 20),
    one('ZRANGE BYSCORE, 100', (r) => ['ZRANGE', ZSET, ...window(r), 'BYSCORE'], 20),
    one(
      'ZRANGE BYSCORE LIMIT 1000 10',
      (r) => {
        return ['ZRANGE', ZSET, score(r), '+inf', 'BYSCORE', 'LIMIT', '1000', '10'];
      },
      20,
    ),
    one('ZRANGE BYLEX, 100', (r) => ['ZRANGE', 'lex', ...lexWindow(r), 'BYLEX'], 20),
    one('ZRANGE 0 -1, small', (r) => ['ZRANGE', small(r), '0', '-1']),
    one('ZRANGE 0 -1', () => ['ZRANGE', ZSET, '0', '-1'], 1),
    renewing('ZADD, ZPOPMIN', (r, n) => [
      ['ZADD', 'popped', score(r), `new:${n}`],
      ['ZPOPMIN', 'popped'],
    ]),
    renewing('ZADD, ZREMRANGEBYRANK', (r, n) => [
      ['ZADD', 'popped', score(r), `newer:${n}`],
      ['ZREMRANGEBYRANK', 'popped', '50000', '50000'],
    ]),
    one('ZRANDMEMBER', () => ['ZRANDMEMBER', ZSET]),
    one('ZRANDMEMBER 10', () => ['ZRANDMEMBER', ZSET, '10']),
    one('ZSCAN COUNT 100', () => ['ZSCAN', ZSET, '0', 'COUNT', '100'], 20),
    one('ZRANGESTORE, 100', (r) => ['ZRANGESTORE', 'result', ZSET, ...window(r)], 10),
    one('ZINTER, 100 of 100 k', () => ['ZINTER', '2', ZSET, 'hundred'], 10),
    one('ZINTERCARD LIMIT 10', () => ['ZINTERCARD', '2', ZSET, 'half', 'LIMIT', '10'], 10),
    one('ZINTERSTORE, 2 x 100 k', () => ['ZINTERSTORE', 'result', '2', ZSET, 'half'], 1),
    one('ZUNIONSTORE, 2 x 100 k', () => ['ZUNIONSTORE', 'result', '2', ZSET, 'half'], 1),
    one('ZUNION, 2 small', (r) => ['ZUNION', '2', small(r), small(r)]),
    one('ZDIFF, 2 x 100 k', () => ['ZDIFF', '2', ZSET, 'half'], 1),
  ],
};

const GEO = 'geo';
/** The points lie in a square of so many degrees: about two on each square kilometre. */
const DEGREES = 2;

function place(random: Prng): [string, string] {
  const longitude = (10 + random.float() * DEGREES).toFixed(6);
  return [longitude, (45 + random.float() * DEGREES).toFixed(6)];
}

export const geo: Family = {
  name: 'geo',
  fill: (random) => filled(['GEOADD', GEO], ELEMENTS, (i) => [...place(random), memberOf(i)]),
  loads: [
    one('GEOADD (there)', (r) => ['GEOADD', GEO, ...place(r), anyMember(r)]),
    one('GEOPOS', (r) => ['GEOPOS', GEO, anyMember(r)]),
    one('GEODIST', (r) => ['GEODIST', GEO, anyMember(r), anyMember(r), 'km']),
    one('GEOHASH', (r) => ['GEOHASH', GEO, anyMember(r)]),
    one(
      'GEOSEARCH, about 100',
      (r) => {
        return ['GEOSEARCH', GEO, 'FROMLONLAT', ...place(r), 'BYRADIUS', '5', 'km'];
      },
      10,
    ),
    one(
      'GEOSEARCH ASC WITHDIST COUNT 10',
      (r) => {
        const options = ['ASC', 'WITHDIST', 'COUNT', '10'];
        return ['GEOSEARCH', GEO, 'FROMMEMBER', anyMember(r), 'BYRADIUS', '5', 'km', ...options];
      },
      10,
    ),
    one(
      'GEOSEARCH BYBOX, about 100',
      (r) => {
        return ['GEOSEARCH', GEO, 'FROMLONLAT', ...place(r), 'BYBOX', '8', '8', 'km'];
      },
      10,
    ),
    one(
      'GEOSEARCHSTORE, about 100',
      (r) => {
        return ['GEOSEARCHSTORE', 'near', GEO, 'FROMLONLAT', ...place(r), 'BYRADIUS', '5', 'km'];
      },
      10,
    ),
  ],
};
