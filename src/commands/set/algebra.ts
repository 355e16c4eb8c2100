import type { KeyHash } from '../../keyspace/key-hash.ts';
import { everyScattered } from '../../keyspace/scatter.ts';
import { SetValue } from '../../keyspace/set-value.ts';

/** The sets of a set operation in the order of their keys; undefined: no such key, so empty. */
export type Sources = readonly (SetValue | undefined)[];

/**
 * Visits what is a member of every set until `visit` says false: goes through the smallest set and
 * looks in the others, smaller ones first. `views` says whether the members may be views.
 */
export function intersect(
  sources: Sources,
  visit: (member: string, views: boolean) => boolean,
): void {
  const [smallest, ...others] = smallestFirst(sources);
  if (smallest === undefined) return;
  const views = smallest.lendsViews;
  smallest.every((member) => !isInAll(others, member) || visit(member, views));
}

/** How many members are in every set; counting ends at `limit`, which may be infinite. */
export function intersectionSize(sources: Sources, limit: number): number {
  const [smallest, ...others] = smallestFirst(sources);
  if (smallest === undefined) return 0;
  let size = 0;
  const count = (member: string): boolean => !isInAll(others, member) || ++size < limit;
  // Members added at about the same time are often all in the other sets or all not.
  if (limit < smallest.size && !smallest.lendsViews) {
    everyScattered(smallest.size, (number) => count(smallest.at(number)));
  } else {
    smallest.every(count);
  }
  return size;
}

/** Different sets by size; none if one of them is empty. */
function smallestFirst(sources: Sources): SetValue[] {
  const sets = new Set<SetValue>();
  for (const set of sources) {
    if (set === undefined) return [];
    sets.add(set);
  }
  return [...sets].sort((a, b) => a.size - b.size);
}

function isInAll(sets: readonly SetValue[], member: string): boolean {
  for (const set of sets) if (!set.has(member)) return false;
  return true;
}

/** Up to so many members a JS Set is quicker than a table that has to be made first. */
const SMALL_UNION = 1000;

/** The members of all sets, each once. */
export function unionList(sources: Sources, hash: KeyHash): string[] {
  let total = 0;
  for (const set of sources) total += set?.size ?? 0;
  if (total > SMALL_UNION) {
    const union = new SetValue(hash, 'hashtable');
    unite(sources, union);
    return union.members();
  }
  const members = new Set<string>();
  for (const set of sources) {
    set?.forEach((member) => {
      members.add(member);
    });
  }
  return [...members];
}

/** Adds the members of all sets to `target`. */
export function unite(sources: Sources, target: SetValue): void {
  for (const set of new Set(sources)) if (set !== undefined) addAll(target, set);
}

/** What the first set has and no other one, in a set in the form that Redis leaves it in. */
export function difference(sources: Sources, hash: KeyHash): SetValue {
  const result = new SetValue(hash);
  const [first, ...others] = sources;
  if (first === undefined || others.includes(first)) return result;
  if (looksUp(sources)) {
    const views = first.lendsViews;
    visitDifference(first, others, (member) => {
      result.add(member, views);
    });
  } else {
    addAll(result, first);
    removeAll(result, others);
  }
  return result;
}

/** The same as a list. */
export function differenceList(sources: Sources, hash: KeyHash): string[] {
  const [first, ...others] = sources;
  if (first === undefined || others.includes(first)) return [];
  if (!looksUp(sources)) {
    const rest = new SetValue(hash, 'hashtable');
    addAll(rest, first);
    removeAll(rest, others);
    return rest.members();
  }
  const members: string[] = [];
  visitDifference(first, others, (member) => {
    members.push(member);
  });
  return members;
}

/**
 * Whether to look each member of the first set up in the others, rather than to remove theirs from a
 * copy of it: whether that is half the work, as a look-up often ends at the first set that has it.
 */
function looksUp(sources: Sources): boolean {
  const first = sources[0]?.size ?? 0;
  let lookups = 0;
  let removals = 0;
  for (const set of sources) {
    if (set === undefined) continue;
    lookups += first;
    removals += set.size;
  }
  return Math.floor(lookups / 2) <= removals;
}

function visitDifference(first: SetValue, others: Sources, visit: (member: string) => void): void {
  const sets = others.filter((set) => set !== undefined);
  // In the greatest set a member is most likely to be found.
  sets.sort((a, b) => b.size - a.size);
  first.forEach((member) => {
    for (const set of sets) if (set.has(member)) return;
    visit(member);
  });
}

function addAll(target: SetValue, set: SetValue): void {
  const views = set.lendsViews;
  set.forEach((member) => {
    target.add(member, views);
  });
}

function removeAll(target: SetValue, sets: Sources): void {
  for (const set of sets) {
    if (target.size === 0) return;
    set?.forEach((member) => {
      target.remove(member);
    });
  }
}
