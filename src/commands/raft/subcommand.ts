import type { Args } from '../../resp/args.ts';

/**
 * The first of `names` (upper case) that argument `i` is the beginning of, in any case: RAFT.*
 * takes shortened words, and an empty one for the first name.
 */
export function matchSubcommand<Name extends string>(
  args: Args,
  i: number,
  names: readonly Name[],
): Name | undefined {
  const word = args.string(i).toUpperCase();
  return names.find((name) => name.startsWith(word));
}
