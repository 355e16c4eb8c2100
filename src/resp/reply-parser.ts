import { unreachable } from '../base/assert.ts';
import { parseDouble, parseInteger } from './numbers.ts';
import { MAX_BULK_BYTES } from './parser-limits.ts';
import {
  BigNumberReply,
  BooleanReply,
  DoubleReply,
  ErrorReply,
  MapReply,
  NULL_ARRAY,
  PushReply,
  type Reply,
  SetReply,
  SimpleString,
  VerbatimReply,
} from './reply.ts';

export type ParsedReply =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'more' }
  | { readonly kind: 'error'; readonly text: string };

/** Replies nested deeper than this are refused. */
const MAX_DEPTH = 128;
/** Unread bytes of one reply that a parser keeps at most, unless told otherwise. */
const MAX_BUFFER_BYTES = 1024 * 1024 * 1024;
/** Memory that a parser keeps when all is read. */
const IDLE_BYTES = 64 * 1024;
const FIRST_BYTES = 1024;

const CR = 13;
const LF = 10;
const EMPTY = Buffer.alloc(0);
const MORE: { readonly kind: 'more' } = { kind: 'more' };

type Aggregate = 'array' | 'set' | 'push' | 'map' | 'attribute';

/** An aggregate whose items are still coming in. */
interface Frame {
  readonly kind: Aggregate;
  readonly items: Reply[];
  missing: number;
}

/** What one line (and the bulk behind it) gave. */
type Piece =
  | { readonly kind: 'value'; readonly value: Reply }
  | { readonly kind: 'open'; readonly frame: Frame }
  | { readonly kind: 'more' }
  | { readonly kind: 'error'; readonly text: string };

/**
 * Cuts a server's bytes, RESP2 or RESP3, into replies. Bulk strings become latin1 strings, integers
 * outside the safe range `bigint`; attributes are read and dropped. Streamed strings and aggregates
 * are not known. Items of a reply that is not complete are kept as values, so nothing is read twice.
 */
export class ReplyParser {
  readonly #maxBufferBytes: number;
  #buffer: Buffer = EMPTY;
  #at = 0;
  #end = 0;
  /** No line end lies between `#at` and here. */
  #scanned = 0;
  readonly #stack: Frame[] = [];
  #error = '';

  constructor(maxBufferBytes: number = MAX_BUFFER_BYTES) {
    this.#maxBufferBytes = maxBufferBytes;
  }

