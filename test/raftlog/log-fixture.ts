import { Buffer } from 'node:buffer';
import {
  type AppendBatch,
  type CreateOptions,
  createLog,
  type Log,
  openLog,
  payloadStart,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordIndex,
  recordTerm,
  sealRecord,
} from '../../raftlog/index.ts';
import type { FaultyFiles } from '../support/faulty-files.ts';

export const PATH = '/data/raft.log';

/** An entry as tests speak of it. */
export interface TestEntry {
  readonly index: number;
  readonly term: number;
  readonly text: string;
}

export type FixtureOptions = Partial<Omit<CreateOptions, 'files'>>;

export function optionsFor(files: FaultyFiles, more: FixtureOptions = {}): CreateOptions {
  let clock = 0;
  return {
    files,
    path: PATH,
    fsync: true,
    microseconds: () => {
      clock += 10;
      return clock;
    },
    clusterId: 'cluster-1',
    nodeId: 7,
    preallocate: 0,
    ...more,
  };
}

export function newLog(files: FaultyFiles, more: FixtureOptions = {}): Log {
  return createLog(optionsFor(files, more));
}

export function reopen(files: FaultyFiles, more: FixtureOptions = {}): Log {
  return openLog(optionsFor(files, more));
}

/** Encodes records one behind the other, from `first` on. */
export function encode(
  first: number,
  term: number,
  texts: readonly string[],
  chain: number,
): Buffer {
  const records: Buffer[] = [];
  let before = chain;
  texts.forEach((text, i) => {
    const payload = Buffer.from(text, 'latin1');
    const record = Buffer.alloc(RECORD_HEADER_BYTES + payload.length);
    payload.copy(record, payloadStart(0));
    before = sealRecord(record, 0, first + i, term, 1, payload.length, before);
    records.push(record);
  });
  return Buffer.concat(records);
}

export interface BatchOptions {
  readonly term: number;
  readonly vote?: number;
  /** By default behind the last entry; further in front it truncates. */
  readonly first?: number;
  readonly texts?: readonly string[];
}

/** A batch that fits the log as it is. */
export function batchFor(log: Log, options: BatchOptions): AppendBatch {
  const { term, vote = 0, first = log.lastIndex + 1, texts = [] } = options;
  const records = encode(first, term, texts, log.chainAt(first - 1));
  return {
    hardState: { term, vote },
    truncateFrom: first <= log.lastIndex ? first : 0,
    first,
    count: texts.length,
    pieces: texts.length === 0 ? [] : [records],
    bytes: records.length,
  };
}

/** Appends and waits for the disk; throws what the callback was given. */
export function appendNow(files: FaultyFiles, log: Log, options: BatchOptions): void {
  let outcome: Error | null | undefined;
  log.append(batchFor(log, options), (error) => {
    outcome = error;
  });
  files.completeSyncs();
  if (outcome === undefined) throw new Error('append has not called back');
  if (outcome !== null) throw outcome;
}

export function closeNow(files: FaultyFiles, log: Log): Error | null {
  let outcome: Error | null | undefined;
  log.close((error) => {
    outcome = error;
  });
  files.completeSyncs();
  if (outcome === undefined) throw new Error('close has not called back');
  return outcome;
}

/** All entries of a log. */
export function entriesOf(log: Log): TestEntry[] {
  const entries: TestEntry[] = [];
  log.replay(log.firstIndex, (buffer, at) => {
    const end = at + recordBytes(buffer, at);
    const text = buffer.toString('latin1', payloadStart(at), end);
    entries.push({ index: recordIndex(buffer, at), term: recordTerm(buffer, at), text });
  });
  return entries;
}

export function textsOf(log: Log): string {
  return entriesOf(log)
    .map((entry) => entry.text)
    .join(' ');
}
