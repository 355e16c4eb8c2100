import type { ByteWriter } from './byte-writer.ts';
import { Parts } from './parts.ts';

/** How a value that is held by parts is put together; numbers are on disk for ever. */
export const KIND_WHOLE = 1;
export const KIND_RAW_STRING = 2;
export const KIND_HASH_TABLE = 3;
export const KIND_SET_TABLE = 4;
export const KIND_SORTED_SET = 5;
export const KIND_QUICKLIST = 6;
export const KIND_STREAM = 7;

export type ValueKind =
  | typeof KIND_WHOLE
  | typeof KIND_RAW_STRING
  | typeof KIND_HASH_TABLE
  | typeof KIND_SET_TABLE
  | typeof KIND_SORTED_SET
  | typeof KIND_QUICKLIST
  | typeof KIND_STREAM;

/** A large value in images. Made when the first image meets the value, or when it is loaded from one. */
export abstract class ValueParts extends Parts {
  abstract readonly kind: ValueKind;
  /** The keys among which it was last met. */
  home: Parts | null = null;

  /** What the record of its key says of it beside its number and kind; `load` gets it back. */
  abstract header(into: ByteWriter): void;

  /** A write has looked the value up, and may change anything of it. */
  found(): void {}
}
