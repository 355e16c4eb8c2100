import type { Draw } from './draw.ts';
import type { Generator, Step } from './generator.ts';

/** Many different members, so that the registers fill beyond the sparse form. */
function added(draw: Draw): string[] {
  if (draw.chance(0.1)) return [];
  const many = draw.chance(0.1) ? 400 : draw.look.bulk;
  return draw.several(many, () => (draw.chance(0.5) ? draw.member() : `${draw.below(1_000_000)}`));
}

/** To count one key Redis changes it, so a copy of it is counted. */
function counted(draw: Draw): Step {
  const key = draw.key('hyperloglog');
  return {
    commands: [
      ['COPY', key, 'copy', 'REPLACE'],
      ['PFCOUNT', 'copy'],
      ['DEL', 'copy'],
    ],
  };
}

export const hyperloglogCommands: readonly Generator[] = [
  { name: 'pfadd', weight: 5, make: (d) => ['PFADD', d.key('hyperloglog'), ...added(d)] },
  { name: 'pfcount', weight: 2, make: counted },
  {
    name: 'pfcount',
    weight: 2,
    spoil: 'nothing',
    make: (d) => ['PFCOUNT', d.key('hyperloglog'), ...d.keys('hyperloglog')],
  },
  {
    name: 'pfcount',
    spoil: 'nothing',
    make: (d) => ['PFCOUNT', d.key('hyperloglog'), d.anyKey()],
  },
  { name: 'pfmerge', make: (d) => ['PFMERGE', d.key('hyperloglog'), d.anyKey()] },
  { name: 'del', make: (d) => ['DEL', d.key('hyperloglog')] },
  {
    name: 'pfmerge',
    weight: 2,
    make: (d) => ['PFMERGE', d.key('hyperloglog'), ...(d.chance(0.1) ? [] : d.keys('hyperloglog'))],
  },
  {
    name: 'setrange',
    spoil: 'nothing',
    make: (d) => ['SETRANGE', d.key('hyperloglog'), `${d.below(4)}`, d.pick(['\x80', 'H', 'zz'])],
  },
  {
    name: 'pfdebug',
    spoil: 'shape',
    breaksWatch: true,
    make: (d) => [
      'PFDEBUG',
      d.pick(['ENCODING', 'todense', 'GETREG', 'nope']),
      d.key('hyperloglog'),
    ],
  },
  { name: 'get', make: (d) => ['GET', d.key('hyperloglog')] },
];
