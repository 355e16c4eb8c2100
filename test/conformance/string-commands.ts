import type { Draw } from './draw.ts';
import type { Generator, Step } from './generator.ts';

function pairs(draw: Draw, name: string): string[] {
  return [name, ...draw.several(3, () => [draw.key('string'), draw.value()])];
}

/** What SET gives a deadline in the past is there or not, depending on who looks. */
function setOptions(draw: Draw): string[] {
  const options = draw.some(0.15, ['NX'], ['xx'], ['GET'], ['KEEPTTL'], ['foo']);
  return draw.chance(0.3) ? [...options, ...draw.ttl(0)] : options;
}

/** Set to be over at once: looked at by name it is gone, though it may still be counted. */
function setInThePast(draw: Draw): Step {
  const key = draw.key('string');
  const deadline = draw.chance(0.5) ? ['EXAT', '1000'] : ['PXAT', '1000000'];
  return {
    commands: [
      ['SET', key, draw.value(), ...deadline],
      ['GET', key],
      ['DEL', key],
    ],
  };
}

export const stringCommands: readonly Generator[] = [
  { name: 'set', make: setInThePast },
  { name: 'get', weight: 2, make: (d) => ['GET', d.key('string')] },
  { name: 'set', weight: 2, make: (d) => ['SET', d.key('string'), d.value()] },
  {
    name: 'set',
    weight: 3,
    spoil: 'shape',
    make: (d) => ['SET', d.key('string'), d.value(), ...setOptions(d)],
  },
  { name: 'setnx', make: (d) => ['SETNX', d.key('string'), d.value()] },
  {
    name: 'setex',
    spoil: 'shape',
    make: (d) => ['SETEX', d.key('string'), d.expiry('EX'), d.value()],
  },
  {
    name: 'psetex',
    spoil: 'shape',
    make: (d) => ['PSETEX', d.key('string'), d.expiry('PX'), d.value()],
  },
  { name: 'getset', make: (d) => ['GETSET', d.key('string'), d.value()] },
  { name: 'getdel', make: (d) => ['GETDEL', d.key('string')] },
  {
    name: 'getex',
    spoil: 'shape',
    make: (d) => [
      'GETEX',
      d.key('string'),
      ...(d.chance(0.5) ? d.ttl(0.1) : d.some(0.3, ['PERSIST'], ['x'])),
    ],
  },
  { name: 'mget', make: (d) => ['MGET', ...d.keys('string')] },
  { name: 'mset', make: (d) => pairs(d, 'MSET') },
  { name: 'msetnx', make: (d) => pairs(d, 'MSETNX') },
  { name: 'append', weight: 2, make: (d) => ['APPEND', d.key('string'), d.value()] },
  { name: 'strlen', make: (d) => ['STRLEN', d.key('string')] },
  {
    name: 'setrange',
    spoil: 'shape',
    make: (d) => [
      'SETRANGE',
      d.key('string'),
      d.chance(0.05) ? d.pick(['-1', 'x', '536870912', '9223372036854775807']) : `${d.below(60)}`,
      d.value(),
    ],
  },
  { name: 'getrange', make: (d) => ['GETRANGE', d.key('string'), d.integer(), d.integer()] },
  { name: 'substr', make: (d) => ['SUBSTR', d.key('string'), d.integer(), d.integer()] },
  { name: 'incr', make: (d) => ['INCR', d.key('string')] },
  { name: 'decr', make: (d) => ['DECR', d.key('string')] },
  { name: 'incrby', make: (d) => ['INCRBY', d.key('string'), d.integer()] },
  { name: 'decrby', make: (d) => ['DECRBY', d.key('string'), d.integer()] },
  { name: 'incrbyfloat', make: (d) => ['INCRBYFLOAT', d.key('string'), d.value()] },
  {
    name: 'lcs',
    make: (d) => [
      'LCS',
      d.key('string'),
      d.key('string'),
      ...d.some(0.2, ['LEN'], ['idx'], ['WITHMATCHLEN'], ['MINMATCHLEN', d.integer()]),
    ],
  },
];
