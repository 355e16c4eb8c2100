import type { ImageMeta } from '../replica/image/meta.ts';
import { type Piece, readPiece } from '../replica/image/record.ts';
import { RecordTally } from '../replica/image/record-tally.ts';
import type { ImageEntry } from '../world/image-store.ts';

/** Checks the entries of an image one by one, in their order, and in the end whether all were there. */
export class ImageCheck {
  readonly #tally: RecordTally;
  #isDamaged = false;
  /** Of the records themselves. */
  bytes = 0;

  constructor(meta: ImageMeta) {
    this.#tally = new RecordTally(meta.facts);
  }

  /** The entry as a piece of a record, or what is wrong. */
  add(entry: ImageEntry): Piece | string {
    const piece = readPiece(entry);
    if (typeof piece === 'string') {
      this.#isDamaged = true;
      return piece;
    }
    this.bytes += piece.bytes.length;
    // Behind damage nothing can be said about what follows what.
    const problem = this.#isDamaged ? null : this.#tally.add(piece);
    if (problem === null) return piece;
    this.#isDamaged = true;
    return problem;
  }

  /** After the last one: what is missing, or null. */
  finish(): string | null {
    return this.#isDamaged ? null : this.#tally.finish();
  }
}
