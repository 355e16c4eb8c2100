import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ImageStore } from './image-store.ts';
import { RealImageStores } from './real-image-store.ts';

/** LevelDB never changes these; the others are small. */
const TABLE = /\.(ldb|sst)$/;
const LOCK = 'LOCK';
/** For people, written anew at every start. */
const NOTES: readonly string[] = ['LOG', 'LOG.old'];

/** A LevelDB as it is in its folder, in which nothing changes. */
export interface LevelView {
  /** What is written to it is lost. */
  readonly store: ImageStore;
  /** Puts the name of the folder in the place of that of the view. */
  readonly spell: (text: string) => string;
  readonly close: (done: (error: Error | null) => void) => void;
}

/**
 * LevelDB cannot open a folder without writing into it: it begins a new manifest and stores what was
 * only in its log. So it is given another folder, among the temporary files, in which the tables are
 * links and all else is a copy. Its lock is a link too: the view cannot be opened while a server has the
 * store open (an error with the code LOCKED), and the other way round.
 */
export function openLevelView(
  folder: string,
  done: (error: Error | null, view: LevelView | null) => void,
): void {
  open(path.resolve(folder)).then(
    (view) => queueMicrotask(() => done(null, view)),
    (error: unknown) => {
      const known = error instanceof Error ? error : new Error(String(error));
      queueMicrotask(() => done(known, null));
    },
  );
}

async function open(folder: string): Promise<LevelView> {
  const view = await fs.mkdtemp(path.join(os.tmpdir(), 'balsa-view-'));
  const spell = (text: string): string => text.replaceAll(view, folder);
  try {
    await fill(view, folder);
    const store = await openStore(view).catch(async (error: unknown) => {
      // Who may not write to the lock cannot take it, and may still look.
      if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EROFS') throw error;
      await fs.rm(path.join(view, LOCK), { force: true });
      return openStore(view);
    });
    const close: LevelView['close'] = (closed) => {
      store.close((error) => {
        const removed = fs.rm(view, { recursive: true, force: true });
        removed.then(
          () => queueMicrotask(() => closed(error)),
          () => queueMicrotask(() => closed(error)),
        );
      });
    };
    return { store, spell, close };
  } catch (error) {
    await fs.rm(view, { recursive: true, force: true });
    throw respelt(error, spell);
  }
}

async function fill(view: string, folder: string): Promise<void> {
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    const from = path.join(folder, name);
    const to = path.join(view, name);
    if (!entry.isFile() || NOTES.includes(name)) continue;
    if (name === LOCK || TABLE.test(name)) await fs.symlink(from, to);
    else await fs.copyFile(from, to);
  }
}

function openStore(view: string): Promise<ImageStore> {
  return new Promise((resolve, reject) => {
    new RealImageStores().open(view, (error, store) => {
      if (store !== null) resolve(store);
      else reject(error ?? new Error('the store cannot be opened'));
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function respelt(error: unknown, spell: (text: string) => string): Error {
  const text = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(spell(text)), { code: codeOf(error) });
}
