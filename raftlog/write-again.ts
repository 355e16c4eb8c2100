import { RaftLogError } from './errors.ts';
import type { LogFile } from './file-system.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Writes the bytes `from .. to` of a file once more, as they are. After a sync that failed the system
 * may take pages for stored that are not: they can be read, and no later sync stores them.
 */
export function writeAgain(file: LogFile, path: string, from: number, to: number): void {
  const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(0, to - from)));
  for (let at = from; at < to; at += bytes.length) {
    const length = Math.min(bytes.length, to - at);
    if (file.read(bytes, 0, length, at) < length) {
      throw new RaftLogError('RAFTLOG_FAILED', 'the file shrank', { file: path, offset: at });
    }
    file.write([bytes.subarray(0, length)], at);
  }
}
