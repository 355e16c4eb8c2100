import type { Decoded } from './decode.ts';
import type { Words } from './generator.ts';

/** A way in which balsa answers otherwise than Redis 7.0, on purpose. */
export interface KnownDifference {
  readonly reason: string;
  /** Whether this is why the replies to the last of some commands differ. */
  readonly explains: (words: Words, ours: Decoded, theirs: Decoded) => boolean;
  /** Commands on empty servers, the last of which is answered differently. */
  readonly example: readonly Words[];
}

function isCall(words: Words, ...names: readonly string[]): boolean {
  return names.every((name, i) => (words[i] ?? '').toUpperCase() === name);
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: 'Since 7.2 a small set of text is a listpack; in 7.0 it is a hash table at once.',
    explains: (words, ours, theirs) =>
      isCall(words, 'OBJECT', 'ENCODING') &&
      ours.text === 'listpack' &&
      theirs.text === 'hashtable',
    example: [
      ['SADD', 'e', 'text'],
      ['OBJECT', 'ENCODING', 'e'],
    ],
  },
];

export function knownDifference(
  words: Words,
  ours: Decoded,
  theirs: Decoded,
): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(({ explains }) => explains(words, ours, theirs));
}
