import type { Draw } from './draw.ts';
import type { Generator, Words } from './generator.ts';

/** Draws a command to be put between WATCH and MULTI, or inside. */
type Other = (inside: boolean) => readonly Words[];

/** Wraps commands of others into a transaction, with a watch that may be broken. */
export function transaction(draw: Draw, other: Other): Words[] {
  const watched: Words[] = draw.chance(0.6)
    ? [['WATCH', ...draw.several(3, () => draw.anyKey())]]
    : [];
  const between = draw.chance(0.6) ? several(draw, () => other(false)) : [];
  const inside = several(draw, () => other(true));
  if (draw.chance(0.05)) inside.push(['WATCH', draw.anyKey()]);
  if (draw.chance(0.1)) inside.push(['SELECT', String(draw.below(3))], ...other(true));
  if (draw.chance(0.03)) inside.push(['MULTI']);
  if (draw.chance(0.05)) inside.push(['UNWATCH']);
  return [...watched, ...between, ['MULTI'], ...inside, [draw.chance(0.9) ? 'EXEC' : 'DISCARD']];
}

function several(draw: Draw, other: () => readonly Words[]): Words[] {
  const commands: Words[] = [];
  for (let i = draw.below(4); i >= 0; i--) commands.push(...other());
  return commands;
}

export const transactionCommands: readonly Generator[] = [
  { name: 'watch', make: (d) => ['WATCH', ...d.several(3, () => d.anyKey())] },
  { name: 'unwatch', make: () => ['UNWATCH'] },
  { name: 'exec', make: () => ['EXEC'] },
  { name: 'discard', make: () => ['DISCARD'] },
];
