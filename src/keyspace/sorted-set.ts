import type { KeyHash } from './key-hash.ts';
import { packedAt, packedSplice } from './packed.ts';
import { everyScattered } from './scatter.ts';
import { addLarge, deleteLarge, type Large, newLarge, setLarge } from './sorted-set-large.ts';
import {
  packScored,
  scoredCollect,
  scoredCountWhile,
  scoredFind,
  scoredNext,
  scoredRank,
  scoredScore,
  scoredSeek,
  scoredSet,
  scoredWalk,
} from './sorted-set-pack.ts';
import {
  belowLexMin,
  belowMin,
  type Columns,
  type LexRange,
  type ScoreRange,
  type Span,
  withinLexMax,
  withinMax,
} from './sorted-set-range.ts';
import { type Collection, type DigestSink, flat } from './value.ts';

/** Most elements and longest member of the small form: Redis's defaults. */
const MAX_SMALL_SIZE = 128;
const MAX_SMALL_MEMBER = 64;

/** About what the two forms take beside the members: objects, and for each element of a large one. */
const BASE_BYTES = 64;
const LARGE_BYTES = 2048;
const ELEMENT_BYTES = 72;

/**
 * Members with scores, in order of the score and then of the member's bytes. Small ones are one
 * packed string; large ones a hash table and a tree. As in Redis, what has become large stays so.
 *
 * Scores are any doubles but NaN; -0 and 0 are equal in order, and the small form knows only 0. What
 * a set does depends on its elements and its form alone, not on how it came by them.
 */
