import type { Prng } from '../../src/base/prng.ts';
import { ELEMENTS, type Family, one, several, type Words } from './load.ts';

const STREAM = 'stream';
const FIELDS = ['name', 'somebody', 'temperature', '21.5'];
/** Entries that were delivered to a consumer and not acknowledged. */
const PENDING = 1000;

function* fill(): Iterable<Words> {
  for (const key of [STREAM, 'grouped', 'read', 'added', 'bounded']) {
    for (let i = 1; i <= ELEMENTS; i++) yield ['XADD', key, `${i}-0`, ...FIELDS];
  }
  yield ['XGROUP', 'CREATE', 'grouped', 'workers', '0'];
  yield [
    'XREADGROUP',
    'GROUP',
    'workers',
    'ann',
    'COUNT',
    String(PENDING),
    'STREAMS',
    'grouped',
    '>',
  ];
  yield ['XGROUP', 'CREATE', 'read', 'workers', '$'];
}

function id(random: Prng): string {
  return String(1 + random.below(ELEMENTS));
}

function pending(random: Prng): string {
  return `${1 + random.below(PENDING)}-0`;
}

const TRIM = ['MAXLEN', '~', String(ELEMENTS)];

export const streams: Family = {
  name: 'stream',
  fill,
  loads: [
    one('XRANGE, 1', (r) => ['XRANGE', STREAM, id(r), '+', 'COUNT', '1']),
    one('XRANGE, 100', (r) => ['XRANGE', STREAM, id(r), '+', 'COUNT', '100'], 10),
    one('XREVRANGE, 100', (r) => ['XREVRANGE', STREAM, id(r), '-', 'COUNT', '100'], 10),
    one('XREAD COUNT 10', (r) => ['XREAD', 'COUNT', '10', 'STREAMS', STREAM, id(r)]),
    one('XLEN', () => ['XLEN', STREAM]),
    one('XINFO STREAM', () => ['XINFO', 'STREAM', STREAM]),
    one('XREADGROUP, history of 10', () => {
      return ['XREADGROUP', 'GROUP', 'workers', 'ann', 'COUNT', '10', 'STREAMS', 'grouped', '0'];
    }),
    one('XACK, unknown', (r) => ['XACK', 'grouped', 'workers', `${id(r)}-5`]),
    one('XCLAIM', (r) => ['XCLAIM', 'grouped', 'workers', 'ann', '0', pending(r)]),
    one('XAUTOCLAIM COUNT 10', () => {
      return ['XAUTOCLAIM', 'grouped', 'workers', 'ann', '0', '0', 'COUNT', '10'];
    }),
    one('XPENDING', () => ['XPENDING', 'grouped', 'workers']),
    one('XPENDING, 10', () => ['XPENDING', 'grouped', 'workers', '-', '+', '10']),
    several('XADD, XREADGROUP NOACK', () => [
      ['XADD', 'read', ...TRIM, '*', ...FIELDS],
      ['XREADGROUP', 'GROUP', 'workers', 'bob', 'NOACK', 'STREAMS', 'read', '>'],
    ]),
    one('XADD MAXLEN ~', () => ['XADD', 'added', ...TRIM, '*', ...FIELDS]),
    one('XADD MAXLEN =', () => ['XADD', 'bounded', 'MAXLEN', String(ELEMENTS), '*', ...FIELDS]),
    one('XDEL, unknown', (r) => ['XDEL', STREAM, `${id(r)}-5`]),
    one('XTRIM, nothing', () => ['XTRIM', STREAM, 'MAXLEN', String(2 * ELEMENTS)]),
  ],
};
