import type { Draw } from './draw.ts';

export const ODD_IDS: readonly string[] = ['0', '0-0', '5', '-', '$', '>', '1-', 'x', '1-x', ''];

/** IDs lie close together, so that commands meet what others have left. */
export function id(draw: Draw): string {
  if (draw.chance(0.03)) return draw.pick(ODD_IDS);
  return draw.chance(0.3) ? draw.entry() : `${draw.entry()}-${draw.below(3)}`;
}

export function rangeId(draw: Draw): string {
  if (draw.chance(0.25)) return draw.pick(['-', '+']);
  return draw.chance(0.2) ? `(${id(draw)}` : id(draw);
}

export function ids(draw: Draw): string[] {
  return draw.several(4, () => id(draw));
}
