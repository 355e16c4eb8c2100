/**
 * - `RAFTLOG_ABSENT`: there is no such log.
 * - `RAFTLOG_EXISTS`: a log is there and was not to be replaced.
 * - `RAFTLOG_HEADER`: the file is not a log, or its first 128 bytes are damaged.
 * - `RAFTLOG_VERSION`: the log has a format that this program does not know.
 * - `RAFTLOG_CORRUPT`: bytes that were durable are damaged or gone.
 * - `RAFTLOG_FAILED`: reading, writing or syncing failed (`cause` says how); the log takes no more.
 * - `RAFTLOG_FULL`: there is no space for what was appended (`cause` says why).
 * - `RAFTLOG_CLOSED`: the log was closed.
 * - `RAFTLOG_MISUSE`: the caller broke the contract; a bug of the program.
 */
export type RaftLogErrorCode =
  | 'RAFTLOG_ABSENT'
  | 'RAFTLOG_EXISTS'
  | 'RAFTLOG_HEADER'
  | 'RAFTLOG_VERSION'
  | 'RAFTLOG_CORRUPT'
  | 'RAFTLOG_FAILED'
  | 'RAFTLOG_FULL'
  | 'RAFTLOG_CLOSED'
  | 'RAFTLOG_MISUSE';

export interface RaftLogErrorFacts {
  /** Path of the data file. */
  readonly file: string;
  /** Byte in that file, where one can be named. */
  readonly offset?: number;
  /** First entry that is affected, where one can be named. */
  readonly index?: number;
  readonly cause?: unknown;
}

/** Everything this package throws or passes to a callback. `code` is stable, the message is not. */
export class RaftLogError extends Error {
  override readonly name = 'RaftLogError';
  readonly code: RaftLogErrorCode;
  readonly file: string;
  readonly offset: number | null;
  readonly index: number | null;

  constructor(code: RaftLogErrorCode, message: string, facts: RaftLogErrorFacts) {
    super(`${facts.file}: ${message}`, facts.cause === undefined ? {} : { cause: facts.cause });
    this.code = code;
    this.file = facts.file;
    this.offset = facts.offset ?? null;
    this.index = facts.index ?? null;
  }
}

/** A failed system call as an error of the log. */
export function ioError(file: string, doing: string, cause: unknown): RaftLogError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RaftLogError('RAFTLOG_FAILED', `${doing} failed: ${reason}`, { file, cause });
}

/** There is no space at `offset` for what waits to be written. */
export function fullError(file: string, offset: number, cause: unknown): RaftLogError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `no space to write at offset ${offset}: ${reason}`;
  return new RaftLogError('RAFTLOG_FULL', message, { file, offset, cause });
}
