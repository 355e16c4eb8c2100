import type { Draw } from './draw.ts';
import type { Generator } from './generator.ts';
import { drawnFrom, fewEitherWay, scanOptions, TAKES_ALL } from './shared.ts';

function fields(draw: Draw): string[] {
  return draw.several(draw.look.bulk, () => [draw.member(), draw.value()]);
}

/** A condition and fields as HEXPIRE and its kin take them. */
function expiring(draw: Draw): string[] {
  const names = draw.several(3, () => draw.member());
  return ['FIELDS', String(names.length), ...names];
}

export const hashCommands: readonly Generator[] = [
  { name: 'hset', weight: 6, make: (d) => ['HSET', d.key('hash'), ...fields(d)] },
  { name: 'hmset', make: (d) => ['HMSET', d.key('hash'), ...fields(d)] },
  { name: 'hsetnx', weight: 2, make: (d) => ['HSETNX', d.key('hash'), d.member(), d.value()] },
  { name: 'hget', weight: 2, make: (d) => ['HGET', d.key('hash'), d.member()] },
  { name: 'hmget', make: (d) => ['HMGET', d.key('hash'), ...d.members()] },
  { name: 'hdel', weight: 2, make: (d) => ['HDEL', d.key('hash'), ...d.members()] },
  { name: 'hexists', make: (d) => ['HEXISTS', d.key('hash'), d.member()] },
  { name: 'hlen', make: (d) => ['HLEN', d.key('hash')] },
  { name: 'hstrlen', make: (d) => ['HSTRLEN', d.key('hash'), d.member()] },
  { name: 'hgetall', make: (d) => ['HGETALL', d.key('hash')] },
  { name: 'hkeys', make: (d) => ['HKEYS', d.key('hash')] },
  { name: 'hvals', make: (d) => ['HVALS', d.key('hash')] },
  {
    name: 'hincrby',
    weight: 2,
    make: (d) => ['HINCRBY', d.key('hash'), d.member(), d.integer()],
  },
  {
    name: 'hincrbyfloat',
    weight: 2,
    make: (d) => ['HINCRBYFLOAT', d.key('hash'), d.member(), d.value()],
  },
  {
    name: 'hscan',
    spoil: 'shape',
    make: (d) => ['HSCAN', d.key('hash'), '0', ...scanOptions(d), ...TAKES_ALL],
  },
  {
    name: 'hrandfield',
    weight: 2,
    make: (d) =>
      drawnFrom(d, {
        key: d.key('hash'),
        all: 'HGETALL',
        draws: 'HRANDFIELD',
        pairs: 'WITHVALUES',
      }),
  },
  {
    name: 'hrandfield',
    only: 'free',
    make: (d) => ['HRANDFIELD', d.key('hash'), ...d.maybe(0.7, fewEitherWay(d))],
  },
  ...(['hexpire', 'hpexpire', 'hexpireat', 'hpexpireat'] as const).map(
    (name): Generator => ({
      name,
      only: 'newer',
      make: (d) => {
        const unit = {
          hexpire: 'EX',
          hpexpire: 'PX',
          hexpireat: 'EXAT',
          hpexpireat: 'PXAT',
        } as const;
        const time = d.chance(0.2) ? '1' : d.expiry(unit[name]);
        const condition = d.maybe(0.3, d.pick(['NX', 'XX', 'GT', 'LT']));
        return [name.toUpperCase(), d.key('hash'), time, ...condition, ...expiring(d)];
      },
    }),
  ),
  ...['httl', 'hpttl', 'hexpiretime', 'hpexpiretime', 'hpersist', 'hgetdel'].map(
    (name): Generator => ({
      name,
      only: 'newer',
      make: (d) => [name.toUpperCase(), d.key('hash'), ...expiring(d)],
    }),
  ),
];
