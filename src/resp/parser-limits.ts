/**
 * Values are strings, and the engine makes none of more chars than this: 24 fewer than the 512 MB of
 * Redis. No limit reaches beyond it.
 */
export const MAX_BULK_BYTES = 0x1fffffe8;

/** What a client may send. All in bytes, except `maxArguments`. */
export interface ParserLimits {
  /** `proto-max-bulk-len`: the longest argument. */
  readonly maxBulkBytes: number;
  readonly maxArguments: number;
  /** The longest inline command, and the longest `*n` or `$n` line. */
  readonly maxInlineBytes: number;
  /** `client-query-buffer-limit`: all that may be kept of one client. */
  readonly maxBufferBytes: number;
}

export const DEFAULT_PARSER_LIMITS: ParserLimits = {
  maxBulkBytes: MAX_BULK_BYTES,
  maxArguments: 1024 * 1024,
  maxInlineBytes: 64 * 1024,
  maxBufferBytes: 1024 * 1024 * 1024,
};

/** Limits as low as these are those of a client without password, and errors call them so. */
export const UNAUTHENTICATED_ARGUMENTS = 10;
export const UNAUTHENTICATED_BULK_BYTES = 16384;
const UNAUTHENTICATED_BUFFER_BYTES = 1024 * 1024;

/** `limits` for a client that has yet to give its password. */
export function unauthenticatedLimits(limits: ParserLimits): ParserLimits {
  return {
    maxBulkBytes: Math.min(limits.maxBulkBytes, UNAUTHENTICATED_BULK_BYTES),
    maxArguments: Math.min(limits.maxArguments, UNAUTHENTICATED_ARGUMENTS),
    maxInlineBytes: limits.maxInlineBytes,
    maxBufferBytes: Math.min(limits.maxBufferBytes, UNAUTHENTICATED_BUFFER_BYTES),
  };
}
