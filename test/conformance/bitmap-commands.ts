import type { Draw } from './draw.ts';
import type { Generator } from './generator.ts';

/** Small enough that a string does not grow beyond some kilobytes. */
function offset(draw: Draw): string {
  if (draw.chance(0.03)) return draw.pick(['-1', 'x', '4294967296', '9223372036854775807', '']);
  return String(draw.below(draw.chance(0.7) ? 64 : 20_000));
}

function fieldType(draw: Draw): string {
  if (draw.chance(0.03)) return draw.pick(['u64', 'i65', 'u0', 'i0', 'x8', 'u', 'I8', '8']);
  const signed = draw.chance(0.5);
  const most = signed ? 64 : 63;
  const bits = draw.chance(0.6) ? draw.pick([1, 4, 8, 16, 32]) : 1 + draw.below(most);
  return `${signed ? 'i' : 'u'}${bits}`;
}

function fieldOffset(draw: Draw): string {
  if (draw.chance(0.03)) return draw.pick(['#', '-1', 'x', '#-1', '4294967296', '#9999999999']);
  return draw.chance(0.4) ? `#${draw.below(12)}` : String(draw.below(200));
}

/** Not the smallest there is: Redis's saturation wraps around. */
function fieldValue(draw: Draw): string {
  if (!draw.chance(0.15)) return String(draw.below(600) - 300);
  const value = draw.integer();
  return draw.comparable && value === '-9223372036854775808' ? '-4611686018427387904' : value;
}

function operation(draw: Draw): string[] {
  const at = [fieldType(draw), fieldOffset(draw)];
  switch (draw.below(6)) {
    case 0:
    case 1:
      return ['GET', ...at];
    case 2:
      return ['SET', ...at, fieldValue(draw)];
    case 3:
      return ['OVERFLOW', draw.pick(['WRAP', 'sat', 'FAIL', 'FAIL', draw.odd()])];
    default:
      return ['INCRBY', ...at, fieldValue(draw)];
  }
}

function range(draw: Draw): string[] {
  if (draw.chance(0.3)) return [];
  const unit = draw.maybe(0.5, draw.pick(['BYTE', 'BIT', 'bit', 'foo']));
  return [draw.integer(), draw.integer(), ...unit];
}

export const bitmapCommands: readonly Generator[] = [
  {
    name: 'setbit',
    weight: 3,
    spoil: 'shape',
    make: (d) => ['SETBIT', d.key('bitmap'), offset(d), d.chance(0.03) ? d.odd() : `${d.below(2)}`],
  },
  { name: 'getbit', weight: 2, make: (d) => ['GETBIT', d.key('bitmap'), offset(d)] },
  { name: 'bitcount', weight: 2, make: (d) => ['BITCOUNT', d.key('bitmap'), ...range(d)] },
  {
    name: 'bitpos',
    weight: 2,
    make: (d) => [
      'BITPOS',
      d.key('bitmap'),
      d.chance(0.03) ? d.odd() : `${d.below(2)}`,
      ...(d.chance(0.2) ? [d.integer()] : range(d)),
    ],
  },
  {
    name: 'bitop',
    weight: 2,
    make: (d) => {
      const name = d.pick(['AND', 'or', 'XOR', 'NOT', 'NOT', 'nope']);
      const keys = name === 'NOT' && d.chance(0.9) ? [d.key('bitmap')] : d.keys('bitmap');
      return ['BITOP', name, d.key('bitmap'), ...keys];
    },
  },
  {
    name: 'bitfield',
    // It makes a key that is not there, of zeros, even if all its operations fail.
    breaksWatch: true,
    weight: 4,
    spoil: 'shape',
    make: (d) => ['BITFIELD', d.key('bitmap'), ...d.several(4, () => operation(d))],
  },
  {
    name: 'bitfield_ro',
    make: (d) => [
      'BITFIELD_RO',
      d.key('bitmap'),
      ...d.several(3, () => (d.chance(0.9) ? ['GET', fieldType(d), fieldOffset(d)] : operation(d))),
    ],
  },
];
