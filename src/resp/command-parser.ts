import { assert } from '../base/assert.ts';
import type { Args } from './args.ts';
import { CommandGatherer, MAX_POSITION } from './command-gatherer.ts';
import type { ParserLimits } from './parser-limits.ts';

/** `$0 CRLF CRLF`: the bytes that even an empty argument takes. */
const MIN_ARGUMENT_BYTES = 6;
/** `*1 CRLF` and one empty argument. */
const MIN_COMMAND_BYTES = 10;
const LIMIT_REACHED = 'query buffer limit exceeded';

const STAR = 42;
const DOLLAR = 36;
const CR = 13;
const LF = 10;
const ZERO = 48;

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a client's bytes into commands: arrays of bulk strings, and inline commands.
 *
 * A command in strict form that lies whole in a chunk is read where it lies. Any other is copied to a
 * {@link CommandGatherer}, and reading goes on in the chunk behind it. So the bytes of a pipeline are
 * not copied, except those of the commands that cross a border between chunks, once.
 */
export class CommandParser {
  #limits: ParserLimits;
  #error = '';
  /** Not empty: it has the beginning of a command, and the chunk what comes next. */
  readonly #gatherer: CommandGatherer;

  /** What was pushed; `#at` to `#end` is unread. Lent by the caller, unless `#chunkIsOwn`. */
  #chunk: Buffer = EMPTY;
  #at = 0;
  #end = 0;
  #chunkIsOwn = false;

  constructor(limits: ParserLimits) {
    this.#limits = limits;
    this.#gatherer = new CommandGatherer(limits);
  }

  /** May be replaced at any time; lengths already accepted stay so. */
  set limits(limits: ParserLimits) {
    this.#limits = limits;
    this.#gatherer.limits = limits;
  }

  /** After `'error'`: what to answer, without the leading `-`. Empty before. */
  get error(): string {
    return this.#error;
  }

  /** Bytes pushed that belong to no command answered so far. */
  get buffered(): number {
    return this.#gatherer.length + this.#end - this.#at;
  }

