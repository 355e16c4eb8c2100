import type { Draw } from './draw.ts';
import type { Generator, Step } from './generator.ts';
import { group, streamGroupCommands } from './stream-group-commands.ts';
import { id, ids, ODD_IDS, rangeId } from './stream-ids.ts';

const LAST = '18446744073709551615';
const GREATEST = `${LAST}-${LAST}`;

/** Mostly greater than those before. */
function newId(draw: Draw): string {
  if (draw.chance(0.01)) return draw.pick(ODD_IDS);
  if (!draw.comparable && draw.chance(0.3)) return '*';
  const part = draw.chance(0.1) ? draw.entry() : draw.nextEntry();
  return draw.chance(0.5) ? `${part}-*` : `${part}-${draw.below(3)}`;
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

/** A stream comes to the end of all IDs, and is deleted. */
function atTheEnd(draw: Draw): Step {
  const key = draw.key('stream');
  const added = draw.several(4, () => draw.pick([`${LAST}-1`, `${LAST}-*`, GREATEST, '*', LAST]));
  return {
    commands: [...added.map((one) => ['XADD', key, one, ...fields(draw)]), ['DEL', key]],
  };
}

/** Greater than the ids that are drawn without regard to what is there. */
const BEYOND = 50;

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
  { name: 'xadd', make: atTheEnd },
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
    // Another number of entries added might be the greatest, beyond which Redis counts below zero.
    spoil: 'shape',
    breaksWatch: true,
    make: (d) => {
      // Redis 7.0 goes back behind entries that were deleted, newer ones do not.
      const last = d.comparable ? `${Math.max(Number(d.nextEntry()), BEYOND)}-9` : id(d);
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
  ...streamGroupCommands,
];
