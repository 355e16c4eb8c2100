import type { StreamTrim } from '../../keyspace/stream-entries.ts';
import { MAX_NODE_ENTRIES } from '../../keyspace/stream-node.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { readId } from './ids.ts';

const TWO_BOUNDS: ErrorReply = new ErrorReply(
  'ERR syntax error, MAXLEN and MINID options at the same time are not compatible',
);
const NEGATIVE_LENGTH: ErrorReply = new ErrorReply('ERR The MAXLEN argument must be >= 0.');
const NEGATIVE_LIMIT: ErrorReply = new ErrorReply('ERR The LIMIT argument must be >= 0.');
const LIMIT_WITHOUT_BOUND: ErrorReply = new ErrorReply(
  'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy',
);
const LIMIT_OF_EXACT: ErrorReply = new ErrorReply(
  'ERR syntax error, LIMIT cannot be used without the special ~ option',
);

/** An approximate trim without LIMIT looks at no more entries than this. */
const DEFAULT_LIMIT: number = 100 * MAX_NODE_ENTRIES;

/** Reads the options of XADD and XTRIM that say what to trim, one after another. */
export class TrimOptions {
  #bound: StreamTrim['bound'] | undefined;
  #approximate = false;
  #limit: number | undefined;

  /** Reads the option at `i` if it is one: where it ends, `i` if it is none, or an error. */
  read(args: Args, i: number): number | ErrorReply {
    const more = i + 1 < args.count;
    if (more && args.is(i, 'MAXLEN')) return this.#readBound(args, i, 'max-length');
    if (more && args.is(i, 'MINID')) return this.#readBound(args, i, 'min-id');
    if (!more || !args.is(i, 'LIMIT')) return i;
    const limit = readNumber(args, i + 1);
    if (isError(limit)) return limit;
    if (limit < 0) return NEGATIVE_LIMIT;
    this.#limit = limit;
    return i + 2;
  }

  /** What all options together mean; `missing` if there is nothing to trim by. */
  result<M>(missing: M): StreamTrim | ErrorReply | M {
    const bound = this.#bound;
    const limit = this.#limit;
    if (bound === undefined && limit !== undefined && limit > 0) return LIMIT_WITHOUT_BOUND;
    if (bound === undefined && isError(missing)) return missing;
    const approximate = this.#approximate;
    if (limit !== undefined && !approximate) return LIMIT_OF_EXACT;
    if (bound === undefined) return missing;
    return { bound, approximate, limit: limit ?? (approximate ? DEFAULT_LIMIT : 0) };
  }

  #readBound(args: Args, i: number, kind: StreamTrim['bound']['kind']): number | ErrorReply {
    if (this.#bound !== undefined) return TWO_BOUNDS;
    let at = i + 1;
    // A sign with nothing behind it is the bound itself, and no good one.
    this.#approximate = at + 1 < args.count && args.is(at, '~');
    if (this.#approximate || (at + 1 < args.count && args.is(at, '='))) at++;
    if (kind === 'max-length') {
      const maxLength = readNumber(args, at);
      if (isError(maxLength)) return maxLength;
      if (maxLength < 0) return NEGATIVE_LENGTH;
      this.#bound = { kind, maxLength };
    } else {
      const minId = readId(args, at);
      if (isError(minId)) return minId;
      this.#bound = { kind, minId };
    }
    return at + 1;
  }
}
