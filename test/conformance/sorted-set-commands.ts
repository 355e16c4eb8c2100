import type { Draw } from './draw.ts';
import type { Generator } from './generator.ts';
import { drawnFrom, fewEitherWay, scanOptions, TAKES_ALL } from './shared.ts';

function bound(draw: Draw): string {
  if (draw.chance(0.15)) return draw.pick(['-inf', '+inf', 'inf', '(inf', '(-inf']);
  return draw.chance(0.3) ? `(${draw.score()}` : draw.score();
}

function lexBound(draw: Draw): string {
  if (draw.chance(0.25)) return draw.pick(['-', '+', '-', '+', '[', '(', 'x', '']);
  return (draw.chance(0.5) ? '[' : '(') + draw.member();
}

function limit(draw: Draw, p = 0.3): readonly string[] {
  return draw.maybe(p, 'LIMIT', draw.pick(['0', '1', '3', '-1', draw.index()]), draw.index());
}

/** Start and end for ZRANGE and ZRANGESTORE, and the options that say what they are. */
function range(draw: Draw, withScores: boolean): string[] {
  const scores = withScores ? [['WITHSCORES']] : [];
  const by = draw.below(draw.comparable ? 2 : 3);
  const reversed = draw.chance(0.3);
  const ends =
    by === 0
      ? [draw.index(), draw.index()]
      : by === 1
        ? [bound(draw), bound(draw)]
        : [lexBound(draw), lexBound(draw)];
  const options = [
    ...draw.maybe(0.97, ...(by === 0 ? [] : [by === 1 ? 'BYSCORE' : 'bylex'])),
    ...(reversed ? ['REV'] : []),
    ...limit(draw, by === 0 ? 0.03 : 0.4),
  ];
  return [...ends, ...options, ...draw.some(0.4, ...scores)];
}

/** Where there must not be a -0, none that makes one of 0 or of what is negative. */
function weight(draw: Draw): string {
  const score = draw.score();
  const makesMinusZero = Number(score) <= 0;
  return draw.comparable && draw.growsLarge && makesMinusZero ? '2' : score;
}

function combination(draw: Draw, store: boolean, aggregates: boolean): string[] {
  const count = 1 + draw.below(3);
  const keys = Array.from({ length: count }, () =>
    draw.key(draw.chance(0.15) ? 'set' : 'sorted-set'),
  );
  const number = draw.chance(0.04) ? draw.pick(['0', '-1', 'x', '1', '9']) : String(count);
  const weights = ['WEIGHTS', ...keys.map(() => weight(draw))];
  if (draw.chance(0.05)) weights.pop();
  const aggregate = ['AGGREGATE', draw.pick(['SUM', 'min', 'MAX', 'MAX', 'nope'])];
  const options: string[][] = aggregates ? [weights, aggregate] : [];
  if (!store) options.push(['WITHSCORES']);
  return [number, ...keys, ...draw.some(0.35, ...options)];
}

function added(draw: Draw): string[] {
  const options = draw.some(0.12, ['NX'], ['xx'], ['GT'], ['LT'], ['CH'], ['INCR']);
  const most = options.includes('INCR') && draw.chance(0.9) ? 1 : draw.look.bulk;
  return [...options, ...draw.several(most, () => [draw.score(), draw.member()])];
}

const ranges: readonly Generator[] = [
  {
    name: 'zrangebyscore',
    weight: 2,
    make: (d) => [
      'ZRANGEBYSCORE',
      d.key('sorted-set'),
      bound(d),
      bound(d),
      ...d.some(0.3, ['WITHSCORES'], limit(d, 1)),
    ],
  },
  {
    name: 'zrevrangebyscore',
    make: (d) => [
      'ZREVRANGEBYSCORE',
      d.key('sorted-set'),
      bound(d),
      bound(d),
      ...d.some(0.3, ['withscores'], limit(d, 1)),
    ],
  },
  {
    name: 'zremrangebyscore',
    make: (d) => ['ZREMRANGEBYSCORE', d.key('sorted-set'), bound(d), bound(d)],
  },
  { name: 'zcount', make: (d) => ['ZCOUNT', d.key('sorted-set'), bound(d), bound(d)] },
];

