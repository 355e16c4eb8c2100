/** How far one number lies from the next, as a part of all: neighbours come as late as they can. */
const GOLDEN_PART = 0.618;

/**
 * Visits the numbers 0 … count - 1, each once, until `visit` says false; returns whether it never did.
 * The order leaps about: whoever looks for a few elements of some kind finds them soon even where
 * they lie close together. It depends on `count` alone.
 */
export function everyScattered(count: number, visit: (number: number) => boolean): boolean {
  let range = 1;
  while (range < count) range *= 2;
  const step = Math.floor(range * GOLDEN_PART) | 1;
  // An odd step meets each number below a power of two once.
  for (let i = 0, number = 0; i < range; i++, number = (number + step) % range) {
    if (number < count && !visit(number)) return false;
  }
  return true;
}
