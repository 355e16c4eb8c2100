import { assert } from '../base/assert.ts';

/**
 * The arguments of one command as views on the buffer they arrived in. Index 0 is the command's
 * name. An `Args` object is reused for the next command: whoever must keep an argument copies it
 * with {@link Args.string} or {@link Args.bytes}.
 */
export class Args {
  buffer: Buffer = Buffer.alloc(0);
  /** Number of arguments, the name included. */
  count = 0;
  /** Start and end of each argument: `bounds[2 * i]` to `bounds[2 * i + 1]`. */
  bounds: Int32Array = new Int32Array(32);
  /**
   * Where the whole command stands in `buffer` in the form `*n CRLF $len CRLF …`; -1 when it came
   * in another form (inline, or a part of another command) and must be encoded to be stored.
   */
  rawStart = -1;
  rawEnd = -1;

  /** Makes room for `count` arguments and keeps those already there. */
  reserve(count: number): void {
    if (this.bounds.length >= 2 * count) return;
    const grown = new Int32Array(Math.max(2 * count, this.bounds.length * 2));
    grown.set(this.bounds);
    this.bounds = grown;
  }

  start(i: number): number {
    return this.bounds[2 * i] as number;
  }

  end(i: number): number {
    return this.bounds[2 * i + 1] as number;
  }

  /** Length of argument `i` in bytes. */
  size(i: number): number {
    return this.end(i) - this.start(i);
  }

  /** Argument `i` as a latin1 string: one char per byte, whatever the bytes are. */
  string(i: number): string {
    return this.buffer.latin1Slice(this.start(i), this.end(i));
  }

  /** Argument `i` as a copy of its bytes. */
  bytes(i: number): Buffer {
    return Buffer.from(this.buffer.subarray(this.start(i), this.end(i)));
  }

  /** Whether argument `i` is `word`, which is upper case ASCII, in any case. */
  is(i: number, word: string): boolean {
    const start = this.start(i);
    if (this.end(i) - start !== word.length) return false;
    for (let k = 0; k < word.length; k++) {
      const byte = this.buffer[start + k] as number;
      const upper = byte >= 97 && byte <= 122 ? byte - 32 : byte;
      if (upper !== word.charCodeAt(k)) return false;
    }
    return true;
  }

  /** Arguments from `from` on as another `Args` over the same buffer (for `RAFT <cmd> …`). */
  rest(from: number): Args {
    assert(from <= this.count, 'rest() starts inside the arguments');
    const rest = new Args();
    rest.buffer = this.buffer;
    rest.count = this.count - from;
    rest.bounds = this.bounds.slice(2 * from, 2 * this.count);
    return rest;
  }

  /** `count` arguments from `from` on, in the same buffer, as another `Args` that is reused: `into`. */
  part(from: number, count: number, into: Args): void {
    assert(from + count <= this.count, 'part() lies inside the arguments');
    into.buffer = this.buffer;
    into.count = count;
    into.reserve(count);
    into.bounds.set(this.bounds.subarray(2 * from, 2 * (from + count)));
    into.rawStart = -1;
    into.rawEnd = -1;
  }

  /** A copy that owns its bytes. */
  copy(): Args {
    const from = this.rawStart >= 0 ? this.rawStart : this.start(0);
    const to = this.rawStart >= 0 ? this.rawEnd : this.end(this.count - 1);
    const copy = new Args();
    copy.buffer = Buffer.from(this.buffer.subarray(from, to));
    copy.count = this.count;
    copy.bounds = this.bounds.slice(0, 2 * this.count).map((bound) => bound - from);
    if (this.rawStart >= 0) {
      copy.rawStart = 0;
      copy.rawEnd = to - from;
    }
    return copy;
  }

  /** All arguments as latin1 strings. */
  strings(): string[] {
    const out: string[] = [];
    for (let i = 0; i < this.count; i++) out.push(this.string(i));
    return out;
  }

  /** An `Args` that owns its bytes, made from strings: for tests and for commands made inside. */
  static of(words: readonly (string | Uint8Array)[]): Args {
    const args = new Args();
    const parts = words.map((w) => (typeof w === 'string' ? Buffer.from(w, 'latin1') : w));
    args.buffer = Buffer.concat(parts);
    args.count = parts.length;
    args.reserve(parts.length);
    let at = 0;
    parts.forEach((part, i) => {
      args.bounds[2 * i] = at;
      at += part.length;
      args.bounds[2 * i + 1] = at;
    });
    return args;
  }
}
