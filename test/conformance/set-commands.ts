import type { Draw } from './draw.ts';
import type { Generator, Step } from './generator.ts';
import { drawnFrom, fewEitherWay, scanOptions, TAKES_ALL } from './shared.ts';

/** Something is popped at random, and what is left is looked at and deleted. */
function popped(draw: Draw): Step {
  const key = draw.key('set');
  const count = draw.maybe(0.6, String(draw.below(draw.look.members)));
  return {
    commands: [
      ['SMEMBERS', key],
      ['SPOP', key, ...count],
      ['SCARD', key],
      ['SMEMBERS', key],
      ['DEL', key],
    ],
    free: [3],
    valid: ([before, taken, , after]) => {
      if (!Array.isArray(before) || !Array.isArray(after)) return true;
      const gone = Array.isArray(taken) ? taken : taken === null ? [] : [taken];
      const both = new Set([...after, ...gone]);
      const wanted = Math.min(Number(count[0] ?? 1), before.length);
      return (
        gone.length === wanted &&
        both.size === before.length &&
        after.length === before.length - wanted &&
        before.every((member) => both.has(member))
      );
    },
  };
}

export const setCommands: readonly Generator[] = [
  { name: 'sadd', weight: 6, make: (d) => ['SADD', d.key('set'), ...d.members()] },
  { name: 'srem', weight: 3, make: (d) => ['SREM', d.key('set'), ...d.members()] },
  { name: 'sismember', make: (d) => ['SISMEMBER', d.key('set'), d.member()] },
  { name: 'smismember', make: (d) => ['SMISMEMBER', d.key('set'), ...d.members()] },
  { name: 'scard', make: (d) => ['SCARD', d.key('set')] },
  { name: 'smembers', make: (d) => ['SMEMBERS', d.key('set')] },
  { name: 'smove', weight: 2, make: (d) => ['SMOVE', d.key('set'), d.key('set'), d.member()] },
  ...['sinter', 'sunion', 'sdiff'].flatMap((name): Generator[] => [
    { name, make: (d) => [name.toUpperCase(), ...d.keys('set')] },
    {
      name: `${name}store`,
      make: (d) => [`${name}store`.toUpperCase(), d.key('set'), ...d.keys('set')],
    },
  ]),
  {
    name: 'sintercard',
    weight: 2,
    make: (d) => ['SINTERCARD', ...d.counted('set'), ...d.maybe(0.4, 'LIMIT', d.count())],
  },
  {
    name: 'sscan',
    spoil: 'shape',
    make: (d) => ['SSCAN', d.key('set'), '0', ...scanOptions(d), ...TAKES_ALL],
  },
  { name: 'spop', weight: 2, make: popped },
  {
    name: 'spop',
    spoil: 'nothing',
    make: (d) => ['SPOP', d.key('set'), d.pick(['100000', '-1', 'x', '1.5'])],
  },
  {
    name: 'spop',
    weight: 2,
    only: 'free',
    make: (d) => ['SPOP', d.key('set'), ...d.maybe(0.5, d.count())],
  },
  {
    name: 'srandmember',
    weight: 2,
    make: (d) => drawnFrom(d, { key: d.key('set'), all: 'SMEMBERS', draws: 'SRANDMEMBER' }),
  },
  {
    name: 'srandmember',
    only: 'free',
    make: (d) => ['SRANDMEMBER', d.key('set'), ...d.maybe(0.5, fewEitherWay(d))],
  },
];
