import type { Draw } from './draw.ts';
import type { Generator, Step } from './generator.ts';

const GROUPS = ['g1', 'g2', 'gr\xff'] as const;
const CONSUMERS = ['alice', 'bob', 'c\x00'] as const;
const ODD_IDS = ['0', '0-0', '5', '-', '$', '>', '1-', 'x', '1-x', '', '18446744073709551615-1'];
const GREATEST = '18446744073709551615-18446744073709551615';

function id(draw: Draw): string {
  if (draw.chance(0.03)) return draw.pick(ODD_IDS);
  return draw.chance(0.3) ? draw.entry() : `${draw.entry()}-${draw.below(3)}`;
}

/** Mostly greater than those before. */
function newId(draw: Draw): string {
  if (draw.chance(0.01)) return draw.pick([...ODD_IDS, GREATEST]);
  if (!draw.comparable && draw.chance(0.3)) return '*';
  const part = draw.chance(0.1) ? draw.entry() : draw.nextEntry();
  return draw.chance(0.5) ? `${part}-*` : `${part}-${draw.below(3)}`;
}

function rangeId(draw: Draw): string {
  if (draw.chance(0.25)) return draw.pick(['-', '+']);
  return draw.chance(0.2) ? `(${id(draw)}` : id(draw);
}

function ids(draw: Draw): string[] {
  return draw.several(4, () => id(draw));
}

function trimming(draw: Draw): string[] {
  const by = draw.chance(0.6)
    ? ['MAXLEN', ...draw.maybe(0.3, '='), String(draw.below(draw.look.members))]
    : ['MINID', ...draw.maybe(0.3, '='), id(draw)];
  if (draw.chance(0.25)) {
    const [name = '', limit = ''] = [by[0], by[by.length - 1]];
    return [
      name,
      '~',
      limit,
      ...draw.maybe(0.4, 'LIMIT', draw.pick(['0', '1', '100', draw.count()])),
    ];
  }
  return [...by, ...draw.maybe(0.03, 'LIMIT', draw.count())];
}

function fields(draw: Draw): string[] {
  return draw.several(3, () => [draw.member(), draw.value()]);
}

function group(draw: Draw): string {
  return draw.chance(0.02) ? 'none' : draw.pick(GROUPS);
}

function consumer(draw: Draw): string {
  return draw.pick(CONSUMERS);
}

function streams(draw: Draw, oneId: () => string): string[] {
  const count = 1 + draw.below(3);
  const keys = Array.from({ length: count }, () => draw.key('stream'));
  return ['STREAMS', ...keys, ...keys.map(oneId)];
}

/** Two IDs in a row are given by the server's clock, and then forgotten. */
function byTheClock(draw: Draw): Step {
  const key = draw.key('stream');
  return {
    commands: [
      ['XADD', key, ...draw.maybe(0.3, 'NOMKSTREAM'), '*', ...fields(draw)],
      ['XADD', key, '*', ...fields(draw)],
      ['DEL', key],
    ],
    valid: ([first, second]) =>
      typeof first !== 'string' ||
      typeof second !== 'string' ||
      second > first ||
      second.length > first.length,
  };
}

function claim(draw: Draw): string[] {
  const when = draw.chance(0.5) ? ['TIME', '1000000000000'] : ['IDLE', '1000000000'];
  const retries = ['RETRYCOUNT', String(draw.below(9))];
  return draw.some(0.3, when, retries, ['FORCE'], ['JUSTID'], ['LASTID', id(draw)]);
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

/** Nothing has been idle for so long, unless it was claimed so. */
function minIdle(draw: Draw): string {
  return draw.chance(0.03) ? draw.odd() : draw.pick(['0', '0', '0', '900000000', '-1']);
}

const groupCommands: readonly Generator[] = [
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

export const streamCommands: readonly Generator[] = [
  {
    name: 'xadd',
    weight: 9,
    make: (d) => [
      'XADD',
      d.key('stream'),
      ...d.maybe(0.08, 'NOMKSTREAM'),
      ...(d.chance(0.15) ? trimming(d) : []),
      newId(d),
      ...fields(d),
    ],
  },
  { name: 'xadd', make: byTheClock },
  { name: 'xlen', make: (d) => ['XLEN', d.key('stream')] },
  {
    name: 'xrange',
    weight: 2,
    make: (d) => [
      'XRANGE',
      d.key('stream'),
      rangeId(d),
      rangeId(d),
      ...d.maybe(0.4, 'COUNT', d.count()),
    ],
  },
  {
    name: 'xrevrange',
    weight: 2,
    make: (d) => [
      'XREVRANGE',
      d.key('stream'),
      rangeId(d),
      rangeId(d),
      ...d.maybe(0.4, 'COUNT', d.count()),
    ],
  },
  {
    name: 'xread',
    weight: 2,
    make: (d) => [
      'XREAD',
      ...d.maybe(0.4, 'COUNT', d.count()),
      ...streams(d, () => d.pick(['0', '$', id(d), id(d), id(d)])),
    ],
  },
  { name: 'xdel', weight: 3, make: (d) => ['XDEL', d.key('stream'), ...ids(d)] },
  { name: 'xtrim', weight: 2, make: (d) => ['XTRIM', d.key('stream'), ...trimming(d)] },
  {
    name: 'xsetid',
    breaksWatch: true,
    make: (d) => {
      const last = d.comparable ? `${d.nextEntry()}-9` : id(d);
      const counts = d.some(
        0.2,
        ['ENTRIESADDED', d.pick(['0', '5', '100', '1000', '-1', 'x'])],
        ['MAXDELETEDID', id(d)],
      );
      return ['XSETID', d.key('stream'), last, ...counts];
    },
  },
  {
    name: 'xinfo|stream',
    weight: 2,
    make: (d) => [
      'XINFO',
      'STREAM',
      d.key('stream'),
      ...(d.chance(0.5) ? ['FULL', ...d.maybe(0.5, 'COUNT', d.count())] : []),
    ],
  },
  { name: 'xinfo|groups', make: (d) => ['XINFO', 'GROUPS', d.key('stream')] },
  {
    name: 'xinfo|consumers',
    make: (d) => ['XINFO', 'CONSUMERS', d.key('stream'), group(d)],
  },
  ...groupCommands,
];
