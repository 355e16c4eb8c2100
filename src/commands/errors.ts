import { ErrorReply } from '../resp/reply.ts';

/** Error replies that several commands give, in Redis's words, which clients match on. */
export const SYNTAX_ERROR: ErrorReply = new ErrorReply('ERR syntax error');
export const NOT_AN_INTEGER: ErrorReply = new ErrorReply(
  'ERR value is not an integer or out of range',
);
export const NOT_A_FLOAT: ErrorReply = new ErrorReply('ERR value is not a valid float');
export const WRONG_TYPE: ErrorReply = new ErrorReply(
  'WRONGTYPE Operation against a key holding the wrong kind of value',
);
export const NO_SUCH_KEY: ErrorReply = new ErrorReply('ERR no such key');
export const SAME_OBJECT: ErrorReply = new ErrorReply(
  'ERR source and destination objects are the same',
);
export const DATABASE_OUT_OF_RANGE: ErrorReply = new ErrorReply('ERR DB index is out of range');
export const STRING_TOO_LONG: ErrorReply = new ErrorReply(
  'ERR string exceeds maximum allowed size (proto-max-bulk-len)',
);

export function wrongArity(name: string): ErrorReply {
  return new ErrorReply(`ERR wrong number of arguments for '${name}' command`);
}

export function invalidExpire(name: string): ErrorReply {
  return new ErrorReply(`ERR invalid expire time in '${name}' command`);
}
