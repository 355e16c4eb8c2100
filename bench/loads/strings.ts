import {
  anyKey,
  ELEMENTS,
  type Family,
  keyOf,
  memberOf,
  one,
  several,
  times,
  type Words,
} from './load.ts';

const VALUE = 'v'.repeat(64);
/** A bitmap of 1 MB. */
const BITS = 8 * 1024 * 1024;

function* fillStrings(): Iterable<Words> {
  for (let i = 0; i < ELEMENTS; i++) yield ['SET', keyOf(i), VALUE];
  for (let i = 0; i < 1000; i++) yield ['SET', `n:${i}`, String(i)];
  yield ['SET', 'long', 'x'.repeat(100_000)];
  yield ['SET', 'lcs:a', 'abcdefghij'.repeat(10)];
  yield ['SET', 'lcs:b', 'acegikmoqs'.repeat(10)];
}

export const strings: Family = {
  name: 'strings',
  fill: fillStrings,
  loads: [
    one('SET', (r) => ['SET', anyKey(r), VALUE]),
    one('SET EX', (r) => ['SET', anyKey(r), VALUE, 'EX', '100000']),
    one('SET NX (there)', (r) => ['SET', anyKey(r), VALUE, 'NX']),
    one('SETEX', (r) => ['SETEX', anyKey(r), '100000', VALUE]),
    one('SETNX (there)', (r) => ['SETNX', anyKey(r), VALUE]),
    one('GET', (r) => ['GET', anyKey(r)]),
    one('GET (none)', (r) => ['GET', `none:${r.below(1000)}`]),
    one('MGET of 10', (r) => ['MGET', ...times(10, () => anyKey(r))]),
    one('MSET of 10', (r) => ['MSET', ...times(10, () => [anyKey(r), VALUE]).flat()]),
    one('GETSET', (r) => ['GETSET', anyKey(r), VALUE]),
    one('GETEX PERSIST', (r) => ['GETEX', anyKey(r), 'PERSIST']),
    several('SET, GETDEL', (r) => [
      ['SET', `t:${r.below(1000)}`, VALUE],
      ['GETDEL', `t:${r.below(1000)}`],
    ]),
    one('STRLEN', (r) => ['STRLEN', anyKey(r)]),
    one('INCR', (r) => ['INCR', `n:${r.below(1000)}`]),
    one('DECRBY', (r) => ['DECRBY', `n:${r.below(1000)}`, '7']),
    one('INCRBYFLOAT', (r) => ['INCRBYFLOAT', `f:${r.below(1000)}`, '1.5']),
    several('SET, APPEND', (r) => [
      ['SET', `a:${r.below(1000)}`, VALUE],
      ['APPEND', `a:${r.below(1000)}`, 'abc'],
    ]),
    one('SETRANGE, 100 KB', (r) => ['SETRANGE', 'long', String(r.below(99_000)), VALUE]),
    one('GETRANGE, 100 KB', (r) => {
      const start = r.below(99_000);
      return ['GETRANGE', 'long', String(start), String(start + 99)];
    }),
    one('LCS, 100 x 100', () => ['LCS', 'lcs:a', 'lcs:b'], 10),
  ],
};

function* fillBitmaps(): Iterable<Words> {
  yield ['SETBIT', 'bits', String(BITS - 1), '1'];
  for (let i = 0; i < ELEMENTS; i++) yield ['SETBIT', 'bits', String((i * 7919) % BITS), '1'];
  yield ['SETBIT', 'other', String(BITS - 1), '1'];
  for (let i = 0; i < ELEMENTS; i++) yield ['SETBIT', 'other', String((i * 6007) % BITS), '1'];
  yield ['SETBIT', 'zeros', String(BITS - 1), '1'];
  yield ['SET', 'short:a', VALUE];
  yield ['SET', 'short:b', VALUE];
}

