import type { Draw } from './draw.ts';
import type { Generator, Step } from './generator.ts';
import { id, ids, rangeId } from './stream-ids.ts';

const CONSUMERS = ['alice', 'bob', 'c\x00'] as const;
const GROUPS = ['g1', 'g2', 'gr\xff'] as const;

export function group(draw: Draw): string {
  return draw.chance(0.02) ? 'none' : draw.pick(GROUPS);
}

function consumer(draw: Draw): string {
  return draw.pick(CONSUMERS);
}

/**
 * Since 7.2 the consumer is there afterwards even if it got nothing. To be comparable it is made
 * before.
 */
function consuming(
  draw: Draw,
  keys: readonly string[],
  make: (group: string, consumer: string) => readonly string[],
): Step {
  const [of, name] = [group(draw), consumer(draw)];
  const created = draw.comparable
    ? keys.map((key) => ['XGROUP', 'CREATECONSUMER', key, of, name])
    : [];
  return { commands: [...created, make(of, name)] };
}

function claim(draw: Draw): string[] {
  const when = draw.chance(0.5) ? ['TIME', '1000000000000'] : ['IDLE', '1000000000'];
  const retries = ['RETRYCOUNT', String(draw.below(9))];
  return draw.some(0.3, when, retries, ['FORCE'], ['JUSTID'], ['LASTID', id(draw)]);
}

/** Nothing has been idle for so long, unless it was claimed so. */
function minIdle(draw: Draw): string {
  return draw.chance(0.03) ? draw.odd() : draw.pick(['0', '0', '0', '900000000', '-1']);
}

export const streamGroupCommands: readonly Generator[] = [
  {
    name: 'xgroup|create',
    breaksWatch: true,
    weight: 4,
    make: (d) => [
      'XGROUP',
      'CREATE',
      d.key('stream'),
      group(d),
      d.pick(['0', '$', '0', id(d)]),
      ...d.maybe(0.4, 'MKSTREAM'),
      ...d.maybe(
        0.2,
        'ENTRIESREAD',
        d.pick(d.comparable ? ['-1', '0', '-2', 'x'] : ['-1', '0', '3', d.integer()]),
      ),
    ],
  },
  {
    name: 'xgroup|setid',
    breaksWatch: true,
    make: (d) => [
      'XGROUP',
      'SETID',
      d.key('stream'),
      group(d),
      d.pick(['$', '0', id(d)]),
      ...d.maybe(
        0.2,
        'ENTRIESREAD',
        d.pick(d.comparable ? ['-1', '0', '-2', 'x'] : ['-1', '0', '3', d.integer()]),
      ),
    ],
  },
  {
    name: 'xgroup|destroy',
    breaksWatch: true,
    make: (d) => ['XGROUP', 'DESTROY', d.key('stream'), group(d)],
  },
  {
    name: 'xgroup|createconsumer',
    breaksWatch: true,
    make: (d) => ['XGROUP', 'CREATECONSUMER', d.key('stream'), group(d), consumer(d)],
  },
  {
    name: 'xgroup|delconsumer',
    breaksWatch: true,
    make: (d) => ['XGROUP', 'DELCONSUMER', d.key('stream'), group(d), consumer(d)],
  },
  {
    name: 'xreadgroup',
    breaksWatch: true,
    weight: 6,
    make: (d) => {
      const keys = d.several(3, () => d.key('stream'));
      const from = keys.map(() => (d.chance(0.7) ? '>' : d.pick(['0', id(d), '$'])));
      const options = d.some(0.3, ['COUNT', d.count()], ['NOACK']);
      return consuming(d, keys, (of, name) => {
        return ['XREADGROUP', 'GROUP', of, name, ...options, 'STREAMS', ...keys, ...from];
      });
    },
  },
  {
    name: 'xack',
    breaksWatch: true,
    weight: 2,
    make: (d) => ['XACK', d.key('stream'), group(d), ...ids(d)],
  },
  {
    name: 'xpending',
    weight: 3,
    make: (d) => {
      const idle = d.maybe(0.2, 'IDLE', minIdle(d));
      const range = [...idle, rangeId(d), rangeId(d), d.count(), ...d.maybe(0.3, consumer(d))];
      return ['XPENDING', d.key('stream'), group(d), ...(d.chance(0.7) ? range : [])];
    },
  },
  {
    name: 'xclaim',
    breaksWatch: true,
    weight: 3,
    make: (d) => {
      const key = d.key('stream');
      const rest = [minIdle(d), ...ids(d), ...claim(d)];
      return consuming(d, [key], (of, name) => ['XCLAIM', key, of, name, ...rest]);
    },
  },
  {
    name: 'xautoclaim',
    breaksWatch: true,
    weight: 3,
    make: (d) => {
      const key = d.key('stream');
      const options = d.some(0.3, ['COUNT', d.count()], ['JUSTID']);
      const rest = [minIdle(d), rangeId(d), ...options];
      return consuming(d, [key], (of, name) => ['XAUTOCLAIM', key, of, name, ...rest]);
    },
  },
  {
    name: 'xclaim',
    breaksWatch: true,
    make: (d) => ['XCLAIM', d.key('stream'), 'never', 'c', minIdle(d), ...ids(d)],
  },
];
