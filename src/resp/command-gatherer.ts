import type { Args } from './args.ts';
import { splitInline } from './inline.ts';
import { parseInteger } from './numbers.ts';
import {
  MAX_BULK_BYTES,
  type ParserLimits,
  UNAUTHENTICATED_ARGUMENTS,
  UNAUTHENTICATED_BULK_BYTES,
} from './parser-limits.ts';

/** Positions in a buffer are kept in 32 bits, so nothing larger can be held, whatever the limits. */
export const MAX_POSITION: number = 0x7fffffff - 16;
/** An announced count of arguments above this is no count at all. */
const MAX_COUNT = 0x7fffffff;
/** How much is taken of a chunk at first; doubles while the command is not complete. */
const FIRST_COPY_BYTES = 256;
/** Memory kept between commands. */
const IDLE_BYTES = 4096;
const FIRST_BOUNDS = 32;

const STAR = 42;
const DOLLAR = 36;
const CR = 13;
const LF = 10;

const EMPTY = Buffer.alloc(0);

/** `'nothing'`: an empty command, which is skipped without an answer. */
export type Progress = 'command' | 'nothing' | 'more' | 'error';

/**
 * Gathers one command that crosses a border between chunks, or has any other form than the strict
 * one, in memory of its own. A state machine remembers how far it has been read, so no byte is looked
 * at twice. Decides what is an error, as Redis 7 does.
 */
export class CommandGatherer {
  limits: ParserLimits;
  /** After 'error': what was wrong. */
  problem = '';

  /** The command from its first byte on, `#length` bytes. */
  #own: Buffer = EMPTY;
  #length = 0;
  #nextCopy = FIRST_COPY_BYTES;

  /** Arguments announced; 0: not known yet. */
  #count = 0;
  #have = 0;
  /** Length of the argument being gathered; -1: its header is not read yet. */
  #bulk = -1;
  /** Start of the line or argument being read. */
  #position = 0;
  /** No line end lies between `#position` and here. */
  #scanned = 0;
  /** Whether all line ends were CRLF, so that the raw bytes can be stored. */
  #canonical = true;
  #bounds: Int32Array = new Int32Array(FIRST_BOUNDS);

  constructor(limits: ParserLimits) {
    this.limits = limits;
  }

  /** Bytes gathered. */
  get length(): number {
    return this.#length;
  }

  /** After 'command' and 'nothing': bytes gathered that lie behind it. */
  get surplus(): number {
    return this.#length - this.#position;
  }

