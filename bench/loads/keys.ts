import type { Prng } from '../../src/base/prng.ts';
import {
  anyKey,
  ELEMENTS,
  type Family,
  filled,
  keyOf,
  memberOf,
  one,
  several,
  type Words,
} from './load.ts';

const VALUE = 'v'.repeat(64);

function* fill(): Iterable<Words> {
  for (let i = 0; i < ELEMENTS; i++) yield ['SET', keyOf(i), VALUE];
  for (let i = 0; i < 100; i++) yield ['SET', `weight:${i}`, String((i * 37) % 100)];
  yield* filled(['RPUSH', 'hundred'], 100, (i) => [String(i)]);
  yield* filled(['RPUSH', 'list'], ELEMENTS, (i) => [String((i * 7919) % ELEMENTS)]);
  yield* filled(['HSET', 'hash'], ELEMENTS, (i) => [memberOf(i), 'value']);
  yield* filled(['ZADD', 'zset'], ELEMENTS, (i) => [String(i), memberOf(i)]);
  yield* filled(['SADD', 'set'], ELEMENTS, (i) => [memberOf(i)]);
  yield* filled(['HSET', 'small'], 8, (i) => [memberOf(i), 'value']);
}

function temporary(random: Prng): string {
  return `temporary:${random.below(1000)}`;
}

export const keys: Family = {
  name: 'generic',
  fill,
  loads: [
    one('EXISTS', (r) => ['EXISTS', anyKey(r)]),
    one('TYPE', (r) => ['TYPE', anyKey(r)]),
    one('TOUCH', (r) => ['TOUCH', anyKey(r)]),
    one('OBJECT ENCODING', (r) => ['OBJECT', 'ENCODING', anyKey(r)]),
    one('EXPIRE', (r) => ['EXPIRE', anyKey(r), '100000']),
    one('PEXPIREAT', (r) => ['PEXPIREAT', anyKey(r), '4000000000000']),
    one('TTL', (r) => ['TTL', anyKey(r)]),
    one('PERSIST', (r) => ['PERSIST', anyKey(r)]),
    several('SET, DEL', (r) => {
      const key = temporary(r);
      return [
        ['SET', key, VALUE],
        ['DEL', key],
      ];
    }),
    several('SET, UNLINK', (r) => {
      const key = temporary(r);
      return [
        ['SET', key, VALUE],
        ['UNLINK', key],
      ];
    }),
    several('RENAME and back', (r) => {
      const key = anyKey(r);
      return [
        ['RENAME', key, 'renamed'],
        ['RENAME', 'renamed', key],
      ];
    }),
    one('COPY REPLACE', (r) => ['COPY', anyKey(r), temporary(r), 'REPLACE']),
    one('COPY REPLACE, hash of 100 k', () => ['COPY', 'hash', 'hash:copy', 'REPLACE'], 1),
    several(
      'COPY, DEL, zset of 100 k',
      () => [
        ['COPY', 'zset', 'zset:copy', 'REPLACE'],
        ['DEL', 'zset:copy'],
      ],
      1,
    ),
    one('RANDOMKEY', () => ['RANDOMKEY']),
    one('SCAN COUNT 10', () => ['SCAN', '0', 'COUNT', '10']),
    one('SCAN COUNT 1000', () => ['SCAN', '0', 'COUNT', '1000'], 4),
    one('SCAN MATCH', () => ['SCAN', '0', 'MATCH', 'key:*77', 'COUNT', '1000'], 4),
    one('KEYS, 10 of 100 k', () => ['KEYS', 'key:00000001234?'], 1),
    one('DBSIZE', () => ['DBSIZE']),
    one('MEMORY USAGE', (r) => ['MEMORY', 'USAGE', anyKey(r)]),
    one('SORT, 100', () => ['SORT', 'hundred'], 10),
    one('SORT ALPHA, 100', () => ['SORT', 'hundred', 'ALPHA'], 10),
    one('SORT BY GET, 100', () => ['SORT', 'hundred', 'BY', 'weight:*', 'GET', 'weight:*'], 10),
    one('SORT LIMIT 0 10, 100 k', () => ['SORT', 'list', 'LIMIT', '0', '10'], 1),
    one('SORT DESC ALPHA, 100 k', () => ['SORT', 'list', 'DESC', 'ALPHA'], 1),
    one('SORT STORE, 100', () => ['SORT', 'hundred', 'STORE', 'sorted'], 10),
    one('DUMP', (r) => ['DUMP', anyKey(r)]),
    one('DUMP, small hash', () => ['DUMP', 'small']),
    one('DUMP, hash of 100 k', () => ['DUMP', 'hash'], 1),
    one('DUMP, zset of 100 k', () => ['DUMP', 'zset'], 1),
    one('DUMP, list of 100 k', () => ['DUMP', 'list'], 1),
    one('DUMP, set of 100 k', () => ['DUMP', 'set'], 1),
    one('RESTORE', (r) => ['RESTORE', temporary(r), '0', DUMPED_STRING, 'REPLACE']),
  ],
};

/** What DUMP of Redis 7.0 gives for the string `value`. */
const DUMPED_STRING = '\x00\x05value\x0a\x00\x81\xf6\xc18\xc1\xaa\x9bn';
