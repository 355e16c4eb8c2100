import type { Draw } from './draw.ts';
import type { Generator, Step, Words } from './generator.ts';

/** Inside a transaction nothing waits, whatever there is. */
function inTransaction(words: Words): Step {
  return { commands: [['MULTI'], words, ['EXEC']] };
}

/** Something is put there before, or the key is of another type: there is nothing to wait for. */
function afterPush(draw: Draw, push: Words, pop: Words): Step {
  return draw.chance(0.5) ? inTransaction(pop) : { commands: [push, pop] };
}

function timeout(draw: Draw): string {
  return draw.chance(0.1)
    ? draw.pick(['x', '-1', 'nan', 'inf', '', '0x10', '-0.5', '1e18', '9e15', '1e300'])
    : draw.pick(['0', '0.5', '1000', '1e3']);
}

function side(draw: Draw): string {
  return draw.chance(0.03) ? draw.odd() : draw.pick(['LEFT', 'right']);
}

export const blockingListCommands: readonly Generator[] = [
  ...['BLPOP', 'BRPOP'].map(
    (name): Generator => ({
      name: name.toLowerCase(),
      make: (d) => {
        const keys = d.keys('list');
        return afterPush(
          d,
          ['RPUSH', ...keys.slice(0, 1), d.member()],
          [name, ...keys, timeout(d)],
        );
      },
    }),
  ),
  {
    name: 'blmove',
    make: (d) => {
      const key = d.key('list');
      const to = [d.key('list'), side(d), side(d), timeout(d)];
      return afterPush(d, ['RPUSH', key, d.member()], ['BLMOVE', key, ...to]);
    },
  },
  {
    name: 'brpoplpush',
    make: (d) => {
      const key = d.key('list');
      return afterPush(
        d,
        ['LPUSH', key, d.member()],
        ['BRPOPLPUSH', key, d.key('list'), timeout(d)],
      );
    },
  },
  {
    name: 'blmpop',
    make: (d) => {
      const count = d.maybe(0.5, 'COUNT', d.count());
      return inTransaction(['BLMPOP', timeout(d), ...d.counted('list'), side(d), ...count]);
    },
  },
];

export const blockingSortedSetCommands: readonly Generator[] = [
  ...['BZPOPMIN', 'BZPOPMAX'].map(
    (name): Generator => ({
      name: name.toLowerCase(),
      make: (d) => {
        const keys = d.keys('sorted-set');
        const add = ['ZADD', ...keys.slice(0, 1), '1', d.member()];
        return afterPush(d, add, [name, ...keys, timeout(d)]);
      },
    }),
  ),
  {
    name: 'bzmpop',
    make: (d) => {
      const end = d.pick(['MIN', 'max', d.odd()]);
      const count = d.maybe(0.5, 'COUNT', d.count());
      return inTransaction(['BZMPOP', timeout(d), ...d.counted('sorted-set'), end, ...count]);
    },
  },
];

export const blockingStreamCommands: readonly Generator[] = [
  {
    name: 'xread',
    make: (d) => {
      const milliseconds = d.pick(['0', '1000', '-1', 'x', '1.5']);
      const from = d.pick(['$', '0', d.entry()]);
      return inTransaction(['XREAD', 'BLOCK', milliseconds, 'STREAMS', d.key('stream'), from]);
    },
  },
];
