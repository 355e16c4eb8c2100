/** Most elements of a leaf and most children of a branch. */
const NODE_ITEMS = 64;
/** A node with fewer looks for a neighbour to be merged with, */
const FEW_ITEMS = 16;
/** and is, if together they have no more than this: so that they do not split again at once. */
const MERGED_ITEMS = 48;
/** A node made whole has about so many, which leaves room for what may come. */
const FULL_ITEMS = 48;

/** What leaves and branches have in common: pairs by which to find the way. */
class Node {
  readonly scores: number[];
  readonly members: string[];

  constructor(scores: number[], members: string[]) {
    this.scores = scores;
    this.members = members;
  }

  /** Whether pair `i` comes before the pair of `score` and `member`. */
  isBefore(i: number, score: number, member: string): boolean {
    const other = this.scores[i] as number;
    return other < score || (other === score && (this.members[i] as string) < member);
  }
}

/** Pairs in order. Leaves are linked in order too. */
export class Leaf extends Node {
  next: Leaf | undefined = undefined;
}

/**
 * The pair at `i` comes before none of child `i`, and after all of child `i - 1`; that of child 0
 * means nothing.
 */
export class Branch extends Node {
  readonly children: (Leaf | Branch)[];
  /** Number of pairs below each child. */
  readonly sizes: number[];

  constructor(pairs: Node, children: (Leaf | Branch)[], sizes: number[]) {
    super(pairs.scores, pairs.members);
    this.children = children;
    this.sizes = sizes;
  }

  static of(left: Leaf | Branch, right: Leaf | Branch): Branch {
    const scores = newScores();
    scores.push(left.scores[0] as number, right.scores[0] as number);
    const members = [left.members[0] as string, right.members[0] as string];
    return new Branch(new Node(scores, members), [left, right], [sizeOf(left), sizeOf(right)]);
  }
}

/** An array of doubles from the start, so that V8 need not find out and make another. */
export function newScores(): number[] {
  const scores = [0.5];
  scores.length = 0;
  return scores;
}

function sizeOf(node: Leaf | Branch): number {
  if (node instanceof Leaf) return node.members.length;
  let size = 0;
  for (const part of node.sizes) size += part;
  return size;
}

