import { assert, fail, unreachable } from '../base/assert.ts';
import { formatDouble } from './numbers.ts';
import { CR, LF, LOOP_CHARS, putHeader, putText } from './put.ts';
import { OK, type Reply } from './reply.ts';

/** Size of a writer's first buffer. */
const FIRST_BYTES = 1024;
/** A buffer larger than this is not kept for the next turn. */
const KEPT_BYTES = 64 * 1024;
/** A type byte, a sign, the digits of any length or small integer, CRLF; and CRLF behind a bulk. */
const FRAME_BYTES = 16;
/** Integers below this are written digit by digit. */
const SMALL_INTEGER = 0x7fffffff;

const COLON = 58;
const DOLLAR = 36;
const STAR = 42;

const EMPTY = Buffer.alloc(0);
const OK_BYTES = Buffer.from('+OK\r\n', 'latin1');

/**
 * Encodes replies one after another into a buffer that grows, and is reused from turn to turn.
 * Strings are latin1: one byte per char.
 */
export class ReplyWriter {
  /** What is written stands in `[0, length)`. Another buffer after any call that writes. */
  buffer: Buffer = EMPTY;
  length = 0;

  /** Appends `reply` in the client's protocol. */
  write(reply: Reply, protocol: 2 | 3): void {
    if (typeof reply === 'string') this.bulk(reply);
    else if (typeof reply === 'number') this.integer(reply);
    else if (reply === null) this.ascii(protocol === 3 ? '_\r\n' : '$-1\r\n');
    else if (reply === OK) this.raw(OK_BYTES);
    else if (typeof reply === 'bigint') this.ascii(`:${reply}\r\n`);
    else if (reply instanceof Uint8Array) this.bulkBytes(reply);
    else if (isList(reply)) this.#list(STAR, reply, protocol);
    else this.#special(reply, protocol);
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): void {
    const size = bytes.length;
    if (this.buffer.length - this.length < size) this.#grow(size);
    this.buffer.set(bytes, this.length);
    this.length += size;
  }

  /** Appends the chars of `text` as one byte each. */
  ascii(text: string): void {
    const size = text.length;
    if (this.buffer.length - this.length < size) this.#grow(size);
    putText(this.buffer, this.length, text);
    this.length += size;
  }

  /** Appends `$length CRLF text CRLF`. */
  bulk(text: string): void {
    const size = text.length;
    if (this.buffer.length - this.length < size + FRAME_BYTES) this.#grow(size + FRAME_BYTES);
    const buffer = this.buffer;
    let at = putHeader(buffer, this.length, DOLLAR, size);
    if (size <= LOOP_CHARS) {
      for (let i = 0; i < size; i++) buffer[at + i] = text.charCodeAt(i);
    } else {
      buffer.latin1Write(text, at);
    }
    at += size;
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.length = at + 2;
  }

  /** The same for bytes. */
  bulkBytes(bytes: Uint8Array): void {
    const size = bytes.length;
    if (this.buffer.length - this.length < size + FRAME_BYTES) this.#grow(size + FRAME_BYTES);
    const buffer = this.buffer;
    let at = putHeader(buffer, this.length, DOLLAR, size);
    buffer.set(bytes, at);
    at += size;
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.length = at + 2;
  }

  /** Appends `:value CRLF`; `value` is a safe integer. */
  integer(value: number): void {
    if (value >= 0 && value <= SMALL_INTEGER && value === (value | 0)) {
      if (this.buffer.length - this.length < FRAME_BYTES) this.#grow(FRAME_BYTES);
      this.length = putHeader(this.buffer, this.length, COLON, value);
      return;
    }
    assert(Number.isSafeInteger(value), 'an integer reply is an integer');
    this.ascii(`:${value === 0 ? 0 : value}\r\n`);
  }

  /** Appends `type count CRLF`; `type` is `*`, `%`, `~` or `>`, and the items follow by `write`. */
  header(type: '*' | '%' | '~' | '>', count: number): void {
    if (this.buffer.length - this.length < FRAME_BYTES) this.#grow(FRAME_BYTES);
    this.length = putHeader(this.buffer, this.length, type.charCodeAt(0), count);
  }

