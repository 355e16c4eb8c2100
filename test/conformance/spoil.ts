import type { Draw } from './draw.ts';
import type { Words } from './generator.ts';

/**
 * `words` with something wrong: one missing, one too many, one that is another. `shape`: only missing
 * or too many, or in lower case.
 */
export function spoilt(draw: Draw, words: Words, how: 'words' | 'shape'): string[] {
  const at = 1 + draw.below(Math.max(1, words.length - 1));
  const head = words.slice(0, at);
  const tail = words.slice(at);
  switch (draw.below(how === 'shape' ? 4 : 8)) {
    case 0:
      return [...head, ...tail.slice(1)];
    case 1:
      return words.slice(0, Math.max(1, words.length - 1));
    case 2:
      return [...words, 'extra'];
    case 3:
      return words.map((word, i) => (i === 0 || draw.chance(0.3) ? word.toLowerCase() : word));
    case 4:
      return [...head, draw.pick(words), ...tail.slice(1)];
    case 5:
      return [...head, draw.odd(), ...tail];
    default:
      return [...head, draw.odd(), ...tail.slice(1)];
  }
}
