import type { FileSystem } from '../../raftlog/index.ts';
import type { ImageStore } from '../world/image-store.ts';
import type { World } from '../world/world.ts';

/** What the commands of the tool have to work with. */
export interface AdminTools {
  readonly world: World;
  /** Opens files for reading alone. */
  readonly look: FileSystem;
  /** A store of images as it is, for reading; nothing in its folder changes. */
  readonly view: (
    path: string,
    done: (error: Error | null, view: StoreView | null) => void,
  ) => void;
  /** To standard output and standard error: whole lines, without their line feed. */
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Puts a text in the place of the one before it, on a terminal; an empty one takes it away. */
  readonly progress: (text: string) => void;
  readonly environment: (name: string) => string | undefined;
}

export interface StoreView {
  /** What is written to it is lost. */
  readonly store: ImageStore;
  /** Puts the names of the real files in the place of those of the view. */
  readonly spell: (text: string) => string;
  readonly close: (done: (error: Error | null) => void) => void;
}

/** It cannot be done, and the message says why: nothing that was there before has changed. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was to be looked at is not there, or in use. */
export class LookError extends Error {
  override readonly name = 'LookError';
}

export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;

/** One word of the tool: what it is called, how it is explained, and what it does. */
export interface AdminCommand {
  readonly name: string;
  readonly help: string;
  /** Resolves to the exit status; rejects with one of the errors above. */
  readonly run: (args: readonly string[], tools: AdminTools) => Promise<number>;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The folder that a path is in. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash) || '/';
}
