export type { Compaction } from './compaction.ts';
export { crc32c } from './crc32c.ts';
export { RaftLogError, type RaftLogErrorCode } from './errors.ts';
export { FileReader } from './file-reader.ts';
export type { FileSystem, LogFile } from './file-system.ts';
export type { FsyncStats } from './group-commit.ts';
export type { AppendCallback } from './group-encoder.ts';
export { type InspectedLog, type Inspection, inspectLog, tornTail } from './inspect.ts';
export type { Base, HardState } from './layout.ts';
export type { Log } from './log.ts';
export type { AppendBatch, LogOptions, Recovered } from './log-types.ts';
export { nodeFiles, readOnlyNodeFiles } from './node-files.ts';
export { type CreateOptions, createLog, openLog } from './open.ts';
export type { Records } from './read-records.ts';
export {
  checkRecord,
  checkRecordHeader,
  MAX_PAYLOAD_BYTES,
  payloadStart,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordChain,
  recordIndex,
  recordKind,
  recordTerm,
  sealRecord,
} from './record.ts';
