import type { EntryTable } from './entry-table.ts';
import { ioError, RaftLogError } from './errors.ts';
import { FileReader } from './file-reader.ts';
import type { LogFile } from './file-system.ts';
import { checkRecord, checkRecordHeader, recordBytes, recordIndex } from './record.ts';

/** Records closer together than this in the file are fetched with one read. */
const GAP_BYTES = 4096;

/** Where to read; `table` says where every record stands. */
export interface RecordSource {
  readonly path: string;
  readonly file: LogFile;
  readonly table: EntryTable;
}

/** Encoded records one behind the other, and the index of the last of them. */
export interface Records {
  readonly buffer: Buffer;
  readonly last: number;
}

/**
 * The records from `first` on, up to `last` and as many as fit in `maxBytes`, at least one. Every
 * one is checked against its checksums again: what has gone bad on the disk is not handed on.
 */
export function readRecords(
  source: RecordSource,
  first: number,
  last: number,
  maxBytes: number,
): Records {
  const { table } = source;
  let total = table.bytes(first);
  let fitting = first;
  while (fitting < last && total + table.bytes(fitting + 1) <= maxBytes) {
    fitting++;
    total += table.bytes(fitting);
  }
  const buffer = Buffer.allocUnsafe(total);
  let at = 0;
  for (let index = first; index <= fitting; ) {
    const runEnd = endOfRun(table, index, fitting);
    at = readRun(source, index, runEnd, buffer, at);
    index = runEnd + 1;
  }
  checkAll(source, first, buffer);
  return { buffer, last: fitting };
}

/** Hands over the records `from .. last` one by one; the buffer is used again after each call. */
export function replayRecords(
  source: RecordSource,
  from: number,
  last: number,
  onRecord: (buffer: Buffer, at: number) => void,
): void {
  const { table, path, file } = source;
  if (from > last) return;
  const reader = new FileReader(file, path, table.offset(last) + table.bytes(last));
  for (let index = from; index <= last; index++) {
    const at = reader.view(table.offset(index), table.bytes(index));
    const whole = checkRecordHeader(reader.buffer, at);
    if (!whole || recordIndex(reader.buffer, at) !== index) throw damaged(source, index);
    onRecord(reader.buffer, at);
  }
}

/** Last entry, up to `last`, that lies near enough behind its predecessor to be read with it. */
function endOfRun(table: EntryTable, first: number, last: number): number {
  let index = first;
  while (index < last) {
    const gap = table.offset(index + 1) - table.offset(index) - table.bytes(index);
    if (gap < 0 || gap > GAP_BYTES) break;
    index++;
  }
  return index;
}

/** Reads the records `first .. last` to `into[at ..)` without what lies between; returns the end. */
function readRun(
  source: RecordSource,
  first: number,
  last: number,
  into: Buffer,
  at: number,
): number {
  const { table } = source;
  const start = table.offset(first);
  const span = table.offset(last) + table.bytes(last) - start;
  let end = at;
  for (let index = first; index <= last; index++) end += table.bytes(index);
  if (end - at === span) {
    fetch(source, into, at, span, start);
    return end;
  }
  const raw = Buffer.allocUnsafe(span);
  fetch(source, raw, 0, span, start);
  let to = at;
  for (let index = first; index <= last; index++) {
    const from = table.offset(index) - start;
    to += raw.copy(into, to, from, from + table.bytes(index));
  }
  return to;
}

function fetch(
  source: RecordSource,
  into: Buffer,
  at: number,
  length: number,
  position: number,
): void {
  let got: number;
  try {
    got = source.file.read(into, at, length, position);
  } catch (error) {
    throw ioError(source.path, `reading ${length} bytes at offset ${position}`, error);
  }
  if (got < length) {
    throw new RaftLogError('RAFTLOG_CORRUPT', `the file ends at offset ${position + got}`, {
      file: source.path,
      offset: position + got,
    });
  }
}

function checkAll(source: RecordSource, first: number, buffer: Buffer): void {
  let chain = source.table.chain(first - 1);
  let index = first;
  for (let at = 0; at < buffer.length; at += recordBytes(buffer, at)) {
    chain = checkRecord(buffer, at, buffer.length, chain);
    if (chain < 0 || recordIndex(buffer, at) !== index) throw damaged(source, index);
    index++;
  }
}

function damaged(source: RecordSource, index: number): RaftLogError {
  const offset = source.table.offset(index);
  const message = `entry ${index} at offset ${offset} is damaged`;
  return new RaftLogError('RAFTLOG_CORRUPT', message, { file: source.path, offset, index });
}
