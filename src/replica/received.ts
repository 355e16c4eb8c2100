import {
  checkRecord,
  payloadStart,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordIndex,
  recordKind,
  recordTerm,
} from '../../raftlog/index.ts';
import { asLogIndex, asTerm } from '../base/ids.ts';
import type { ConfigurationEntry, EntryBatch, TermRun } from '../raft/message.ts';
import { ENTRY_CONFIGURATION, TIME_BYTES, unpackConfiguration } from './entry.ts';

/** The records of an append that came from a leader, and where each begins. */
export interface ReceivedBody {
  readonly buffer: Buffer;
  readonly starts: Int32Array;
  readonly previousChain: number;
}

/**
 * Checks records that came from a peer and describes them for the core; null if they are damaged
 * or not the entries `first` to `last`.
 */
export function receiveEntries(
  body: Buffer,
  first: number,
  last: number,
  previousChain: number,
): EntryBatch | null {
  const most = Math.floor(body.length / RECORD_HEADER_BYTES);
  if (first < 1 || last < first || last - first >= most) return null;
  const starts = new Int32Array(last - first + 1);
  const runs: TermRun[] = [];
  const configurations: ConfigurationEntry[] = [];
  let at = 0;
  let chain = previousChain;
  let term = -1;
  for (let index = first; index <= last; index++) {
    chain = checkRecord(body, at, body.length, chain);
    if (chain < 0 || recordIndex(body, at) !== index) return null;
    starts[index - first] = at;
    const end = at + recordBytes(body, at);
    const entryTerm = recordTerm(body, at);
    if (entryTerm < term) return null;
    if (entryTerm !== term) runs.push({ first: asLogIndex(index), term: asTerm(entryTerm) });
    term = entryTerm;
    if (recordKind(body, at) === ENTRY_CONFIGURATION) {
      const entry = readConfiguration(index, body, at, end);
      if (entry === null) return null;
      configurations.push(entry);
    }
    at = end;
  }
  if (at !== body.length) return null;
  const received: ReceivedBody = { buffer: body, starts, previousChain };
  return {
    first: asLogIndex(first),
    last: asLogIndex(last),
    runs,
    configurations,
    body: received,
  };
}

/** The same for bytes that came from outside: null if they are not what we write. */
function readConfiguration(
  index: number,
  buffer: Buffer,
  start: number,
  end: number,
): ConfigurationEntry | null {
  try {
    return configurationOf(index, buffer, start, end);
  } catch {
    return null;
  }
}

/** Throws on anything that this version does not write. */
export function configurationOf(
  index: number,
  buffer: Buffer,
  start: number,
  end: number,
): ConfigurationEntry {
  const payload = payloadStart(start);
  return {
    index: asLogIndex(index),
    configuration: unpackConfiguration(buffer.subarray(payload + TIME_BYTES, end)),
  };
}
