/**
 * What a command answers, before any protocol: the encoder turns it into RESP2 or RESP3.
 *
 * Bulk strings are latin1 JavaScript strings (each char is one byte, 0..255) or bytes, so that the
 * values of the keyspace are replies as they are. Anything that is not a bulk string, an integer,
 * null or an array has a class of its own, told apart by `kind`.
 */
export type Reply =
  | string
  | number
  | bigint
  | null
  | Uint8Array
  | readonly Reply[]
  | SimpleString
  | ErrorReply
  | DoubleReply
  | BooleanReply
  | BigNumberReply
  | MapReply
  | SetReply
  | PairsReply
  | PushReply
  | VerbatimReply
  | NullArrayReply
  | EncodedReply
  | WaitReply
  | NoReply;

/** `+text`. Must not hold CR or LF. */
export class SimpleString {
  readonly kind = 'simple';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `-text`. The first word is the error code (`ERR`, `WRONGTYPE`, …). CR and LF are sent as spaces. */
export class ErrorReply {
  readonly kind = 'error';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** RESP3 `,n`; RESP2: a bulk string of the same text, which is how Redis prints a double. */
export class DoubleReply {
  readonly kind = 'double';
  readonly value: number;
  /** How it is printed, if not with the fewest digits that read back as the same number. */
  readonly text: string | undefined;
  constructor(value: number, text?: string) {
    this.value = value;
    this.text = text;
  }
}

/** RESP3 `#t` / `#f`; RESP2: integer 1 / 0. */
export class BooleanReply {
  readonly kind = 'boolean';
  readonly value: boolean;
  constructor(value: boolean) {
    this.value = value;
  }
}

/** RESP3 `(digits`; RESP2: bulk string. */
export class BigNumberReply {
  readonly kind = 'big-number';
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

/**
 * RESP3 map; RESP2: flat array of key, value, key, value or, if `isNested`, an array of arrays of two,
 * which is how XREAD answers.
 */
export class MapReply {
  readonly kind = 'map';
  readonly pairs: readonly (readonly [Reply, Reply])[];
  readonly isNested: boolean;
  constructor(pairs: readonly (readonly [Reply, Reply])[], isNested = false) {
    this.pairs = pairs;
    this.isNested = isNested;
  }
}

/** Pairs in an order that counts. RESP3: an array of arrays of two; RESP2: a flat array. */
export class PairsReply {
  readonly kind = 'pairs';
  /** Flat: first, second, first, second. */
  readonly items: readonly Reply[];
  constructor(items: readonly Reply[]) {
    this.items = items;
  }
}

/** RESP3 set; RESP2: array. */
export class SetReply {
  readonly kind = 'set';
  readonly items: readonly Reply[];
  constructor(items: readonly Reply[]) {
    this.items = items;
  }
}

/** RESP3 push (`>`); RESP2: array. */
export class PushReply {
  readonly kind = 'push';
  readonly items: readonly Reply[];
  constructor(items: readonly Reply[]) {
    this.items = items;
  }
}

/** RESP3 verbatim string (`=`, with a format of three letters); RESP2: bulk string. */
export class VerbatimReply {
  readonly kind = 'verbatim';
  readonly format: string;
  readonly text: string;
  constructor(format: string, text: string) {
    this.format = format;
    this.text = text;
  }
}

/** RESP2 `*-1`, RESP3 `_`: what a blocking pop over arrays answers when it found nothing. */
export class NullArrayReply {
  readonly kind = 'null-array';
}

/** A whole reply already in the client's protocol: another node has encoded it. */
export class EncodedReply {
  readonly kind = 'encoded';
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * A blocking command found nothing: it is parked with this request, and run again when one of its
 * keys has changed. Never encoded: inside a transaction it becomes what a timeout answers.
 */
export class WaitReply {
  readonly kind = 'wait';
  readonly request: unknown;
  constructor(request: unknown) {
    this.request = request;
  }
}

/** Nothing is sent (CLIENT REPLY OFF and SKIP). */
export class NoReply {
  readonly kind = 'no-reply';
}

export const OK: SimpleString = new SimpleString('OK');
export const QUEUED: SimpleString = new SimpleString('QUEUED');
export const PONG: SimpleString = new SimpleString('PONG');
export const NULL_ARRAY: NullArrayReply = new NullArrayReply();
export const NO_REPLY: NoReply = new NoReply();

export function isError(reply: unknown): reply is ErrorReply {
  return reply instanceof ErrorReply;
}