  /** Copies `chunk`; the caller may reuse it at once. */
  push(chunk: Buffer): void {
    if (this.#error !== '') return;
    const unread = this.#end - this.#at;
    if (unread + chunk.length > this.#maxBufferBytes) {
      this.#fail('reply too large');
      return;
    }
    if (this.#end + chunk.length > this.#buffer.length) this.#makeRoom(unread + chunk.length);
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /** The next reply. After 'error' it stays there. */
  next(): ParsedReply {
    while (this.#error === '') {
      const piece = this.#piece();
      if (piece.kind === 'error') this.#fail(piece.text);
      else if (piece.kind === 'more') return MORE;
      else if (piece.kind === 'open') this.#stack.push(piece.frame);
      const reply = this.#settle(piece.kind === 'value' ? piece.value : undefined);
      if (reply !== undefined) return { kind: 'reply', reply };
    }
    return { kind: 'error', text: this.#error };
  }

  /** Bytes kept that are not read yet. */
  get buffered(): number {
    return this.#end - this.#at;
  }

  /** Gives a value to the aggregate it belongs to, and closes those that are full. */
  #settle(value: Reply | undefined): Reply | undefined {
    let given = value;
    for (;;) {
      const frame = this.#stack.at(-1);
      if (given !== undefined) {
        if (frame === undefined) return given;
        frame.items.push(given);
        frame.missing--;
      }
      if (frame === undefined || frame.missing > 0) return undefined;
      this.#stack.pop();
      given = close(frame);
    }
  }

  #piece(): Piece {
    const lineEnd = this.#findLineEnd();
    if (lineEnd < 0) return MORE;
    if (lineEnd - this.#at > MAX_BULK_BYTES) return { kind: 'error', text: 'line too long' };
    const buffer = this.#buffer;
    const start = this.#at + 1;
    switch (String.fromCharCode(buffer[this.#at] as number)) {
      case '$':
      case '!':
      case '=':
        return this.#bulk(lineEnd);
      case '*':
        return this.#open('array', lineEnd);
      case '~':
        return this.#open('set', lineEnd);
      case '>':
        return this.#open('push', lineEnd);
      case '%':
        return this.#open('map', lineEnd);
      case '|':
        return this.#open('attribute', lineEnd);
      default:
        this.#skipTo(lineEnd + 2);
        return line(buffer[start - 1] as number, buffer, start, lineEnd);
    }
  }

  /** `$`, `!` and `=`: a length, then so many bytes. */
  #bulk(lineEnd: number): Piece {
    const buffer = this.#buffer;
    const type = String.fromCharCode(buffer[this.#at] as number);
    const size = parseInteger(buffer, this.#at + 1, lineEnd);
    if (typeof size !== 'number' || size < -1 || (size < 0 && type !== '$')) {
      return { kind: 'error', text: 'invalid bulk length' };
    }
    const start = lineEnd + 2;
    if (size < 0) {
      this.#skipTo(start);
      return { kind: 'value', value: null };
    }
    const end = start + size;
    if (size > MAX_BULK_BYTES) return { kind: 'error', text: 'invalid bulk length' };
    if (end + 2 > this.#end) return MORE;
    if (buffer[end] !== CR || buffer[end + 1] !== LF) {
      return { kind: 'error', text: 'a bulk string is not closed by CR LF' };
    }
    const text = buffer.latin1Slice(start, end);
    this.#skipTo(end + 2);
    if (type === '$') return { kind: 'value', value: text };
    if (type === '!') return { kind: 'value', value: new ErrorReply(text) };
    if (size < 4 || text[3] !== ':') return { kind: 'error', text: 'invalid verbatim string' };
    return { kind: 'value', value: new VerbatimReply(text.slice(0, 3), text.slice(4)) };
  }

  #open(kind: Aggregate, lineEnd: number): Piece {
    const count = parseInteger(this.#buffer, this.#at + 1, lineEnd);
    const lowest = kind === 'array' ? -1 : 0;
    if (typeof count !== 'number' || count < lowest) {
      return { kind: 'error', text: 'invalid multibulk length' };
    }
    this.#skipTo(lineEnd + 2);
    if (count < 0) return { kind: 'value', value: NULL_ARRAY };
    if (this.#stack.length >= MAX_DEPTH) return { kind: 'error', text: 'nested too deep' };
    const paired = kind === 'map' || kind === 'attribute';
    return { kind: 'open', frame: { kind, items: [], missing: paired ? 2 * count : count } };
  }

  /** The CR of the CRLF that ends the line at `#at`, or -1. */
  #findLineEnd(): number {
    const buffer = this.#buffer;
    let at = Math.max(this.#scanned, this.#at);
    // A CR without LF does not end a line here.
    while (at + 1 < this.#end && !(buffer[at] === CR && buffer[at + 1] === LF)) at++;
    this.#scanned = at;
    return at + 1 < this.#end ? at : -1;
  }

  #skipTo(at: number): void {
    this.#at = at;
    this.#scanned = at;
    if (at < this.#end) return;
    this.#at = 0;
    this.#end = 0;
    this.#scanned = 0;
    if (this.#buffer.length > IDLE_BYTES) this.#buffer = EMPTY;
  }

  /** Shifts what is unread to the front, of a larger buffer if it does not fit. */
  #makeRoom(needed: number): void {
    const old = this.#buffer;
    const crowded = needed > old.length / 2;
    const target = crowded
      ? Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, Math.min(2 * needed, this.#maxBufferBytes)))
      : old;
    old.copy(target, 0, this.#at, this.#end);
    this.#buffer = target;
    this.#scanned = Math.max(0, this.#scanned - this.#at);
    this.#end -= this.#at;
    this.#at = 0;
  }

  #fail(text: string): void {
    this.#error = text;
    this.#buffer = EMPTY;
    this.#at = 0;
    this.#end = 0;
    this.#stack.length = 0;
  }
}

/** A type that is one line without a bulk behind it. */
function line(type: number, buffer: Buffer, start: number, end: number): Piece {
  const text = buffer.latin1Slice(start, end);
  switch (String.fromCharCode(type)) {
    case '+':
      return { kind: 'value', value: new SimpleString(text) };
    case '-':
      return { kind: 'value', value: new ErrorReply(text) };
    case ':': {
      const value = parseInteger(buffer, start, end);
      return value === undefined
        ? { kind: 'error', text: 'invalid integer' }
        : { kind: 'value', value };
    }
    case '_':
      return { kind: 'value', value: null };
    case '#':
      return text === 't' || text === 'f'
        ? { kind: 'value', value: new BooleanReply(text === 't') }
        : { kind: 'error', text: 'invalid boolean' };
    case ',': {
      const value = text === 'nan' ? Number.NaN : parseDouble(text);
      return value === undefined
        ? { kind: 'error', text: 'invalid double' }
        : { kind: 'value', value: new DoubleReply(value) };
    }
    case '(':
      return /^[+-]?\d+$/.test(text)
        ? { kind: 'value', value: new BigNumberReply(text) }
        : { kind: 'error', text: 'invalid big number' };
    default:
      return { kind: 'error', text: `unknown type '${String.fromCharCode(type)}'` };
  }
}

/** The value of a full aggregate; none for an attribute. */
function close(frame: Frame): Reply | undefined {
  switch (frame.kind) {
    case 'array':
      return frame.items;
    case 'set':
      return new SetReply(frame.items);
    case 'push':
      return new PushReply(frame.items);
    case 'map':
      return new MapReply(inPairs(frame.items));
    case 'attribute':
      return undefined;
    default:
      return unreachable(frame.kind);
  }
}

function inPairs(items: readonly Reply[]): [Reply, Reply][] {
  const pairs: [Reply, Reply][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    pairs.push([items[i] ?? null, items[i + 1] ?? null]);
  }
  return pairs;
}
