import { assert } from '../base/assert.ts';

/** How many of `count` voters are a majority. */
export function majority(count: number): number {
  return (count >> 1) + 1;
}

/**
 * The greatest value that a majority of `values` has reached: of the log positions of all voters,
 * the one that is on a quorum of disks. 0 for no voters. Sorts `values` in place.
 */
export function quorumValue(values: number[]): number {
  const count = values.length;
  if (count === 0) return 0;
  values.sort((a, b) => a - b);
  const value = values[count - majority(count)];
  assert(value !== undefined, 'a majority of a non-empty set has a value');
  return value;
}

export type Tally = 'won' | 'lost' | 'pending';

/** Outcome of a vote: `votes` maps a voter to yes or no; who is missing has not answered. */
export function tally<Id>(voters: readonly Id[], votes: ReadonlyMap<Id, boolean>): Tally {
  let yes = 0;
  let no = 0;
  for (const voter of voters) {
    const vote = votes.get(voter);
    if (vote === true) yes++;
    else if (vote === false) no++;
  }
  const needed = majority(voters.length);
  if (voters.length === 0) return 'lost';
  if (yes >= needed) return 'won';
  return voters.length - no < needed ? 'lost' : 'pending';
}
