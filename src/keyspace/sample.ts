import type { Prng } from '../base/prng.ts';

/** Draws before every number is looked at. */
const TRIES = 100;

/**
 * One of the numbers 0 … count - 1 that are not gone, each with the same probability; -1 if there is
 * none. Those gone are drawn again; only while nearly all are gone are they gone through one by one.
 */
export function sampleId(random: Prng, count: number, isGone: (id: number) => boolean): number {
  if (count === 0) return -1;
  for (let i = 0; i < TRIES; i++) {
    const id = random.below(count);
    if (!isGone(id)) return id;
  }
  const start = random.below(count);
  for (let i = 0; i < count; i++) {
    const id = (start + i) % count;
    if (!isGone(id)) return id;
  }
  return -1;
}