export const bitmaps: Family = {
  name: 'bitmap',
  fill: fillBitmaps,
  loads: [
    one('SETBIT', (r) => ['SETBIT', 'bits', String(r.below(BITS)), String(r.below(2))]),
    one('SETBIT, 64 bytes', (r) => ['SETBIT', 'short:a', String(r.below(512)), String(r.below(2))]),
    one('GETBIT', (r) => ['GETBIT', 'bits', String(r.below(BITS))]),
    one('BITCOUNT, 1 MB', () => ['BITCOUNT', 'bits'], 4),
    one('BITCOUNT, 64 bytes', () => ['BITCOUNT', 'short:b']),
    one('BITCOUNT, 100 bits', (r) => {
      const start = r.below(BITS - 100);
      return ['BITCOUNT', 'bits', String(start), String(start + 100), 'BIT'];
    }),
    one('BITPOS, 1 MB', () => ['BITPOS', 'zeros', '1'], 4),
    one('BITPOS', (r) => ['BITPOS', 'bits', '1', String(r.below(BITS / 8))]),
    one('BITOP AND, 2 x 1 MB', () => ['BITOP', 'AND', 'result', 'bits', 'other'], 4),
    one('BITOP OR, 2 x 1 MB', () => ['BITOP', 'OR', 'result', 'bits', 'other'], 4),
    one('BITOP XOR, 2 x 1 MB', () => ['BITOP', 'XOR', 'result', 'bits', 'other'], 4),
    one('BITOP NOT, 1 MB', () => ['BITOP', 'NOT', 'result', 'bits'], 4),
    one('BITOP OR, 2 x 64 bytes', () => ['BITOP', 'OR', 'short', 'short:a', 'short:b']),
    one('BITFIELD GET', (r) => ['BITFIELD', 'bits', 'GET', 'u16', String(r.below(BITS - 16))]),
    one('BITFIELD SET u8', (r) => {
      return ['BITFIELD', 'bits', 'SET', 'u8', `#${r.below(BITS / 8)}`, String(r.below(256))];
    }),
    one('BITFIELD INCRBY i64', (r) => {
      return ['BITFIELD', 'bits', 'INCRBY', 'i64', `#${r.below(BITS / 64)}`, '1234567'];
    }),
    one('BITFIELD of 4', (r) => {
      const at = String(r.below(BITS - 32));
      const sat = ['OVERFLOW', 'SAT', 'INCRBY', 'i5', at, '3', 'GET', 'u12', at];
      return ['BITFIELD', 'bits', 'INCRBY', 'u9', at, '5', ...sat, 'SET', 'i7', at, '9'];
    }),
    one('BITFIELD_RO GET', (r) => [
      'BITFIELD_RO',
      'bits',
      'GET',
      'i20',
      String(r.below(BITS - 20)),
    ]),
  ],
};

function* fillHyperloglogs(): Iterable<Words> {
  for (const key of ['hll', 'hll:b', 'hll:c']) {
    for (let i = 0; i < ELEMENTS; i += 100) {
      yield ['PFADD', key, ...times(100, (k) => `${key}${memberOf(i + k)}`)];
    }
  }
  for (let i = 0; i < 1000; i++) yield ['PFADD', `small:${i}`, 'a', 'b', 'c'];
}

export const hyperloglogs: Family = {
  name: 'hyperloglog',
  fill: fillHyperloglogs,
  loads: [
    one('PFADD', (r) => ['PFADD', 'hll', `x${r.below(1e9)}`]),
    one('PFADD of 10', (r) => ['PFADD', 'hll', ...times(10, () => `x${r.below(1e9)}`)]),
    one('PFADD, small', (r) => ['PFADD', `small:${r.below(1000)}`, `x${r.below(20)}`]),
    one('PFCOUNT', () => ['PFCOUNT', 'hll']),
    one('PFCOUNT, small', (r) => ['PFCOUNT', `small:${r.below(1000)}`]),
    one('PFCOUNT of 2', () => ['PFCOUNT', 'hll', 'hll:b'], 10),
    one('PFMERGE of 3', () => ['PFMERGE', 'merged', 'hll', 'hll:b', 'hll:c'], 10),
  ],
};
