import { ioError, RaftLogError } from './errors.ts';
import { type Examination, examine, problem } from './examine.ts';
import type { LogFile } from './file-system.ts';
import { IndexFile, indexPath } from './index-file.ts';
import {
  type Base,
  CLUSTER_ID_BYTES,
  decodeFileHeader,
  FILE_HEADER_BYTES,
  type FileHeader,
  type HardState,
} from './layout.ts';
import { Log } from './log.ts';
import type { LogOptions, Recovered } from './log-types.ts';
import { dropNewFile, newPath, replaceLog, writeFileHeader } from './new-file.ts';
import type { Scan } from './scan.ts';
import { writeAgain } from './write-again.ts';

export interface CreateOptions extends LogOptions {
  /** At most 32 chars of one byte each, no NUL. */
  readonly clusterId: string;
  readonly nodeId: number;
  /** The log starts behind this entry; by default with index 1. */
  readonly base?: Base;
  /** By default term 0 without a vote. */
  readonly hardState?: HardState;
  /** Put the new log in place of the old one, which must not be open. */
  readonly replace?: boolean;
}

/**
 * Makes a log and opens it. Its file and its name are durable when this returns. After a crash
 * there is the old log, or none, or the new one; never half of one.
 */
export function createLog(options: CreateOptions): Log {
  const { files, path, clusterId, nodeId } = options;
  checkIdentity(options);
  const base = options.base ?? { index: 0, term: 0, chain: 0 };
  const hardState = options.hardState ?? { term: 0, vote: 0 };
  try {
    const generation = generationAfter(options);
    const fields = { clusterId, nodeId, base, hardState, generation };
    const { file } = writeFileHeader(files, path, fields);
    try {
      file.sync();
    } catch (error) {
      dropNewFile(files, path, file);
      throw error;
    }
    file.close();
    if (files.exists(indexPath(path))) files.remove(indexPath(path));
    replaceLog(files, path).close();
  } catch (error) {
    throw error instanceof RaftLogError ? error : ioError(path, 'creating the log', error);
  }
  return openLog(options);
}

/**
 * Opens a log and checks every byte of it. The tail of a torn write, which nobody was told of, is
 * cut off. Throws a {@link RaftLogError} that names file, offset and index when there is no log,
 * when it is not known, or when durable bytes are damaged.
 */
export function openLog(options: LogOptions): Log {
  const { files, path } = options;
  const notes: string[] = [];
  const file = openFile(options, notes);
  const opened: { index: IndexFile | null } = { index: null };
  const attestedByIndex = (header: FileHeader): number => {
    opened.index = new IndexFile(files, indexPath(path), header);
    return opened.index.facts?.durableBytes ?? 0;
  };
  try {
    const found = examine({ path, file, attestedByIndex });
    const error = problem(found);
    const { scan, header } = found;
    const { index } = opened;
    if (error !== null) throw error;
    if (file === null || index === null || scan === null || header === null) {
      throw new RaftLogError('RAFTLOG_ABSENT', 'no such log', { file: path });
    }
    const size = settle(file, { found, scan, attested: index.facts?.durableBytes ?? 0 }, notes);
    const note = completeIndex(index, scan, size);
    if (note !== null) notes.push(`${indexPath(path)}: ${note}`);
    const { table, hardState, end } = scan;
    const cutBytes = found.row.verdict === 'cut' ? found.size - end : 0;
    const recovered = describe(header, scan, { row: found.row.label, cutBytes, notes });
    return new Log({
      options,
      file,
      index,
      header,
      table,
      hardState,
      end,
      size,
      recovered,
    });
  } catch (error) {
    closeQuietly(opened.index);
    closeQuietly(file);
    throw error;
  }
}

/** Cuts a torn tail and makes all the rest durable; returns the size of the file. */
function settle(
  file: LogFile,
  { found, scan, attested }: { found: Examination; scan: Scan; attested: number },
  notes: string[],
): number {
  const { path, row, size, detail } = found;
  try {
    if (row.verdict === 'cut') {
      const cut = `cut ${size - scan.end} bytes from offset ${scan.end}`;
      notes.push(`${path}: ${cut}: ${row.meaning} (${row.label}): ${detail}`);
      file.truncate(scan.end);
    }
    // What was read may so far be in the memory of the machine only, and after a failed sync stay so.
    writeAgain(file, path, Math.max(scan.watermark, attested, FILE_HEADER_BYTES), scan.end);
    file.sync();
  } catch (error) {
    throw ioError(path, 'settling the end of the log', error);
  }
  return row.verdict === 'cut' ? scan.end : size;
}

/** Writes what the index lacks; returns a note if that was much or unexpected. */
function completeIndex(index: IndexFile, scan: Scan, size: number): string | null {
  const { table, end } = scan;
  const wrong = index.firstWrong(table);
  if (wrong > table.last && index.facts !== null) return null;
  index.write(table, wrong, table.last, Math.min(end, size));
  if (table.last === table.base.index) return null;
  const why = index.facts === null ? 'absent, damaged, or of another log' : 'not up to date';
  return `${why}: written from entry ${wrong} on`;
}

function describe(
  header: FileHeader,
  scan: Scan,
  found: Pick<Recovered, 'row' | 'cutBytes' | 'notes'>,
): Recovered {
  const { clusterId, nodeId, base } = header;
  const { table, hardState } = scan;
  return {
    clusterId,
    nodeId,
    base,
    hardState,
    firstIndex: base.index + 1,
    lastIndex: table.last,
    lastTerm: table.lastTerm,
    chain: table.lastChain,
    ...found,
  };
}

function openFile(options: LogOptions, notes: string[]): LogFile | null {
  const { files, path } = options;
  try {
    if (files.exists(newPath(path))) {
      files.remove(newPath(path));
      notes.push(`${newPath(path)}: removed, a log that was never finished`);
    }
    return files.exists(path) ? files.open(path, { create: false }) : null;
  } catch (error) {
    throw ioError(path, 'opening the log', error);
  }
}

/** A new log is told apart from the one whose place it takes, if that is allowed. */
function generationAfter(options: CreateOptions): number {
  const { files, path } = options;
  if (!files.exists(path)) return 0;
  const file = files.open(path, { create: false });
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  const length = file.read(bytes, 0, FILE_HEADER_BYTES, 0);
  file.close();
  if (length === 0) return 0;
  if (options.replace !== true) {
    throw new RaftLogError('RAFTLOG_EXISTS', 'there is a log already', { file: path });
  }
  const found = decodeFileHeader(bytes.subarray(0, length));
  return found.kind === 'log' ? found.header.generation + 1 : 0;
}

function checkIdentity(options: CreateOptions): void {
  const { clusterId, nodeId, path: file } = options;
  const bytes = Buffer.from(clusterId, 'latin1');
  const latin1 = bytes.toString('latin1') === clusterId && !bytes.includes(0);
  const storable = latin1 && bytes.length <= CLUSTER_ID_BYTES;
  if (!storable || !Number.isInteger(nodeId) || nodeId < 0 || nodeId > 0xffffffff) {
    const message = `cluster id '${clusterId}' or node id ${nodeId} cannot be stored`;
    throw new RaftLogError('RAFTLOG_MISUSE', message, { file });
  }
}

function closeQuietly(file: { close(): void } | null): void {
  try {
    file?.close();
  } catch {
    // An error is on its way to the caller already, and it is the one that matters.
  }
}
