import type { Draw } from './draw.ts';
import type { Generator } from './generator.ts';

function side(draw: Draw): string {
  return draw.chance(0.02) ? draw.odd() : draw.pick(['LEFT', 'right', 'RIGHT']);
}

function elements(draw: Draw): string[] {
  return draw.several(draw.look.bulk, () => (draw.chance(0.7) ? draw.member() : draw.value()));
}

export const listCommands: readonly Generator[] = [
  { name: 'rpush', weight: 4, make: (d) => ['RPUSH', d.key('list'), ...elements(d)] },
  { name: 'lpush', weight: 4, make: (d) => ['LPUSH', d.key('list'), ...elements(d)] },
  { name: 'rpushx', make: (d) => ['RPUSHX', d.key('list'), ...elements(d)] },
  { name: 'lpushx', make: (d) => ['LPUSHX', d.key('list'), ...elements(d)] },
  { name: 'lpop', weight: 2, make: (d) => ['LPOP', d.key('list'), ...d.maybe(0.5, d.count())] },
  { name: 'rpop', weight: 2, make: (d) => ['RPOP', d.key('list'), ...d.maybe(0.5, d.count())] },
  { name: 'llen', make: (d) => ['LLEN', d.key('list')] },
  { name: 'lindex', weight: 2, make: (d) => ['LINDEX', d.key('list'), d.index()] },
  { name: 'lset', weight: 2, make: (d) => ['LSET', d.key('list'), d.index(), d.value()] },
  { name: 'lrange', weight: 2, make: (d) => ['LRANGE', d.key('list'), d.index(), d.index()] },
  { name: 'ltrim', make: (d) => ['LTRIM', d.key('list'), d.index(), d.index()] },
  {
    name: 'lrem',
    weight: 2,
    make: (d) => ['LREM', d.key('list'), d.pick(['0', '1', '-1', '2', '-3', d.odd()]), d.member()],
  },
  {
    name: 'linsert',
    weight: 3,
    make: (d) => [
      'LINSERT',
      d.key('list'),
      d.pick(['BEFORE', 'after', 'AFTER', 'BEFORE', 'x']),
      d.member(),
      d.value(),
    ],
  },
  {
    name: 'lpos',
    weight: 2,
    make: (d) => [
      'LPOS',
      d.key('list'),
      d.member(),
      ...d.some(
        0.3,
        ['RANK', d.pick(['1', '-1', '2', '-2', '0', d.integer()])],
        ['COUNT', d.pick(['0', '1', '2', '-1', d.count()])],
        ['MAXLEN', d.pick(['0', '1', '10', '-1', d.count()])],
      ),
    ],
  },
  {
    name: 'lmove',
    weight: 2,
    make: (d) => ['LMOVE', d.key('list'), d.key('list'), side(d), side(d)],
  },
  { name: 'rpoplpush', weight: 2, make: (d) => ['RPOPLPUSH', d.key('list'), d.key('list')] },
  {
    name: 'lmpop',
    weight: 2,
    make: (d) => ['LMPOP', ...d.counted('list'), side(d), ...d.maybe(0.5, 'COUNT', d.count())],
  },
];
