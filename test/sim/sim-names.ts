import type { Prng } from '../../src/base/prng.ts';
import { drawFates, SimInode, type Way } from './sim-inode.ts';
import { SimSystemError } from './sim-options.ts';

/** The folder that relative paths start from. It is there from the start. */
export const HOME = '/data';

type Names = Map<string, SimInode | SimFolder>;

export class SimFolder {
  /** What processes see. */
  names: Names = new Map();
  /** What is certain to be there after a crash. */
  readonly durable: Names = new Map();
}

export interface Edit {
  readonly folder: SimFolder;
  readonly name: string;
  /** What the name stands for from now on; null if it is gone. */
  readonly node: SimInode | SimFolder | null;
}

/** One call that changed names; it reaches the disk whole or not at all. */
interface NameChange {
  readonly edits: readonly Edit[];
  /** Folders of the edits that have not been synced since. */
  readonly owed: Set<SimFolder>;
}

/** Which names stand for which files: as processes see it, and as the disk has it. */
export class NameTree {
  readonly #root: SimFolder = new SimFolder();
  /** In order. A change whose folders are synced waits here for those before it. */
  #changes: NameChange[] = [];

  constructor() {
    this.makeFolders(HOME);
    this.settle();
  }

  node(path: string): SimInode | SimFolder | null {
    return this.#find(path, (folder) => folder.names);
  }

  /** The file that would have this name after a crash that loses all it can. */
  durableNode(path: string): SimInode | SimFolder | null {
    const names = new Map<SimFolder, Names>();
    const of = (folder: SimFolder): Names => {
      const known = names.get(folder) ?? new Map(folder.durable);
      names.set(folder, known);
      return known;
    };
    for (const change of this.#changes) if (change.owed.size === 0) apply(change.edits, of);
    return this.#find(path, of);
  }

  /** Throws ENOENT or EISDIR, for the call of that name. */
  file(path: string, call: string): SimInode {
    const node = this.node(path);
    if (node instanceof SimInode) return node;
    if (node === null) throw new SimSystemError('ENOENT', `no such file, ${call} '${path}'`);
    throw new SimSystemError('EISDIR', `a folder, ${call} '${path}'`);
  }

  /** Throws ENOENT or ENOTDIR. */
  folder(path: string, call: string): SimFolder {
    const node = this.node(path);
    if (node instanceof SimFolder) return node;
    if (node === null) throw new SimSystemError('ENOENT', `no such folder, ${call} '${path}'`);
    throw new SimSystemError('ENOTDIR', `a file, ${call} '${path}'`);
  }

  /** The folder that a path's last name is in. */
  place(path: string, call: string): { readonly folder: SimFolder; readonly name: string } {
    const parts = split(path);
    const name = parts.pop();
    if (name === undefined) throw new SimSystemError('EISDIR', `the root, ${call}`);
    return { folder: this.folder(`/${parts.join('/')}`, call), name };
  }

  makeFolders(path: string): void {
    let folder = this.#root;
    for (const name of split(path)) {
      let node = folder.names.get(name);
      if (node instanceof SimInode) throw new SimSystemError('EEXIST', `a file, mkdir '${path}'`);
      if (node === undefined) {
        node = new SimFolder();
        this.change([{ folder, name, node }]);
      }
      folder = node;
    }
  }

  change(edits: readonly Edit[]): void {
    apply(edits, (folder) => folder.names);
    this.#changes.push({ edits, owed: new Set(edits.map((edit) => edit.folder)) });
  }

  sync(folder: SimFolder): void {
    for (const change of this.#changes) change.owed.delete(folder);
    let settled = 0;
    for (const change of this.#changes) {
      if (change.owed.size > 0) break;
      apply(change.edits, (one) => one.durable);
      settled += 1;
    }
    this.#changes.splice(0, settled);
  }

  /** The machine lost power. */
  crash(random: Prng, way?: Way): void {
    const fate = drawFates(random, this.#changes.length, way);
    this.#changes.forEach((change, i) => {
      const drawn = fate(i);
      const kept = drawn === 'kept' || (drawn === 'torn' && random.chance(0.5));
      if (kept || change.owed.size === 0) apply(change.edits, (folder) => folder.durable);
    });
    this.#changes = [];
    visit(this.#root, (folder) => {
      folder.names = new Map(folder.durable);
    });
  }

  /** What is there now will be there after any crash. */
  settle(): void {
    this.#changes = [];
    visit(this.#root, (folder) => {
      folder.durable.clear();
      for (const [name, node] of folder.names) folder.durable.set(name, node);
    });
  }

  /** Bytes in all files. */
  used(): number {
    let used = 0;
    visit(this.#root, (folder) => {
      for (const node of folder.names.values()) if (node instanceof SimInode) used += node.size;
    });
    return used;
  }

  #find(path: string, names: (folder: SimFolder) => Names): SimInode | SimFolder | null {
    let node: SimInode | SimFolder = this.#root;
    for (const name of split(path)) {
      if (node instanceof SimInode) return null;
      const next = names(node).get(name);
      if (next === undefined) return null;
      node = next;
    }
    return node;
  }
}

/** The folder that a path is in, as a path. */
export function parent(path: string): string {
  return `/${split(path).slice(0, -1).join('/')}`;
}

function apply(edits: readonly Edit[], names: (folder: SimFolder) => Names): void {
  for (const { folder, name, node } of edits) {
    if (node === null) names(folder).delete(name);
    else names(folder).set(name, node);
  }
}

/** A folder before those in it, which the visit may change. */
function visit(folder: SimFolder, call: (folder: SimFolder) => void): void {
  call(folder);
  for (const node of folder.names.values()) if (node instanceof SimFolder) visit(node, call);
}

/** The names on the way to `path`, from the root. */
function split(path: string): string[] {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${HOME}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}