/** Where all scores are equal the order is that of the names; elsewhere these mean nothing. */
const byName: readonly Generator[] = [
  {
    name: 'zadd',
    weight: 4,
    spoil: 'nothing',
    make: (d) => [
      'ZADD',
      d.key('lexicographic'),
      ...d.several(d.look.bulk, () => ['1', d.member()]),
    ],
  },
  {
    name: 'zrem',
    weight: 2,
    spoil: 'nothing',
    make: (d) => ['ZREM', d.key('lexicographic'), ...d.members()],
  },
  ...['zrangebylex', 'zrevrangebylex'].map(
    (name): Generator => ({
      name,
      make: (d) => [
        name.toUpperCase(),
        d.key('lexicographic'),
        lexBound(d),
        lexBound(d),
        ...limit(d),
      ],
    }),
  ),
  ...['zremrangebylex', 'zlexcount'].map(
    (name): Generator => ({
      name,
      make: (d) => [name.toUpperCase(), d.key('lexicographic'), lexBound(d), lexBound(d)],
    }),
  ),
  {
    name: 'zrange',
    weight: 2,
    spoil: 'shape',
    make: (d) => [
      'ZRANGE',
      d.key('lexicographic'),
      lexBound(d),
      lexBound(d),
      ...d.some(0.5, ['BYLEX'], ['REV'], limit(d, 0.7)),
    ],
  },
];

const combinations: readonly Generator[] = ['zunion', 'zinter', 'zdiff'].flatMap(
  (name): Generator[] => {
    const aggregates = name !== 'zdiff';
    return [
      { name, make: (d) => [name.toUpperCase(), ...combination(d, false, aggregates)] },
      {
        name: `${name}store`,
        make: (d) => [
          `${name}store`.toUpperCase(),
          d.key('sorted-set'),
          ...combination(d, true, aggregates),
        ],
      },
    ];
  },
);

export const sortedSetCommands: readonly Generator[] = [
  { name: 'zadd', weight: 6, make: (d) => ['ZADD', d.key('sorted-set'), ...added(d)] },
  {
    name: 'zincrby',
    weight: 2,
    make: (d) => ['ZINCRBY', d.key('sorted-set'), d.score(), d.member()],
  },
  { name: 'zrem', weight: 3, make: (d) => ['ZREM', d.key('sorted-set'), ...d.members()] },
  { name: 'zcard', make: (d) => ['ZCARD', d.key('sorted-set')] },
  { name: 'zscore', make: (d) => ['ZSCORE', d.key('sorted-set'), d.member()] },
  { name: 'zmscore', make: (d) => ['ZMSCORE', d.key('sorted-set'), ...d.members()] },
  {
    name: 'zrank',
    weight: 2,
    spoil: 'nothing',
    make: (d) => ['ZRANK', d.key('sorted-set'), d.member()],
  },
  {
    name: 'zrevrank',
    weight: 2,
    spoil: 'nothing',
    make: (d) => ['ZREVRANK', d.key('sorted-set'), d.member()],
  },
  {
    name: 'zrank',
    only: 'newer',
    make: (d) => ['ZRANK', d.key('sorted-set'), d.member(), 'WITHSCORE'],
  },
  { name: 'zrange', weight: 4, make: (d) => ['ZRANGE', d.key('sorted-set'), ...range(d, true)] },
  {
    name: 'zrevrange',
    make: (d) => [
      'ZREVRANGE',
      d.key('sorted-set'),
      d.index(),
      d.index(),
      ...d.maybe(0.4, 'WITHSCORES'),
    ],
  },
  {
    name: 'zrangestore',
    weight: 2,
    make: (d) => ['ZRANGESTORE', d.key('sorted-set'), d.key('sorted-set'), ...range(d, false)],
  },
  {
    name: 'zremrangebyrank',
    make: (d) => ['ZREMRANGEBYRANK', d.key('sorted-set'), d.index(), d.index()],
  },
  { name: 'zpopmin', make: (d) => ['ZPOPMIN', d.key('sorted-set'), ...d.maybe(0.6, d.count())] },
  { name: 'zpopmax', make: (d) => ['ZPOPMAX', d.key('sorted-set'), ...d.maybe(0.6, d.count())] },
  {
    name: 'zmpop',
    make: (d) => [
      'ZMPOP',
      ...d.counted('sorted-set'),
      d.pick(['MIN', 'max', 'MAX', 'MIN', 'mid']),
      ...d.maybe(0.5, 'COUNT', d.count()),
    ],
  },
  {
    name: 'zintercard',
    make: (d) => ['ZINTERCARD', ...d.counted('sorted-set'), ...d.maybe(0.4, 'LIMIT', d.count())],
  },
  {
    name: 'zscan',
    spoil: 'shape',
    make: (d) => ['ZSCAN', d.key('sorted-set'), '0', ...scanOptions(d), ...TAKES_ALL],
  },
  {
    name: 'zrandmember',
    weight: 2,
    make: (d) =>
      drawnFrom(d, {
        key: d.key('sorted-set'),
        all: 'ZRANGE',
        draws: 'ZRANDMEMBER',
        pairs: 'WITHSCORES',
      }),
  },
  {
    name: 'zrandmember',
    only: 'free',
    make: (d) => ['ZRANDMEMBER', d.key('sorted-set'), ...d.maybe(0.5, fewEitherWay(d))],
  },
  ...ranges,
  ...byName,
  ...combinations,
];
