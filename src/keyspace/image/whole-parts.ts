import type { Value } from '../value.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { KIND_WHOLE, ValueParts } from './value-parts.ts';

/** A value of some size that is kept in one piece: one record of its own, written anew with every change. */
export class WholeParts extends ValueParts {
  readonly kind: typeof KIND_WHOLE = KIND_WHOLE;
  readonly value: Exclude<Value, number | bigint | string>;
  readonly #encode: (into: ByteWriter) => void;

  constructor(
    changes: Changes,
    held: {
      readonly value: Exclude<Value, number | bigint | string>;
      readonly encode: (into: ByteWriter) => void;
    },
    id?: number,
  ) {
    super(changes, id);
    this.value = held.value;
    this.#encode = held.encode;
    changes.setWhole(this.value, this);
  }

  /** It is met for the first time: its record belongs into the image being written. */
  enlist(): this {
    this.freezePart(0);
    this.changes.enlist(this);
    return this;
  }

  header(): void {}

  encode(_part: number, into: ByteWriter): boolean {
    this.#encode(into);
    return true;
  }
}
