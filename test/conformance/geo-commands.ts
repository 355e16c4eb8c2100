import { DISTANCES } from './comparison.ts';
import type { Draw } from './draw.ts';
import type { Generator, Step, Words } from './generator.ts';

const EDGES = [
  ['180', '85.05112878'],
  ['-180', '-85.05112878'],
  ['0', '0'],
] as const;
const NO_PLACES = [
  ['181', '0'],
  ['0', '86'],
  ['x', '0'],
  ['nan', '1'],
  ['0', ''],
] as const;

/**
 * A place: some crowd together around a city, others lie anywhere. No two are the same if servers are
 * compared: sorted by distance, they have no order.
 */
function place(draw: Draw): readonly string[] {
  if (draw.chance(0.01)) return draw.pick(NO_PLACES);
  if (!draw.comparable && draw.chance(0.02)) return draw.pick(EDGES);
  const near = draw.chance(0.6);
  const longitude = near ? 13 + draw.random.float() * 0.5 : draw.random.float() * 360 - 180;
  const latitude = near ? 52 + draw.random.float() * 0.5 : draw.random.float() * 170 - 85;
  const least = draw.comparable ? 6 : 0;
  return [longitude, latitude].map((degrees) => degrees.toFixed(least + draw.below(9 - least)));
}

function unit(draw: Draw): string {
  return draw.pick(['m', 'km', 'KM', 'ft', 'mi', draw.chance(0.1) ? 'x' : 'km']);
}

function distance(draw: Draw): string {
  if (draw.chance(0.03)) return draw.pick(['-1', 'x', '0', 'inf', '1e9', '']);
  return String(draw.pick([0.5, 10, 30, 100, 1000, 5000]) * (1 + draw.below(5)));
}

/** COUNT without an order is one: nearest first. ANY takes what is found first, so it is not used. */
function options(draw: Draw): string[] {
  const count = ['COUNT', draw.count(), ...(draw.comparable ? [] : draw.maybe(0.2, 'ANY'))];
  return draw.some(0.3, ['WITHCOORD'], ['WITHDIST'], ['withhash'], count, [
    draw.pick(['ASC', 'desc']),
  ]);
}

function ordered(draw: Draw): string[] {
  return draw.some(0.4, ['COUNT', draw.count()], [draw.pick(['ASC', 'DESC'])]);
}

/** Distances differ in their last digits where the machines' sines do, so they are not kept. */
function distances(draw: Draw, make: (key: string) => Words): Words | Step {
  if (!draw.comparable) return make(draw.key('geo'));
  return {
    commands: [make(DISTANCES), ['ZRANGE', DISTANCES, '0', '-1', 'WITHSCORES'], ['DEL', DISTANCES]],
  };
}

function search(draw: Draw): string[] {
  const center = draw.chance(0.5) ? ['FROMMEMBER', draw.member()] : ['FROMLONLAT', ...place(draw)];
  const shape = draw.chance(0.5)
    ? ['BYRADIUS', distance(draw), unit(draw)]
    : ['BYBOX', distance(draw), distance(draw), unit(draw)];
  return draw.chance(0.95) ? [...center, ...shape] : [...shape, ...draw.maybe(0.5, ...center)];
}

function radius(draw: Draw, name: string): Words {
  const where = name.includes('MEMBER') ? [draw.member()] : place(draw);
  const stored = draw.chance(0.1) ? ['STORE', draw.key('geo'), ...ordered(draw)] : options(draw);
  return [name, draw.key('geo'), ...where, distance(draw), unit(draw), ...stored];
}

export const geoCommands: readonly Generator[] = [
  {
    name: 'geoadd',
    weight: 6,
    make: (d) => [
      'GEOADD',
      d.key('geo'),
      ...d.some(0.1, ['NX'], ['XX'], ['CH']),
      ...d.several(d.look.bulk, () => [...place(d), d.member()]),
    ],
  },
  { name: 'geopos', weight: 2, make: (d) => ['GEOPOS', d.key('geo'), ...d.members()] },
  {
    name: 'geodist',
    weight: 3,
    make: (d) => ['GEODIST', d.key('geo'), d.member(), d.member(), ...d.maybe(0.6, unit(d))],
  },
  { name: 'geohash', weight: 2, make: (d) => ['GEOHASH', d.key('geo'), ...d.members()] },
  {
    name: 'geosearch',
    weight: 4,
    make: (d) => ['GEOSEARCH', d.key('geo'), ...search(d), ...options(d)],
  },
  {
    name: 'geosearchstore',
    weight: 2,
    make: (d) => ['GEOSEARCHSTORE', d.key('geo'), d.key('geo'), ...search(d), ...ordered(d)],
  },
  {
    name: 'geosearchstore',
    make: (d) =>
      distances(d, (to) => [
        'GEOSEARCHSTORE',
        to,
        d.key('geo'),
        ...search(d),
        ...ordered(d),
        'STOREDIST',
      ]),
  },
  {
    name: 'georadius',
    make: (d) =>
      distances(d, (to) => [
        'GEORADIUS',
        d.key('geo'),
        ...place(d),
        distance(d),
        unit(d),
        ...ordered(d),
        'STOREDIST',
        to,
      ]),
  },
  { name: 'georadius', weight: 2, make: (d) => radius(d, 'GEORADIUS') },
  { name: 'georadius_ro', make: (d) => radius(d, 'GEORADIUS_RO') },
  { name: 'georadiusbymember', weight: 2, make: (d) => radius(d, 'GEORADIUSBYMEMBER') },
  { name: 'georadiusbymember_ro', make: (d) => radius(d, 'GEORADIUSBYMEMBER_RO') },
  { name: 'zrem', make: (d) => ['ZREM', d.key('geo'), d.member()] },
  { name: 'zadd', only: 'free', make: (d) => ['ZADD', d.key('geo'), d.score(), d.member()] },
  { name: 'del', make: (d) => ['DEL', d.key('geo')] },
  { name: 'type', make: (d) => ['GEOPOS', d.anyKey(), d.member()] },
];
