import type { Files } from '../world/world.ts';

/**
 * Replaces a text file by what `change` makes of it, in one step: a reader, or a crash, sees the old
 * text or the new one. Throws what the files throw.
 */
export function rewriteFile(files: Files, path: string, change: (old: string) => string): void {
  const old = files.open(path, { create: false });
  const bytes = Buffer.alloc(old.size());
  old.read(bytes, 0, bytes.length, 0);
  old.close();
  const temporary = `${path}.tmp`;
  const file = files.open(temporary, { create: true });
  file.truncate(0);
  file.write([Buffer.from(change(bytes.latin1Slice()), 'latin1')], 0);
  file.sync();
  file.close();
  files.rename(temporary, path);
  const slash = path.lastIndexOf('/');
  files.syncDirectory(slash < 0 ? '.' : path.slice(0, slash) || '/');
}
