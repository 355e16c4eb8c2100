import type { Prng } from '../../base/prng.ts';

/** Up to this part of all numbers, those drawn are remembered; beyond it, all are shuffled. */
const SPARSE_PART = 1 / 3;
/** A JS Set gets slow and at last full. */
const MAX_REMEMBERED = 1_000_000;

/**
 * `count` different numbers below `size` (`count` ≤ `size`) in random order; every choice has the
 * same probability.
 */
export function sample(random: Prng, size: number, count: number): Uint32Array {
  if (count > MAX_REMEMBERED || count > size * SPARSE_PART) return shuffled(random, size, count);
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.below(size));
  return Uint32Array.from(drawn);
}

function shuffled(random: Prng, size: number, count: number): Uint32Array {
  const numbers = new Uint32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = i;
  for (let i = 0; i < count; i++) {
    const other = i + random.below(size - i);
    const number = numbers[other] as number;
    numbers[other] = numbers[i] as number;
    numbers[i] = number;
  }
  return numbers.subarray(0, count);
}
