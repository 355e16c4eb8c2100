export type { Compaction } from './compaction.ts';
export { crc32c } from './crc32c.ts';
export { RaftLogError, type RaftLogErrorCode } from './errors.ts';
export type { FileSystem, LogFile } from './file-system.ts';
export type { AppendCallback, FsyncStats } from './group-commit.ts';
export type { Base, HardState } from './layout.ts';
export type { AppendBatch, Log, LogOptions, Recovered } from './log.ts';
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
