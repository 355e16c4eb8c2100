import { RETIRED_NAMES } from './legacy.ts';
import { findLegacyParameter, findParameter, PARAMETERS } from './parameters.ts';

/** The name of the parameter that `name`, which nobody knows, may be meant for; null if none is near. */
export function suggestName(name: string): string | null {
  const lower = name.toLowerCase();
  const exact = findLegacyParameter(lower) ?? findParameter(lower.replaceAll('_', '-'));
  if (exact !== undefined) return exact.name;
  if (RETIRED_NAMES.slice(0, 2).includes(lower)) return 'raft.slot-config';
  const names = PARAMETERS.filter((p) => p.hidden !== true).map((p) => p.name);
  const errors = lower.length < 3 ? 0 : lower.length < 5 ? 1 : 2;
  return nearest(lower, names, errors) ?? nearest(`raft.${lower}`, names, errors);
}

/** The nearest of `names` that is at most so many typing errors away. */
function nearest(name: string, names: readonly string[], errors: number): string | null {
  let best: string | null = null;
  let bestDistance = errors + 1;
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Chars to insert, drop, replace or swap with their neighbour to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? least) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