  /** What is written, as a view that the next write or reset may change. */
  view(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Starts again in the same memory, unless a large reply has made it large. */
  reset(): void {
    this.length = 0;
    if (this.buffer.length > KEPT_BYTES) this.buffer = EMPTY;
  }

  /** Starts again in other memory: views taken so far stay as they are. */
  release(): void {
    this.length = 0;
    this.buffer = EMPTY;
  }

  #list(type: number, items: readonly Reply[], protocol: 2 | 3): void {
    if (this.buffer.length - this.length < FRAME_BYTES) this.#grow(FRAME_BYTES);
    this.length = putHeader(this.buffer, this.length, type, items.length);
    for (const item of items) this.write(item, protocol);
  }

  #special(reply: SpecialReply, protocol: 2 | 3): void {
    switch (reply.kind) {
      case 'simple':
        this.ascii(`+${oneLine(reply.text)}\r\n`);
        return;
      case 'error':
        this.ascii(`-${oneLine(reply.text)}\r\n`);
        return;
      case 'double':
        this.#textual(',', reply.text ?? formatDouble(reply.value), protocol);
        return;
      case 'big-number':
        this.#textual('(', reply.digits, protocol);
        return;
      case 'boolean':
        if (protocol === 3) this.ascii(reply.value ? '#t\r\n' : '#f\r\n');
        else this.ascii(reply.value ? ':1\r\n' : ':0\r\n');
        return;
      case 'map':
        if (protocol === 2 && reply.isNested) {
          this.#list(STAR, reply.pairs, protocol);
          return;
        }
        this.header(protocol === 3 ? '%' : '*', reply.pairs.length * (protocol === 3 ? 1 : 2));
        for (const [key, value] of reply.pairs) {
          this.write(key, protocol);
          this.write(value, protocol);
        }
        return;
      case 'pairs':
        this.#pairs(reply.items, protocol);
        return;
      case 'set':
        this.#list(protocol === 3 ? 126 : STAR, reply.items, protocol);
        return;
      case 'push':
        this.#list(protocol === 3 ? 62 : STAR, reply.items, protocol);
        return;
      case 'verbatim':
        this.#verbatim(reply.format, reply.text, protocol);
        return;
      case 'null-array':
        this.ascii(protocol === 3 ? '_\r\n' : '*-1\r\n');
        return;
      case 'encoded':
        this.raw(reply.bytes);
        return;
      case 'no-reply':
        return;
      case 'wait':
        fail('a command that waits has no reply yet');
        return;
      default:
        unreachable(reply);
    }
  }

  #pairs(items: readonly Reply[], protocol: 2 | 3): void {
    if (protocol === 2) {
      this.#list(STAR, items, protocol);
      return;
    }
    this.header('*', items.length / 2);
    items.forEach((item, i) => {
      if (i % 2 === 0) this.header('*', 2);
      this.write(item, protocol);
    });
  }

  #textual(type: string, text: string, protocol: 2 | 3): void {
    if (protocol === 3) this.ascii(`${type}${text}\r\n`);
    else this.bulk(text);
  }

  #verbatim(format: string, text: string, protocol: 2 | 3): void {
    if (protocol === 2) {
      this.bulk(text);
      return;
    }
    assert(format.length === 3, 'the format of a verbatim string has three letters');
    this.ascii(`=${text.length + 4}\r\n${format}:`);
    this.ascii(text);
    this.ascii('\r\n');
  }

  /** Makes room for `size` more bytes. */
  #grow(size: number): void {
    const needed = this.length + size;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2, FIRST_BYTES));
    grown.set(this.view());
    this.buffer = grown;
  }
}

type SpecialReply = Extract<Reply, { readonly kind: string }>;

function isList(reply: object): reply is readonly Reply[] {
  return Array.isArray(reply);
}

const LINE_BREAK = /[\r\n]/g;

/** CR and LF would end the line, and let a client's words pass as replies. */
function oneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(LINE_BREAK, ' ') : text;
}
