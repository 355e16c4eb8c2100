/** Thrown where a payload is not what it should be, and caught where decoding began. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Refuses the payload unless `holds`. */
export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Malformed(what);
}

/** Most elements of one payload: each of them costs at least a pointer, however short it is. */
export const MAX_ELEMENTS: number = 2 ** 25;
/** Most bytes that the packed parts of one payload may come to. */
export const MAX_UNPACKED_BYTES: number = 2 ** 30;
/** A JS string has at most 2^29 - 24 chars. */
export const MAX_TEXT_BYTES: number = 2 ** 29 - 24;
/** What a JS Map or Set holds at most. */
export const MAX_DISTINCT: number = 2 ** 24 - 1;

/** What is left of what one payload may ask for: a few bytes of it can stand for very many. */
export class Allowance {
  #elements = MAX_ELEMENTS;
  #bytes = MAX_UNPACKED_BYTES;

  takeElements(count: number): void {
    this.#elements -= count;
    demand(this.#elements >= 0, 'too many elements');
  }

  takeBytes(count: number): void {
    this.#bytes -= count;
    demand(this.#bytes >= 0, 'too large');
  }
}
