import {
  Branch,
  branchesOver,
  childFor,
  firstNot,
  insertInto,
  Leaf,
  leavesOf,
  newScores,
  placeIn,
  removeFrom,
} from './ranked-nodes.ts';

/**
 * Pairs of a score and a member in order of the score, then of the member's bytes; no pair is there
 * twice. A B+ tree that counts: it finds a pair by its rank and the rank of a pair in O(log n), and
 * goes on from there along the leaves. -0 and 0 are equal, NaN must not come in.
 */
export class RankedTree {
  #root: Leaf | Branch = new Leaf(newScores(), []);
  #size = 0;

  /** A tree of pairs that are in order. `scores` was made by {@link newScores}. */
  static ofSorted(members: readonly string[], scores: readonly number[]): RankedTree {
    const tree = new RankedTree();
    let nodes: readonly (Leaf | Branch)[] = leavesOf(members, scores);
    while (nodes.length > 1) nodes = branchesOver(nodes);
    tree.#root = nodes[0] ?? tree.#root;
    tree.#size = members.length;
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a pair that is not there. */
  insert(score: number, member: string): void {
    const sibling = insertInto(this.#root, score, member);
    if (sibling !== undefined) this.#root = Branch.of(this.#root, sibling);
    this.#size++;
  }

  /** Removes a pair that is there. */
  remove(score: number, member: string): void {
    removeFrom(this.#root, score, member);
    this.#size--;
    const root = this.#root;
    if (root instanceof Branch && root.children.length <= 1) {
      this.#root = root.children[0] ?? new Leaf(newScores(), []);
    }
  }

  /** Gives the pair of `member` and `old`, which is there, another score. */
  move(member: string, old: number, score: number): void {
    const leaf = this.#leafOf(old, member);
    const i = placeIn(leaf, old, member);
    // Where it stays between its neighbours, which it does at small steps, nothing has to move.
    if (i > 0 && i < leaf.members.length - 1) {
      if (leaf.isBefore(i - 1, score, member) && !leaf.isBefore(i + 1, score, member)) {
        leaf.scores[i] = score;
        return;
      }
    }
    this.remove(old, member);
    this.insert(score, member);
  }

  /** Number of pairs before this one, whether or not it is there. */
  rank(score: number, member: string): number {
    let before = 0;
    let node = this.#root;
    while (node instanceof Branch) {
      const i = childFor(node, score, member);
      for (let k = 0; k < i; k++) before += node.sizes[k] as number;
      node = node.children[i] as Leaf | Branch;
    }
    return before + placeIn(node, score, member);
  }

  /** Number of pairs for which `isBelow` holds; it must hold for the first ones and no others. */
  countWhile(isBelow: (score: number, member: string) => boolean): number {
    let below = 0;
    let node = this.#root;
    while (node instanceof Branch) {
      const i = firstNot(node, 1, isBelow) - 1;
      for (let k = 0; k < i; k++) below += node.sizes[k] as number;
      node = node.children[i] as Leaf | Branch;
    }
    return below + firstNot(node, 0, isBelow);
  }

  /** Visits `count` pairs from rank `first` on, upwards. They must be there. */
  ascend(first: number, count: number, visit: (member: string, score: number) => void): void {
    if (count === 0) return;
    let { leaf, at } = this.#locate(first);
    for (let left = count; ; at = 0) {
      const end = Math.min(leaf.members.length, at + left);
      for (let i = at; i < end; i++) visit(leaf.members[i] as string, leaf.scores[i] as number);
      left -= end - at;
      if (left === 0 || leaf.next === undefined) return;
      leaf = leaf.next;
    }
  }

  #leafOf(score: number, member: string): Leaf {
    let node = this.#root;
    while (node instanceof Branch) {
      node = node.children[childFor(node, score, member)] as Leaf | Branch;
    }
    return node;
  }

  #locate(rank: number): { leaf: Leaf; at: number } {
    let at = rank;
    let node = this.#root;
    while (node instanceof Branch) {
      let i = 0;
      for (; at >= (node.sizes[i] as number); i++) at -= node.sizes[i] as number;
      node = node.children[i] as Leaf | Branch;
    }
    return { leaf: node, at };
  }
}