export class SortedSet implements Collection {
  readonly #hash: KeyHash;
  #form: string | Large = '';
  #size = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  /** A set of elements that are in order already, in the form they need. */
  static ofSorted(hash: KeyHash, members: readonly string[], scores: ArrayLike<number>): SortedSet {
    const set = new SortedSet(hash);
    if (members.length > MAX_SMALL_SIZE || members.some(isLong)) set.widen();
    const parts: string[] = [];
    members.forEach((member, i) => {
      const score = scores[i] as number;
      if (typeof set.#form === 'string') parts.push(packScored(member, score));
      else addLarge(set.#form, flat(member), score);
    });
    if (typeof set.#form === 'string') set.#form = flat(parts.join(''));
    set.#size = members.length;
    return set;
  }

  /** A large set that was put together outside. */
  static ofLarge(hash: KeyHash, large: Large): SortedSet {
    const set = new SortedSet(hash);
    set.#form = large;
    set.#size = large.table.entries.count;
    return set;
  }

  /** What a large set is made of, for images. */
  get large(): Large | undefined {
    return typeof this.#form === 'string' ? undefined : this.#form;
  }

  get type(): 'zset' {
    return 'zset';
  }

  get size(): number {
    return this.#size;
  }

  encoding(): string {
    return typeof this.#form === 'string' ? 'listpack' : 'skiplist';
  }

  /** Takes the large form, whatever the size. */
  widen(): void {
    if (typeof this.#form !== 'string') return;
    const large = newLarge(this.#hash);
    this.forEach((member, score) => {
      addLarge(large, flat(member), score);
    });
    this.#form = large;
  }

  /** The score of a member; undefined if it is not there. */
  score(member: string): number | undefined {
    const form = this.#form;
    if (typeof form === 'string') {
      const at = scoredFind(form, member);
      return at === -1 ? undefined : scoredScore(form, at);
    }
    const id = form.table.find(member);
    return id === -1 ? undefined : form.table.entries.value(id);
  }

  /** Adds a member or gives it another score. `member` is flat. */
  set(member: string, score: number): void {
    if (typeof this.#form === 'string') {
      if (this.#setSmall(this.#form, member, score)) return;
      this.widen();
      this.set(member, score);
      return;
    }
    if (setLarge(this.#form, member, score)) this.#size++;
  }

  /** Returns whether the element fits. */
  #setSmall(packed: string, member: string, score: number): boolean {
    const old = scoredFind(packed, member);
    if (old === -1) {
      if (this.#size >= MAX_SMALL_SIZE || isLong(member)) return false;
      this.#size++;
    } else if (scoredScore(packed, old) === score) {
      return true;
    }
    this.#form = scoredSet(packed, old, { member, score });
    return true;
  }

  /** Returns whether the member was there. */
  delete(member: string): boolean {
    const form = this.#form;
    if (typeof form === 'string') {
      const at = scoredFind(form, member);
      if (at === -1) return false;
      this.#form = packedSplice(form, at, scoredNext(form, at), '');
    } else if (!deleteLarge(form, member)) {
      return false;
    }
    this.#size--;
    return true;
  }

  /** Removes elements by rank. They must be there. */
  deleteSpan({ first, count }: Span): void {
    const form = this.#form;
    if (typeof form === 'string') {
      const start = scoredSeek(form, 0, first);
      this.#form = packedSplice(form, start, scoredSeek(form, start, count), '');
      this.#size -= count;
    } else if (count === this.#size) {
      form.parts?.abandon();
      this.#form = newLarge(this.#hash);
      this.#size = 0;
    } else {
      const members: string[] = [];
      form.tree.ascend(first, count, (member) => members.push(member));
      for (const member of members) this.delete(member);
    }
  }

  /** How many elements come before a member; -1 if it is not there. */
  rank(member: string): number {
    const form = this.#form;
    if (typeof form !== 'string') {
      const id = form.table.find(member);
      return id === -1 ? -1 : form.tree.rank(form.table.entries.value(id), member);
    }
    const at = scoredFind(form, member);
    return at === -1 ? -1 : scoredRank(form, at);
  }

  /** The elements with scores in a range. */
  scoreSpan(range: ScoreRange): Span {
    const first = this.#countWhile(belowMin(range));
    return { first, count: Math.max(0, this.#countWhile(withinMax(range)) - first) };
  }

  /** The elements with members in a range. Makes sense where all scores are equal. */
  lexSpan(range: LexRange): Span {
    const first = this.#countWhile(belowLexMin(range));
    const end = this.#countWhile(withinLexMax(range));
    return { first, count: Math.max(0, end - first) };
  }

  #countWhile(isBelow: (score: number, member: string) => boolean): number {
    const form = this.#form;
    if (typeof form === 'string') return scoredCountWhile(form, isBelow);
    return form.tree.countWhile(isBelow);
  }

  /** Appends elements by rank, upwards, to columns. They must be there. */
  collect(span: Span, columns: Columns): void {
    const form = this.#form;
    if (typeof form === 'string') {
      scoredCollect(form, span, columns);
      return;
    }
    const { members, scores } = columns;
    form.tree.ascend(span.first, span.count, (member, score) => {
      members.push(member);
      scores.push(score);
    });
  }

  /** Visits elements by rank, upwards. They must be there. `visit` must not change the set. */
  walk(span: Span, visit: (member: string, score: number) => void): void {
    const form = this.#form;
    if (typeof form === 'string') scoredWalk(form, span, visit);
    else form.tree.ascend(span.first, span.count, visit);
  }

  /** Visits all elements in order. `visit` must not change the set. */
  forEach(visit: (member: string, score: number) => void): void {
    this.walk({ first: 0, count: this.#size }, visit);
  }

  /**
   * Visits the members until `visit` says false; many of them in an order that has nothing to do with
   * that of the set.
   */
  everyMember(visit: (member: string) => boolean): void {
    const form = this.#form;
    if (typeof form !== 'string') {
      const { entries } = form.table;
      everyScattered(entries.count, (id) => visit(entries.key(id)));
      return;
    }
    for (let at = 0; at < form.length; at = scoredNext(form, at)) {
      if (!visit(packedAt(form, at))) return;
    }
  }

  /** The members of ranks `start` to `stop`, both included. They must be there. */
  range(start: number, stop: number): string[] {
    const members: string[] = [];
    this.collect({ first: start, count: stop - start + 1 }, { members, scores: [] });
    return members;
  }

  /**
   * Visits some elements from `position` on, and returns where to go on or 0: see `KeyTable.scan`. A
   * small set is visited whole.
   */
  scan(position: number, visit: (member: string, score: number) => void): number {
    const form = this.#form;
    if (typeof form === 'string') {
      this.forEach(visit);
      return 0;
    }
    const { entries } = form.table;
    return form.table.scan(position, (id) => visit(entries.key(id), entries.value(id)));
  }

  memory(samples: number): number {
    if (typeof this.#form === 'string') return BASE_BYTES + this.#form.length;
    const count = samples === 0 ? this.#size : Math.min(samples, this.#size);
    let length = 0;
    this.walk({ first: 0, count }, (member) => {
      length += member.length;
    });
    const each = ELEMENT_BYTES + (count === 0 ? 0 : length / count);
    return Math.round(LARGE_BYTES + each * this.#size);
  }

  copy(): SortedSet {
    const copy = new SortedSet(this.#hash);
    if (typeof this.#form !== 'string') copy.widen();
    const form = copy.#form;
    if (typeof form === 'string') copy.#form = this.#form;
    else
      this.walk({ first: 0, count: this.#size }, (member, score) => addLarge(form, member, score));
    copy.#size = this.#size;
    return copy;
  }

  feed(sink: DigestSink): void {
    this.forEach((member, score) => {
      sink.text(member);
      sink.number(score);
    });
  }
}

function isLong(member: string): boolean {
  return member.length > MAX_SMALL_MEMBER;
}