/** The child below which a pair is or belongs. */
export function childFor(branch: Branch, score: number, member: string): number {
  let low = 1;
  let high = branch.children.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = branch.scores[middle] as number;
    if (other < score || (other === score && (branch.members[middle] as string) <= member)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** The place in a leaf where a pair is or belongs. */
export function placeIn(leaf: Leaf, score: number, member: string): number {
  let low = 0;
  let high = leaf.members.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (leaf.isBefore(middle, score, member)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first pair from `from` on that is not below. */
export function firstNot(
  node: Node,
  from: number,
  isBelow: (score: number, member: string) => boolean,
): number {
  let low = from;
  let high = node.members.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(node.scores[middle] as number, node.members[middle] as string)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Adds a pair below a node. Returns the node that must stand behind that one, if it had to be split.
 */
export function insertInto(
  node: Leaf | Branch,
  score: number,
  member: string,
): Leaf | Branch | undefined {
  if (node instanceof Leaf) {
    const at = placeIn(node, score, member);
    insertAt(node.scores, at, score);
    insertAt(node.members, at, member);
    if (node.members.length <= NODE_ITEMS) return undefined;
    // What comes in order fills leaves to the brim.
    const atEnd = node.next === undefined && at === NODE_ITEMS;
    return splitLeaf(node, atEnd ? NODE_ITEMS : NODE_ITEMS >>> 1);
  }
  const i = childFor(node, score, member);
  const child = node.children[i] as Leaf | Branch;
  const sibling = insertInto(child, score, member);
  node.sizes[i] = (node.sizes[i] as number) + 1;
  if (sibling === undefined) return undefined;
  const size = sizeOf(sibling);
  node.sizes[i] = (node.sizes[i] as number) - size;
  insertAt(node.children, i + 1, sibling);
  insertAt(node.sizes, i + 1, size);
  insertAt(node.scores, i + 1, sibling.scores[0] as number);
  insertAt(node.members, i + 1, sibling.members[0] as string);
  return node.children.length <= NODE_ITEMS ? undefined : splitBranch(node);
}

/** Linked leaves with these pairs, which are in order. */
export function leavesOf(members: readonly string[], scores: readonly number[]): Leaf[] {
  const leaves: Leaf[] = [];
  eachShare(members.length, (from, to) => {
    const leaf = new Leaf(scores.slice(from, to), members.slice(from, to));
    const last = leaves.at(-1);
    if (last !== undefined) last.next = leaf;
    leaves.push(leaf);
  });
  return leaves;
}

/** Branches with these children, which were made by {@link leavesOf} or this function. */
export function branchesOver(children: readonly (Leaf | Branch)[]): Branch[] {
  const branches: Branch[] = [];
  eachShare(children.length, (from, to) => {
    const below = children.slice(from, to);
    const pairs = new Node(newScores(), []);
    for (const child of below) {
      pairs.scores.push(child.scores[0] as number);
      pairs.members.push(child.members[0] as string);
    }
    branches.push(new Branch(pairs, below, below.map(sizeOf)));
  });
  return branches;
}

/** Visits shares of `count` things that differ by one at most, so that no node has few. */
function eachShare(count: number, visit: (from: number, to: number) => void): void {
  const shares = Math.ceil(count / FULL_ITEMS);
  for (let i = 0; i < shares; i++) {
    visit(Math.floor((i * count) / shares), Math.floor(((i + 1) * count) / shares));
  }
}

function splitLeaf(leaf: Leaf, at: number): Leaf {
  const sibling = new Leaf(leaf.scores.splice(at), leaf.members.splice(at));
  sibling.next = leaf.next;
  leaf.next = sibling;
  return sibling;
}

function splitBranch(branch: Branch): Branch {
  const at = NODE_ITEMS >>> 1;
  const pairs = new Node(branch.scores.splice(at), branch.members.splice(at));
  return new Branch(pairs, branch.children.splice(at), branch.sizes.splice(at));
}

/** Removes a pair, which is there, below a node. The node may be left with few items, or none. */
export function removeFrom(node: Leaf | Branch, score: number, member: string): void {
  if (node instanceof Leaf) {
    const at = placeIn(node, score, member);
    removeAt(node.scores, at);
    removeAt(node.members, at);
    return;
  }
  const i = childFor(node, score, member);
  const child = node.children[i] as Leaf | Branch;
  removeFrom(child, score, member);
  node.sizes[i] = (node.sizes[i] as number) - 1;
  if (itemsOf(child) < FEW_ITEMS) thinOut(node, i);
}

/** Child `i` of a branch has few items: merges it with a neighbour that has room, if there is one. */
function thinOut(branch: Branch, i: number): void {
  const items = itemsOf(branch.children[i] as Leaf | Branch);
  const right = branch.children[i + 1];
  const left = branch.children[i - 1];
  if (right !== undefined && (items === 0 || items + itemsOf(right) <= MERGED_ITEMS)) {
    merge(branch, i);
  } else if (left !== undefined && (items === 0 || items + itemsOf(left) <= MERGED_ITEMS)) {
    merge(branch, i - 1);
  }
}

function itemsOf(node: Leaf | Branch): number {
  return node instanceof Leaf ? node.members.length : node.children.length;
}

/** Puts what child `i + 1` of a branch has into child `i`. */
function merge(branch: Branch, i: number): void {
  const left = branch.children[i] as Leaf | Branch;
  const right = branch.children[i + 1] as Leaf | Branch;
  if (left instanceof Branch && right instanceof Branch) {
    // The first child of a branch has its pair one level up.
    right.scores[0] = branch.scores[i + 1] as number;
    right.members[0] = branch.members[i + 1] as string;
    append(left.children, right.children);
    append(left.sizes, right.sizes);
  } else if (left instanceof Leaf && right instanceof Leaf) {
    left.next = right.next;
  }
  append(left.scores, right.scores);
  append(left.members, right.members);
  branch.sizes[i] = (branch.sizes[i] as number) + (branch.sizes[i + 1] as number);
  removeAt(branch.children, i + 1);
  removeAt(branch.sizes, i + 1);
  removeAt(branch.scores, i + 1);
  removeAt(branch.members, i + 1);
}

/** Array's own `splice` makes an array of what it removes, and costs three times as much. */
function insertAt<T>(items: T[], at: number, item: T): void {
  items.push(item);
  for (let i = items.length - 1; i > at; i--) items[i] = items[i - 1] as T;
  items[at] = item;
}

function removeAt<T>(items: T[], at: number): void {
  for (let i = at + 1; i < items.length; i++) items[i - 1] = items[i] as T;
  items.pop();
}

function append<T>(items: T[], more: readonly T[]): void {
  for (const item of more) items.push(item);
}
