import type { RaftLogError } from './errors.ts';
import { type Examination, examine, problem } from './examine.ts';
import type { FileSystem, LogFile } from './file-system.ts';
import { firstWrongOffset, indexPath, readIndexFacts } from './index-file.ts';
import type { FileHeader } from './layout.ts';
import type { Scan } from './scan.ts';

/** A log as a tool finds it, that looks and changes nothing. */
export interface Inspection {
  readonly path: string;
  readonly file: LogFile;
  readonly found: Examination;
  /** What opening the log would throw; null: it can be opened. */
  readonly error: RaftLogError | null;
  /** The log as far as it can be read; null if its header cannot be. */
  readonly log: InspectedLog | null;
}

export interface InspectedLog {
  readonly header: FileHeader;
  readonly scan: Scan;
  /** What the index file is worth, for people. It is no damage if it is worth nothing. */
  readonly index: string;
}

/** Checks every byte of a log, which must be there, and hands on what was found while it is open. */
export function inspectLog<T>(
  files: FileSystem,
  path: string,
  use: (inspection: Inspection) => T,
): T {
  const file = files.open(path, { create: false });
  let index: LogFile | null = null;
  try {
    index = files.exists(indexPath(path)) ? files.open(indexPath(path), { create: false }) : null;
    const attestedByIndex = (header: FileHeader): number =>
      index === null ? 0 : (readIndexFacts(index, header)?.durableBytes ?? 0);
    const found = examine({ path, file, attestedByIndex });
    const { header, scan } = found;
    const log =
      header === null || scan === null
        ? null
        : { header, scan, index: indexState(index, header, scan) };
    return use({ path, file, found, error: problem(found), log });
  } finally {
    index?.close();
    file.close();
  }
}

function indexState(index: LogFile | null, header: FileHeader, scan: Scan): string {
  if (index === null) return 'absent';
  const facts = readIndexFacts(index, header);
  if (facts === null) return 'damaged or of another log';
  const wrong = firstWrongOffset(index, facts, scan.table);
  return wrong > scan.table.last ? 'complete' : `right up to entry ${wrong - 1}`;
}

/** What the next opening will do to the end of the log, in words; null: nothing. */
export function tornTail({ path, found, log }: Inspection): string | null {
  const { row, size, detail } = found;
  if (row.verdict !== 'cut' || log === null) return null;
  const { end } = log.scan;
  const next = `${size - end} bytes from offset ${end} will be cut at the next start`;
  return `${path}: ${row.meaning} (${row.label}): ${detail}; ${next}`;
}
