import { MEMBER_WORDS } from '../../keyspace/entries.ts';
import type { KeyHash } from '../../keyspace/key-hash.ts';
import { KeyTable } from '../../keyspace/key-table.ts';
import { SetValue } from '../../keyspace/set-value.ts';
import type { SortedSet } from '../../keyspace/sorted-set.ts';
import { Elements } from './replies.ts';

/** How two scores of the same member become one. */
export type Aggregate = 'sum' | 'min' | 'max';

/** An input: a sorted set, or a set, in which every score is 1; times a weight. */
export interface Source {
  readonly size: number;
  readonly weight: number;
  /** Without the weight. */
  score(member: string): number | undefined;
  /** With scores without the weight. */
  forEach(visit: (member: string, score: number) => void): void;
  /** Visits members in any order until `visit` says false. */
  everyMember(visit: (member: string) => boolean): void;
}

const NOTHING: Source = {
  size: 0,
  weight: 1,
  score: () => undefined,
  forEach: () => {},
  everyMember: () => {},
};

/** What is at a key as an input; nothing is an empty one. */
export function sourceOf(value: SortedSet | SetValue | undefined, weight: number): Source {
  if (value === undefined) return { ...NOTHING, weight };
  if (!(value instanceof SetValue)) {
    return {
      size: value.size,
      weight,
      score: (member) => value.score(member),
      forEach: (visit) => value.forEach(visit),
      everyMember: (visit) => value.everyMember(visit),
    };
  }
  return {
    size: value.size,
    weight,
    score: (member) => (value.has(member) ? 1 : undefined),
    forEach: (visit) => {
      value.forEach((member) => {
        visit(member, 1);
      });
    },
    everyMember: (visit) => {
      value.every(visit);
    },
  };
}

/** The members of all sources, in order. */
export function union(hash: KeyHash, sources: readonly Source[], aggregate: Aggregate): Elements {
  const scores = new KeyTable<number>(hash, MEMBER_WORDS, Number.NaN);
  for (const source of bySize(sources)) {
    source.forEach((member, unweighted) => {
      const score = weighted(unweighted, source.weight);
      const id = scores.find(member);
      if (id === -1) scores.add(member, score);
      else scores.entries.setValue(id, aggregated(scores.entries.value(id), score, aggregate));
    });
  }
  return sorted(elementsOf(scores));
}

/** The members that are in every source, in order. */
export function intersection(sources: readonly Source[], aggregate: Aggregate): Elements {
  const [smallest, ...others] = bySize(sources);
  const elements = new Elements();
  smallest?.forEach((member, unweighted) => {
    let score = weighted(unweighted, smallest.weight);
    for (const other of others) {
      const found = other.score(member);
      if (found === undefined) return;
      score = aggregated(score, found * other.weight, aggregate);
    }
    elements.add(member, score);
  });
  return sorted(elements);
}

/** How many members are in every source; no more than `limit` are counted, 0: no limit. */
export function intersectionSize(sources: readonly Source[], limit: number): number {
  const [smallest, ...others] = bySize(sources);
  let size = 0;
  smallest?.everyMember((member) => {
    if (others.every((other) => other.score(member) !== undefined)) size++;
    return size !== limit || limit === 0;
  });
  return size;
}

/** The members of the first source that are in none of the others, in order. */
export function difference(hash: KeyHash, sources: readonly Source[]): Elements {
  const [first, ...others] = sources;
  if (first === undefined || first.size === 0) return new Elements();
  let total = 0;
  for (const source of sources) total += source.size;
  // Looking each member up in the others ends early for those that are not wanted.
  if ((first.size * sources.length) / 2 <= total) {
    const elements = new Elements();
    const largestFirst = bySize(others).reverse();
    first.forEach((member, score) => {
      if (largestFirst.some((other) => other.score(member) !== undefined)) return;
      elements.add(member, score);
    });
    return sorted(elements);
  }
  const left = new KeyTable<number>(hash, MEMBER_WORDS, Number.NaN);
  first.forEach((member, score) => {
    left.add(member, score);
  });
  for (const other of others) {
    other.forEach((member) => {
      const id = left.find(member);
      if (id !== -1) left.remove(id);
    });
  }
  return sorted(elementsOf(left));
}

/** From the smallest to the largest: the order in which Redis adds scores up. */
function bySize(sources: readonly Source[]): Source[] {
  return [...sources].sort((a, b) => a.size - b.size);
}

/** Infinity times nothing is nothing here. */
function weighted(score: number, weight: number): number {
  const product = score * weight;
  return Number.isNaN(product) ? 0 : product;
}

/** The second score may be no number: that adds up to 0, and is neither smaller nor greater. */
function aggregated(a: number, b: number, aggregate: Aggregate): number {
  if (aggregate === 'min') return b < a ? b : a;
  if (aggregate === 'max') return b > a ? b : a;
  const sum = a + b;
  return Number.isNaN(sum) ? 0 : sum;
}

function elementsOf({ entries }: KeyTable<number>): Elements {
  const elements = new Elements();
  for (let id = 0; id < entries.count; id++) elements.add(entries.key(id), entries.value(id));
  return elements;
}

/** The same elements in the order of a sorted set. */
export function sorted({ members, scores }: Elements): Elements {
  const order = new Uint32Array(members.length).map((_, i) => i);
  order.sort((i, k) => {
    const difference = (scores[i] as number) - (scores[k] as number);
    if (difference < 0 || difference > 0) return difference;
    // Of two equal infinities the difference is no number.
    return (members[i] as string) < (members[k] as string) ? -1 : 1;
  });
  const elements = new Elements();
  for (const i of order) elements.add(members[i] as string, scores[i] as number);
  return elements;
}
