import type { ImageFacts } from '../../keyspace/image/image-loading.ts';
import type { RecordPlace } from '../../keyspace/image/image-writing.ts';
import type { Piece } from './record.ts';

interface Current {
  readonly place: RecordPlace;
  readonly pieces: number;
  taken: number;
  sum: number;
}

/**
 * Counts the records of an image as they come, piece by piece in the order of their keys. Of several
 * records of one part the newest counts. Records that nothing refers to any more are not told from
 * others here, so there may be more than the image has; the loader knows.
 */
export class RecordTally {
  readonly #facts: ImageFacts;
  #current: Current | null = null;
  #records = 0;
  #sum = 0;

  constructor(facts: ImageFacts) {
    this.#facts = facts;
  }

  /** Counts a piece; returns why it cannot come next, or null. */
  add(piece: Piece): string | null {
    const current = this.#current;
    const { place } = piece;
    const goesOn = current !== null && current.taken < current.pieces;
    if (!(goesOn ? isNext(current, piece) : piece.piece === 0)) {
      return `record ${place.id}/${place.part} of image ${place.image} does not follow: a piece is missing`;
    }
    if (!goesOn) {
      const problem = this.#begin(piece);
      if (problem !== null) return problem;
    }
    this.#take(piece);
    return null;
  }

  #begin({ place, pieces }: Piece): string | null {
    const before = this.#current;
    if (place.image > this.#facts.image) return `a record of image ${place.image} is not expected`;
    if (before !== null) {
      if (compare(before.place, place) >= 0) return 'records are not in order, or come twice';
      const isReplaced = before.place.id === place.id && before.place.part === place.part;
      if (isReplaced && before.pieces > 0) {
        this.#records--;
        this.#sum -= before.sum;
      }
    }
    this.#current = { place, pieces, taken: 0, sum: 0 };
    return null;
  }

  #take(piece: Piece): void {
    const current = this.#current;
    // A tombstone stands for no record.
    if (current === null || current.pieces === 0) return;
    current.taken++;
    current.sum = (current.sum + piece.sum) >>> 0;
    if (current.taken < current.pieces) return;
    this.#records++;
    this.#sum += current.sum;
  }

  /** After the last piece: what is wrong, or null. */
  finish(): string | null {
    const current = this.#current;
    const { records, sum } = this.#facts.totals;
    if (current !== null && current.taken < current.pieces) return 'the last record is cut off';
    if (this.#records < records) return `only ${this.#records} of ${records} records came`;
    // With as many records as there must be, none of them can be superfluous.
    if (this.#records === records && this.#sum !== sum)
      return 'other records came than were written';
    return null;
  }
}

function isNext(current: Current, { place, piece, pieces }: Piece): boolean {
  return (
    compare(current.place, place) === 0 && piece === current.taken && pieces === current.pieces
  );
}

function compare(a: RecordPlace, b: RecordPlace): number {
  return a.id - b.id || a.part - b.part || a.image - b.image;
}