  /**
   * Hands over bytes. They must not change until {@link next} has answered `'more'`, or until
   * {@link keep} or the next push, which copy what is left of them.
   */
  push(chunk: Buffer): void {
    if (this.#error !== '') return;
    if (this.#at < this.#end) {
      this.#append(chunk);
      return;
    }
    this.#chunk = chunk;
    this.#chunkIsOwn = false;
    this.#at = 0;
    this.#end = chunk.length;
  }

  /** Copies what is unread of the chunk, so that its memory can be reused before `'more'`. */
  keep(): void {
    if (!this.#chunkIsOwn && this.#at < this.#end) this.#append(EMPTY);
  }

  /** Takes the unread bytes back, which are not commands: the connection turns into something else. */
  takeRest(): Buffer {
    assert(this.#gatherer.length === 0, 'the rest is taken between two commands');
    const rest = Buffer.from(this.#chunk.subarray(this.#at, this.#end));
    this.#at = this.#end;
    return rest;
  }

  /**
   * Reads the next command into `args`, whose views are valid until the next call of `next`, `push`
   * or `keep`. `'more'`: all bytes are read or kept. After `'error'` it stays there.
   */
  next(args: Args): 'command' | 'more' | 'error' {
    for (;;) {
      if (this.#error !== '') return 'error';
      if (this.#gatherer.length === 0) {
        const at = this.#at;
        const end = this.#end;
        const limits = this.#limits;
        // A longer rest may hold an argument over the limit; the gatherer looks at each.
        if (end - at <= limits.maxBulkBytes) {
          const after = parseCommand(this.#chunk, at, end, args);
          if (after >= 0 && args.count <= limits.maxArguments) {
            this.#at = after;
            return 'command';
          }
        }
        this.#skipBlankLines();
      }
      const progress = this.#gather(args);
      if (progress !== 'nothing') return progress;
    }
  }

  /** Feeds the gatherer until it has the command, then takes back what it took too much. */
  #gather(args: Args): 'command' | 'nothing' | 'more' | 'error' {
    const gatherer = this.#gatherer;
    for (;;) {
      const progress = gatherer.advance(args);
      if (progress === 'error') return this.#fail(gatherer.problem);
      if (progress !== 'more') {
        this.#at -= gatherer.surplus;
        assert(this.#at >= 0, 'a gathered command ends in the chunk that completed it');
        gatherer.startOver();
        return progress;
      }
      if (this.#at === this.#end) {
        this.#chunk = EMPTY;
        this.#at = 0;
        this.#end = 0;
        return 'more';
      }
      const taken = gatherer.take(this.#chunk, this.#at, this.#end);
      if (taken === 0) return this.#fail(LIMIT_REACHED);
      this.#at += taken;
    }
  }

  /** They are common between commands typed by hand, and cheaper to skip in place. */
  #skipBlankLines(): void {
    const chunk = this.#chunk;
    const end = this.#end;
    let at = this.#at;
    while (at < end) {
      if (chunk[at] === LF) at++;
      else if (chunk[at] === CR && at + 1 < end && chunk[at + 1] === LF) at += 2;
      else break;
    }
    this.#at = at;
  }

  /** Adds to a chunk that is not read to its end, in memory that then belongs to the parser. */
  #append(more: Buffer): void {
    const unread = this.#end - this.#at;
    const needed = unread + more.length;
    if (needed > Math.min(this.#limits.maxBufferBytes, MAX_POSITION)) {
      this.#fail(LIMIT_REACHED);
      return;
    }
    if (!this.#chunkIsOwn || this.#end + more.length > this.#chunk.length) {
      const grown = Buffer.allocUnsafeSlow(this.#chunkIsOwn ? needed * 2 : needed);
      this.#chunk.copy(grown, 0, this.#at, this.#end);
      this.#chunk = grown;
      this.#chunkIsOwn = true;
      this.#at = 0;
      this.#end = unread;
    }
    more.copy(this.#chunk, this.#end);
    this.#end += more.length;
  }

  #fail(problem: string): 'error' {
    this.#error = `ERR Protocol error: ${problem}`;
    this.#gatherer.startOver();
    this.#chunk = EMPTY;
    this.#at = 0;
    this.#end = 0;
    return 'error';
  }
}

/**
 * Reads one complete command in its strict form from `buffer[start, end)` into views. Returns where
 * it ends, or -1 when there is none, in which case `args` means nothing.
 */
export function parseCommand(buffer: Buffer, start: number, end: number, args: Args): number {
  if (end - start < MIN_COMMAND_BYTES || buffer[start] !== STAR) return -1;
  let count = (buffer[start + 1] as number) - ZERO;
  if (count < 1 || count > 9) return -1;
  let at = start + 2;
  while (buffer[at] !== CR) {
    const digit = (buffer[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    count = count * 10 + digit;
    at++;
    // Stops at the end too: the bytes left cannot hold so many arguments.
    if (count * MIN_ARGUMENT_BYTES > end - at) return -1;
  }
  if (buffer[at + 1] !== LF) return -1;
  at += 2;
  args.reserve(count);
  const bounds = args.bounds;
  const last = count * 2;
  for (let i = 0; i < last; i += 2) {
    if (at + MIN_ARGUMENT_BYTES > end || buffer[at] !== DOLLAR) return -1;
    let size = (buffer[at + 1] as number) - ZERO;
    if (size < 0 || size > 9) return -1;
    at += 2;
    let byte = buffer[at] as number;
    if (byte !== CR) {
      if (size === 0) return -1;
      do {
        if (byte < ZERO || byte > ZERO + 9) return -1;
        size = size * 10 + byte - ZERO;
        at++;
        if (size > end - at) return -1;
        byte = buffer[at] as number;
      } while (byte !== CR);
    }
    if (buffer[at + 1] !== LF) return -1;
    at += 2;
    bounds[i] = at;
    at += size;
    bounds[i + 1] = at;
    if (at + 2 > end || buffer[at] !== CR || buffer[at + 1] !== LF) return -1;
    at += 2;
  }
  args.buffer = buffer;
  args.count = count;
  args.rawStart = start;
  args.rawEnd = at;
  return at;
}
