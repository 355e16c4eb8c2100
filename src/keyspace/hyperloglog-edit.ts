import { denseOf, toDense } from './hyperloglog.ts';
import {
  emptyHyperloglog,
  HEAD_BYTES,
  isDense,
  MAX_SPARSE_BYTES,
  MAX_SPARSE_RANK,
  MAX_VALUE_RUN,
  MOST_SPARSE_BYTES,
  putRun,
  runBytes,
  runLength,
  runRank,
  STALE_AT,
  STALE_BIT,
} from './hyperloglog-format.ts';
import { RawString } from './raw-string.ts';

/** Most bytes that take the place of a run: a long run of zeros, a value, and another long run. */
const MAX_REPLACEMENT = 5;
/** From the run before one that was changed on, so many runs are looked at for what can be merged. */
const MERGED_RUNS = 5;

/** Where sparse ones are edited, one at a time. */
const scratch: Buffer = Buffer.alloc(MOST_SPARSE_BYTES + MAX_REPLACEMENT);
const replacement: Uint8Array = new Uint8Array(MAX_REPLACEMENT);

/** `corrupt`: the runs are not sound; the HyperLogLog must be left as it was. */
export type Raised = 'raised' | 'kept' | 'corrupt';

/**
 * Changes to one HyperLogLog, which end with {@link finish}; no other one may be edited meanwhile.
 * The bytes are the same as Redis's after the same changes.
 */
export class HyperloglogEdit {
  #raw: RawString;
  /** Bytes of the sparse form in `scratch`; 0: the form is dense and in `#raw`. */
  #sparse = 0;
  /**
   * The run before the one that was looked at last, and its first register. Changes leave its start
   * where it is, so the search for a register behind it can start there.
   */
  #before: number = HEAD_BYTES;
  #beforeFrom = 0;

  /** `value`, which looks like a HyperLogLog, is edited in place; undefined: a new one is made. */
  constructor(value: RawString | undefined) {
    this.#raw = value ?? emptyHyperloglog();
    if (isDense(this.#raw)) return;
    this.#sparse = this.#raw.length;
    if (this.#sparse <= MOST_SPARSE_BYTES) this.#raw.copyTo(scratch);
  }

  /** Makes a register at least `rank`. */
  raise(register: number, rank: number): Raised {
    if (this.#sparse === 0) return this.#raiseDense(register, rank);
    const raised = rank > MAX_SPARSE_RANK ? 'full' : this.#raiseSparse(register, rank);
    if (raised !== 'full') return raised;
    return this.toDense() ? this.#raiseDense(register, rank) : 'corrupt';
  }

  /** Changes the form; returns false if the runs are not sound. */
  toDense(): boolean {
    if (this.#sparse === 0) return true;
    if (this.#sparse > MOST_SPARSE_BYTES) return false;
    const dense = toDense(scratch.subarray(0, this.#sparse));
    if (dense === undefined) return false;
    this.#raw = RawString.ofBytes(dense);
    this.#sparse = 0;
    return true;
  }

  /**
   * Puts these registers (one byte each), which are at least as great as those there are, in their
   * place, and makes the form dense. Returns false if the runs are not sound.
   */
  setAll(registers: Uint8Array): boolean {
    if (this.#sparse > MOST_SPARSE_BYTES) return false;
    const head = this.#sparse > 0 ? scratch : this.#raw.view();
    this.#raw = RawString.ofBytes(denseOf(head, registers));
    this.#sparse = 0;
    return true;
  }

  /** Says that the cardinality kept in the head is out of date. */
  spoilCardinality(): void {
    if (this.#sparse > 0) scratch[STALE_AT] = (scratch[STALE_AT] as number) | STALE_BIT;
    else this.#raw.setByte(STALE_AT, this.#raw.byteAt(STALE_AT) | STALE_BIT);
  }

  /** The HyperLogLog: what was given, changed, or another string. */
  finish(): RawString {
    if (this.#sparse > 0) this.#raw.replace(scratch, this.#sparse);
    return this.#raw;
  }

  #raiseDense(register: number, rank: number): Raised {
    const raw = this.#raw;
    const at = HEAD_BYTES + ((register * 6) >>> 3);
    const shift = (register * 6) & 7;
    // A register that ends with its first byte may be the last one.
    const two = shift > 2;
    const old = raw.byteAt(at) | (two ? raw.byteAt(at + 1) << 8 : 0);
    if (((old >>> shift) & 63) >= rank) return 'kept';
    const changed = (old & ~(63 << shift)) | (rank << shift);
    raw.setByte(at, changed & 255);
    if (two) raw.setByte(at + 1, changed >>> 8);
    return 'raised';
  }

  /** `full`: what it would have to be does not fit in the sparse form. */
  #raiseSparse(register: number, rank: number): Raised | 'full' {
    const length = this.#sparse;
    if (length > MOST_SPARSE_BYTES) return 'corrupt';
    let at = HEAD_BYTES;
    let next = HEAD_BYTES;
    let first = 0;
    /** The first register of the run, and the one behind it. */
    let from = 0;
    let to = 0;
    if (register >= this.#beforeFrom + runLengthAt(this.#before)) {
      next = this.#before;
      to = this.#beforeFrom;
    }
    while (to <= register) {
      this.#before = at;
      this.#beforeFrom = from;
      at = next;
      if (at >= length) return 'corrupt';
      first = scratch[at] as number;
      from = to;
      to += runLengthAt(at);
      next += runBytes(first);
    }
    if (next > length) return 'corrupt';
    const old = runRank(first);
    if (old >= rank) return 'kept';
    const left = putRun(replacement, 0, { rank: old, length: register - from });
    const middle = putRun(replacement, left, { rank, length: 1 });
    const bytes = putRun(replacement, middle, { rank: old, length: to - register - 1 });
    const grown = length + bytes - (next - at);
    if (grown > length && grown > MAX_SPARSE_BYTES) return 'full';
    if (grown !== length) scratch.copyWithin(at + bytes, next, length);
    for (let i = 0; i < bytes; i++) scratch[at + i] = replacement[i] as number;
    this.#sparse = grown;
    this.#mergeRuns(this.#before);
    return 'raised';
  }

  /** Joins runs of equal values from `start` on. */
  #mergeRuns(start: number): void {
    let at = start;
    for (let looked = 0; looked < MERGED_RUNS && at < this.#sparse; looked++) {
      const first = scratch[at] as number;
      const next = scratch[at + 1] as number;
      const rank = runRank(first);
      const joined = rank > 0 && at + 1 < this.#sparse && runRank(next) === rank;
      const length = joined ? runLength(first, 0) + runLength(next, 0) : 0;
      if (joined && length <= MAX_VALUE_RUN) {
        scratch.copyWithin(at, at + 1, this.#sparse);
        putRun(scratch, at, { rank, length });
        this.#sparse--;
      } else {
        at += runBytes(first);
      }
    }
  }
}

function runLengthAt(at: number): number {
  return runLength(scratch[at] as number, scratch[at + 1] as number);
}
