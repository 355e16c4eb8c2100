import { EntryTable } from './entry-table.ts';
import type { FileReader } from './file-reader.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  type BatchHead,
  decodeBatchHead,
  FILE_HEADER_BYTES,
  type FileHeader,
  type HardState,
} from './layout.ts';
import {
  chainOverHeader,
  checkRecordHeader,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordChain,
  recordIndex,
  recordTerm,
} from './record.ts';
import type { StopFound } from './recovery.ts';

/** The log as its whole batches tell it, and why the scan went no further. */
export interface Scan {
  readonly table: EntryTable;
  readonly hardState: HardState;
  readonly batches: number;
  /** Behind the last whole batch. */
  readonly end: number;
  /** Highest watermark among the whole batches. */
  readonly watermark: number;
  readonly stop: Stop;
}

export interface Stop {
  readonly found: StopFound;
  /** Byte at which the damage was met; {@link Scan.end} or behind it. */
  readonly offset: number;
  /** First entry that could not be read. */
  readonly index: number;
  /** For people. */
  readonly detail: string;
}

/** Called for every whole batch; what it holds stands in `table` when this is called. */
export type BatchVisitor = (head: BatchHead, table: EntryTable) => void;

/** Reads the batches of a log up to the first that is not whole or does not follow. */
export function scanLog(
  reader: FileReader,
  header: FileHeader,
  visit: BatchVisitor | null = null,
): Scan {
  const table = new EntryTable(header.base);
  let hardState = header.hardState;
  let batches = 0;
  let end = FILE_HEADER_BYTES;
  let watermark = 0;
  for (;;) {
    const head = readBatchHead(reader, end, header.identity);
    const stop =
      head === null
        ? stopWithoutBatch(reader, end, table)
        : (whyNotNext(head, table, hardState) ?? readBody(reader, head, table));
    if (head === null || stop !== null) {
      const why = stop ?? { found: 'end', offset: end, index: table.last + 1, detail: '' };
      return { table, hardState, batches, end, watermark, stop: why };
    }
    hardState = head.hardState;
    watermark = Math.max(watermark, head.watermark);
    end += BATCH_HEADER_BYTES + head.bodyBytes;
    batches++;
    visit?.(head, table);
  }
}

/**
 * Looks behind a stop for headers of batches that were written later, and returns the first
 * watermark above `end`: proof that what stands at `end` was durable. 0 if there is none.
 */
export function laterWatermark(reader: FileReader, end: number, identity: number): number {
  for (let at = end + 1; ; at++) {
    at = reader.find(BATCH_MAGIC, at);
    if (at < 0) return 0;
    const head = readBatchHead(reader, at, identity);
    if (head !== null && head.watermark > end) return head.watermark;
  }
}

function readBatchHead(reader: FileReader, offset: number, identity: number): BatchHead | null {
  if (offset + BATCH_HEADER_BYTES > reader.size) return null;
  const at = reader.view(offset, BATCH_HEADER_BYTES);
  return decodeBatchHead(reader.buffer, at, offset, identity);
}

function stopWithoutBatch(reader: FileReader, offset: number, table: EntryTable): Stop {
  const index = table.last + 1;
  if (offset === reader.size) return { found: 'end', offset, index, detail: 'end of file' };
  if (reader.zeroFrom(offset)) return { found: 'zeros', offset, index, detail: 'zeros' };
  return { found: 'no-batch-header', offset, index, detail: 'no batch header' };
}

/** Rules that a batch with right checksums breaks only by a bug or a splice, never by a torn write. */
function whyNotNext(head: BatchHead, table: EntryTable, before: HardState): Stop | null {
  const { first, hardState } = head;
  const last = table.last;
  const inPlace = head.truncates
    ? first > table.base.index && first <= last + 1
    : first === last + 1;
  if (!inPlace) {
    const range = `${table.base.index + 1}..${last}`;
    return contradiction(head.offset, first, `batch starts at index ${first}, log is ${range}`);
  }
  if (head.chain !== table.chain(first - 1)) {
    return contradiction(head.offset, first, `batch follows another entry ${first - 1}`);
  }
  if (hardState.term < before.term) {
    const terms = `${before.term} to ${hardState.term}`;
    return contradiction(head.offset, first, `term goes back from ${terms}`);
  }
  if (hardState.term === before.term && before.vote !== 0 && hardState.vote !== before.vote) {
    const votes = `${before.vote} to ${hardState.vote}`;
    return contradiction(head.offset, first, `vote of term ${before.term} changes from ${votes}`);
  }
  return null;
}

/** Checks the records of a batch; takes them into the table only if all are whole. */
function readBody(reader: FileReader, head: BatchHead, table: EntryTable): Stop | null {
  const start = head.offset + BATCH_HEADER_BYTES;
  const end = start + head.bodyBytes;
  if (end > reader.size) {
    const detail = `batch of ${head.bodyBytes} bytes ends beyond the file`;
    return { found: 'short-body', offset: head.offset, index: head.first, detail };
  }
  const records = head.truncates ? tableFrom(table, head.first - 1) : table;
  let position = start;
  for (let i = 0; i < head.count; i++) {
    const stop = readRecord(reader, position, end, records, head.hardState.term);
    if (stop !== null) return undo(table, head, stop);
    position += records.bytes(records.last);
  }
  if (position !== end) {
    const index = records.last + 1;
    return undo(table, head, contradiction(position, index, 'batch is longer than its records'));
  }
  if (head.truncates) {
    table.truncate(head.first);
    table.append(records, 0);
  }
  return null;
}

function undo(table: EntryTable, head: BatchHead, stop: Stop): Stop {
  if (!head.truncates) table.truncate(head.first);
  return stop;
}

/** An empty table that goes on behind entry `index` of another. */
function tableFrom(table: EntryTable, index: number): EntryTable {
  return new EntryTable({ index, term: table.term(index), chain: table.chain(index) });
}

/**
 * Checks one record and adds it to `records`. What it says of itself is looked at only after its
 * checksums: before, every difference is taken for damage.
 */
function readRecord(
  reader: FileReader,
  offset: number,
  end: number,
  records: EntryTable,
  batchTerm: number,
): Stop | null {
  const index = records.last + 1;
  if (offset + RECORD_HEADER_BYTES > end)
    return badRecord(offset, index, 'batch ends inside a record header');
  const at = reader.view(offset, RECORD_HEADER_BYTES);
  const bytes = reader.buffer;
  if (!checkRecordHeader(bytes, at))
    return badRecord(offset, index, 'record header fails its checksum');
  const length = recordBytes(bytes, at);
  const stored = recordChain(bytes, at);
  const term = recordTerm(bytes, at);
  const found = recordIndex(bytes, at);
  if (offset + length > end) return badRecord(offset, index, 'record is longer than its batch');
  const head = chainOverHeader(bytes, at, records.lastChain);
  const chain = reader.crc(offset + RECORD_HEADER_BYTES, offset + length, head);
  if (chain !== stored) return badRecord(offset, index, 'record payload fails its checksum');
  if (found !== index) return contradiction(offset, index, `record has index ${found}`);
  if (term < records.lastTerm || term > batchTerm) {
    const range = `${records.lastTerm}..${batchTerm}`;
    return contradiction(offset, index, `record has term ${term}, not in ${range}`);
  }
  records.push(offset, length, chain, term);
  return null;
}

function badRecord(offset: number, index: number, detail: string): Stop {
  return { found: 'bad-record', offset, index, detail };
}

function contradiction(offset: number, index: number, detail: string): Stop {
  return { found: 'contradiction', offset, index, detail };
}