  /**
   * Copies as much of `chunk[start, end)` as is likely to be needed. Returns how many bytes; 0 when
   * the limit is reached.
   */
  take(chunk: Buffer, start: number, end: number): number {
    const missing = this.#bulk < 0 ? 0 : this.#position + this.#bulk + 2 - this.#length;
    const room = this.#maxBytes() - this.#length;
    const size = Math.min(Math.max(missing, this.#nextCopy), end - start, room);
    if (size <= 0) return 0;
    this.#nextCopy *= 2;
    if (this.#length + size > this.#own.length) this.#grow(this.#length + size);
    chunk.copy(this.#own, this.#length, start, start + size);
    this.#length += size;
    return size;
  }

  /** Reads on. On 'command' `args` holds views that are valid until the next {@link take}. */
  advance(args: Args): Progress {
    if (this.#length === 0) return 'more';
    if (this.#own[0] !== STAR) return this.#inline(args);
    if (this.#count === 0) {
      const progress = this.#readCount();
      if (progress !== 'command') return progress;
    }
    while (this.#have < this.#count) {
      if (this.#bulk < 0) {
        const progress = this.#readBulkLength();
        if (progress !== 'command') return progress;
      }
      const end = this.#position + this.#bulk;
      if (end + 2 > this.#length) return 'more';
      this.#noteArgument(this.#position, end);
      this.#noteLineEnd(end);
      this.#bulk = -1;
    }
    args.reserve(this.#count);
    args.bounds.set(this.#bounds.subarray(0, 2 * this.#count));
    args.buffer = this.#own;
    args.count = this.#count;
    args.rawStart = this.#canonical ? 0 : -1;
    args.rawEnd = this.#canonical ? this.#position : -1;
    return 'command';
  }

  /** Forgets the command; views on it stay valid until the next {@link take}. */
  startOver(): void {
    this.#length = 0;
    this.#nextCopy = FIRST_COPY_BYTES;
    this.#count = 0;
    this.#have = 0;
    this.#bulk = -1;
    this.#position = 0;
    this.#scanned = 0;
    this.#canonical = true;
    if (this.#own.length > IDLE_BYTES) this.#own = EMPTY;
    if (this.#bounds.length > FIRST_BOUNDS) this.#bounds = new Int32Array(FIRST_BOUNDS);
  }

  #maxBytes(): number {
    return Math.min(this.limits.maxBufferBytes, MAX_POSITION);
  }

  /**
   * By doubling what has arrived, so that a header alone reserves nothing; but not past the end of an
   * argument that is most of the command.
   */
  #grow(needed: number): void {
    let capacity = Math.max(needed, this.#length * 2, FIRST_COPY_BYTES);
    const end = this.#position + this.#bulk + 2;
    if (this.#bulk > end / 2 && needed <= end) capacity = Math.min(capacity, end);
    const grown = Buffer.allocUnsafeSlow(Math.min(capacity, this.#maxBytes()));
    this.#own.copy(grown, 0, 0, this.#length);
    this.#own = grown;
  }

  #inline(args: Args): Progress {
    const own = this.#own;
    let at = this.#scanned;
    while (at < this.#length && own[at] !== LF) at++;
    this.#scanned = at;
    if (at > this.limits.maxInlineBytes) return this.#fail('too big inline request');
    if (at === this.#length) return 'more';
    this.#position = at + 1;
    const end = at > 0 && own[at - 1] === CR ? at - 1 : at;
    const count = splitInline(own, end, args);
    if (count < 0) return this.#fail('unbalanced quotes in request');
    return count === 0 ? 'nothing' : 'command';
  }

  /** The `*n` line; 'command' means that there is one to read. */
  #readCount(): Progress {
    const end = this.#findLineEnd();
    if (end === -2) return this.#fail('too big mbulk count string');
    if (end === -1) return 'more';
    const count = parseInteger(this.#own, 1, end);
    if (count === undefined || count > MAX_COUNT) return this.#fail('invalid multibulk length');
    if (count > this.limits.maxArguments) {
      const strict = this.limits.maxArguments <= UNAUTHENTICATED_ARGUMENTS;
      return this.#fail(`${strict ? 'unauthenticated' : 'invalid'} multibulk length`);
    }
    this.#noteLineEnd(end);
    if (count <= 0) return 'nothing';
    this.#count = Number(count);
    return 'command';
  }

  #readBulkLength(): Progress {
    const start = this.#position;
    const end = this.#findLineEnd();
    if (end === -2) return this.#fail('too big bulk count string');
    if (end === -1) return 'more';
    if (this.#own[start] !== DOLLAR) {
      const got = this.#own.latin1Slice(start, start + 1);
      return this.#fail(`expected '$', got '${got}'`);
    }
    const size = parseInteger(this.#own, start + 1, end);
    if (typeof size !== 'number' || size < 0 || size > MAX_BULK_BYTES) {
      return this.#fail('invalid bulk length');
    }
    if (size > this.limits.maxBulkBytes) {
      const strict = this.limits.maxBulkBytes <= UNAUTHENTICATED_BULK_BYTES;
      return this.#fail(`${strict ? 'unauthenticated' : 'invalid'} bulk length`);
    }
    this.#noteLineEnd(end);
    this.#bulk = size;
    return 'command';
  }

  /**
   * The CR that ends the line at `#position`, when one more byte has arrived behind it; else -1, or
   * -2 when the line is too long.
   */
  #findLineEnd(): number {
    const own = this.#own;
    let at = Math.max(this.#scanned, this.#position);
    while (at < this.#length && own[at] !== CR) at++;
    this.#scanned = at;
    if (at - this.#position > this.limits.maxInlineBytes) return -2;
    return at + 1 < this.#length ? at : -1;
  }

  /** Goes behind the two bytes at `at`. Redis does not look at them; what is stored must be strict. */
  #noteLineEnd(at: number): void {
    if (this.#own[at] !== CR || this.#own[at + 1] !== LF) this.#canonical = false;
    this.#position = at + 2;
  }

  #noteArgument(start: number, end: number): void {
    const i = 2 * this.#have++;
    if (i >= this.#bounds.length) {
      const grown = new Int32Array(this.#bounds.length * 2);
      grown.set(this.#bounds);
      this.#bounds = grown;
    }
    this.#bounds[i] = start;
    this.#bounds[i + 1] = end;
  }

  #fail(problem: string): 'error' {
    this.problem = problem;
    return 'error';
  }
}
