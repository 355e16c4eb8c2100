import { dirname } from 'node:path';
import { ioError } from './errors.ts';
import type { FileSystem, LogFile } from './file-system.ts';
import { decodeFileHeader, encodeFileHeader, type FileHeader } from './layout.ts';

/** A log under construction stands here. It is worth nothing until it is renamed. */
export function newPath(path: string): string {
  return `${path}.new`;
}

/** Begins a file beside the log at `path`, not yet durable. If that fails there is none. */
export function writeFileHeader(
  files: FileSystem,
  path: string,
  fields: Omit<FileHeader, 'identity'>,
): { readonly file: LogFile; readonly header: FileHeader } {
  const bytes = encodeFileHeader(fields);
  const decoded = decodeFileHeader(bytes);
  if (decoded.kind !== 'log') throw new Error('a new file header must be readable');
  let file: LogFile | null = null;
  try {
    file = files.open(newPath(path), { create: true });
    file.truncate(0);
    file.write([bytes], 0);
    return { file, header: decoded.header };
  } catch (error) {
    dropNewFile(files, path, file);
    throw ioError(newPath(path), 'creating a log', error);
  }
}

/** Gives up a file that was begun, and with it the space it takes. */
export function dropNewFile(files: FileSystem, path: string, file: LogFile | null): void {
  try {
    file?.close();
    files.remove(newPath(path));
  } catch {
    // A file left over is removed by the next opening of the log.
  }
}

/** Puts the finished, synced and closed new file in place of the log; the name is durable then. */
export function replaceLog(files: FileSystem, path: string): LogFile {
  files.rename(newPath(path), path);
  files.syncDirectory(dirname(path));
  return files.open(path, { create: false });
}
