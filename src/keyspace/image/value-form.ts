import type { KeyHash } from '../key-hash.ts';
import type { Value } from '../value.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import type { ValueKind, ValueParts } from './value-parts.ts';

/** What loading needs of the keyspace. */
export interface LoadContext {
  readonly changes: Changes;
  readonly hash: KeyHash;
}

/** How the values of one class are kept in images. What is loaded goes on exactly as what was saved. */
export interface ValueForm<V extends Value> {
  /** Of those that are large enough for parts. */
  readonly kind: ValueKind;
  /**
   * The parts of a value that is held by parts: those it has, or new ones, which belong whole to the
   * image being written (only called while one is). Undefined for a value that is kept in one piece.
   */
  parts(value: V, changes: Changes): ValueParts | undefined;
  /** The parts that a value has already. */
  attached(value: V): ValueParts | undefined;
  /** A whole value that is not held by parts. */
  encode(value: V, into: ByteWriter): void;
  /** Takes back what {@link encode} has put there. Throws `Malformed`. */
  decode(from: ByteReader, context: LoadContext): V;
  /** Begins to load parts number `id` from what {@link ValueParts.header} has written. */
  load(id: number, header: ByteReader, context: LoadContext): ValueLoader;
}

/** Puts a value together from its parts, which come in increasing order. */
export interface ValueLoader {
  /** With {@link Parts.wrote} not yet called; who loads does that. */
  readonly parts: ValueParts;
  /** Throws `Malformed`. A part that nothing refers to any more is not an error: false. */
  part(part: number, from: ByteReader): boolean;
  /** The value, to which the parts are attached. Throws `Malformed` if any part is missing. */
  finish(): Value;
}
