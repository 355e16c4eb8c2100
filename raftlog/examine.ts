import { ioError, RaftLogError, type RaftLogErrorCode } from './errors.ts';
import { FileReader } from './file-reader.ts';
import type { LogFile } from './file-system.ts';
import {
  decodeFileHeader,
  FILE_HEADER_BYTES,
  type FileHeader,
  FORMAT_VERSION,
  type HeaderFound,
} from './layout.ts';
import { decide, type Findings, type RecoveryRow, type Verdict } from './recovery.ts';
import { type BatchVisitor, laterWatermark, type Scan, scanLog } from './scan.ts';

/** Everything found in a data file, and the row of the recovery table that it comes to. */
export interface Examination {
  readonly path: string;
  readonly size: number;
  readonly findings: Findings;
  readonly row: RecoveryRow;
  readonly detail: string;
  /** Both null if the file header is not that of a log. */
  readonly header: FileHeader | null;
  readonly scan: Scan | null;
}

export interface ExamineOptions {
  readonly path: string;
  /** Null if there is no such file. */
  readonly file: LogFile | null;
  /** How many bytes the index file says were durable; 0 if it says nothing of this log. */
  readonly attestedByIndex: (header: FileHeader) => number;
  readonly visit?: BatchVisitor;
}

export function examine(options: ExamineOptions): Examination {
  const { path, file } = options;
  if (file === null) return withoutLog(path, 0, 'absent', 'no such file');
  const size = sizeOf(file, path);
  const reader = new FileReader(file, path, size);
  const length = Math.min(size, FILE_HEADER_BYTES);
  const start = length === 0 ? 0 : reader.view(0, length);
  const found = decodeFileHeader(reader.buffer.subarray(start, start + length));
  if (found.kind !== 'log') return withoutLog(path, size, found.kind, headerDetail(found, size));
  const { header } = found;
  const scan = scanLog(reader, header, options.visit ?? null);
  const { stop, end } = scan;
  const byIndex = options.attestedByIndex(header);
  const byBatch = mayHide(stop.found) ? laterWatermark(reader, end, header.identity) : 0;
  const findings: Findings = {
    file: 'log',
    stop: stop.found,
    attested: Math.max(byIndex, byBatch) > end,
  };
  const witness = byBatch > end ? 'a later batch' : 'the index file';
  const durable = byBatch > end ? byBatch : byIndex;
  const because = findings.attested ? `; ${witness} says ${durable} bytes were durable` : '';
  const detail = `${stop.detail} at offset ${stop.offset}, index ${stop.index}${because}`;
  return { path, size, findings, row: decide(findings), detail, header, scan };
}

/** The error that this row stands for, or null if the log can be opened. */
export function problem(examination: Examination): RaftLogError | null {
  const { path: file, row, detail, scan } = examination;
  const code = errorCode(row.verdict);
  if (code === null) return null;
  const place = scan === null ? {} : { offset: scan.stop.offset, index: scan.stop.index };
  return new RaftLogError(code, `${row.meaning} (${row.label}): ${detail}`, { file, ...place });
}

function errorCode(verdict: Verdict): RaftLogErrorCode | null {
  switch (verdict) {
    case 'absent':
      return 'RAFTLOG_ABSENT';
    case 'bad-header':
      return 'RAFTLOG_HEADER';
    case 'bad-version':
      return 'RAFTLOG_VERSION';
    case 'corrupt':
      return 'RAFTLOG_CORRUPT';
    case 'open':
    case 'cut':
      return null;
  }
}

function withoutLog(
  path: string,
  size: number,
  found: Exclude<Findings['file'], 'log'>,
  detail: string,
): Examination {
  const findings: Findings = { file: found, stop: 'end', attested: false };
  return { path, size, findings, row: decide(findings), detail, header: null, scan: null };
}

function headerDetail(found: Exclude<HeaderFound, { kind: 'log' }>, size: number): string {
  if (found.kind === 'other-version') {
    return `format version ${found.version}, this program knows ${FORMAT_VERSION}`;
  }
  return `${size} bytes`;
}

/** Behind the clean end of a log there is nothing to look at. */
function mayHide(stop: Findings['stop']): boolean {
  return stop !== 'end' && stop !== 'zeros';
}

function sizeOf(file: LogFile, path: string): number {
  try {
    return file.size();
  } catch (error) {
    throw ioError(path, 'asking for the size', error);
  }
}
