import {
  CARDINALITY_AT,
  DENSE,
  DENSE_BYTES,
  FORM_AT,
  forEachRun,
  HEAD_BYTES,
  REGISTERS,
  STALE_AT,
  STALE_BIT,
} from './hyperloglog-format.ts';
import { MAX_RANK } from './hyperloglog-hash.ts';

/** Registers can hold this many different values. */
const RANKS = 64;
/** The constant of the estimate for infinitely many registers. */
const ALPHA: number = 0.5 / Math.LN2;
const END_OF_INT64: number = 2 ** 63;

/**
 * Raises `registers` (one byte each) to those of a HyperLogLog. Returns false if its runs are not
 * sound.
 */
export function mergeRegisters(bytes: Uint8Array, registers: Uint8Array): boolean {
  if (bytes[FORM_AT] === DENSE) {
    mergeDense(bytes, registers);
    return true;
  }
  return forEachRun(bytes, (rank, from, length) => {
    for (let i = from; i < from + length; i++) {
      if ((registers[i] as number) < rank) registers[i] = rank;
    }
  });
}

/** A dense HyperLogLog with these registers, which are below 64, and the head of `head`. */
export function denseOf(head: Uint8Array, registers: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafeSlow(DENSE_BYTES);
  bytes.set(head.subarray(0, HEAD_BYTES));
  bytes[FORM_AT] = DENSE;
  for (let i = 0, at = HEAD_BYTES; i < REGISTERS; i += 4, at += 3) {
    const four =
      (registers[i] as number) |
      ((registers[i + 1] as number) << 6) |
      ((registers[i + 2] as number) << 12) |
      ((registers[i + 3] as number) << 18);
    bytes[at] = four;
    bytes[at + 1] = four >>> 8;
    bytes[at + 2] = four >>> 16;
  }
  return bytes;
}

/** The same content dense; undefined if the runs are not sound. */
export function toDense(sparse: Uint8Array): Buffer | undefined {
  const registers = new Uint8Array(REGISTERS);
  return mergeRegisters(sparse, registers) ? denseOf(sparse, registers) : undefined;
}

/** The cardinality kept in the head; undefined if it is out of date. */
export function keptCardinality(bytes: Uint8Array): number | bigint | undefined {
  if (((bytes[STALE_AT] as number) & STALE_BIT) !== 0) return undefined;
  let value = 0n;
  for (let at = STALE_AT; at >= CARDINALITY_AT; at--) {
    value = (value << 8n) | BigInt(bytes[at] as number);
  }
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** The cardinality of a HyperLogLog by its registers; undefined if its runs are not sound. */
export function countElements(bytes: Uint8Array): number | bigint | undefined {
  const counts = new Int32Array(RANKS);
  if (bytes[FORM_AT] === DENSE) {
    countDense(bytes, counts);
    return estimate(counts);
  }
  const sound = forEachRun(bytes, (rank, _from, length) => {
    counts[rank] = (counts[rank] as number) + length;
  });
  return sound ? estimate(counts) : undefined;
}

/** The cardinality that registers of one byte each mean. */
export function countRegisters(registers: Uint8Array): number | bigint {
  const counts = new Int32Array(RANKS);
  for (let i = 0; i < REGISTERS; i++) {
    const rank = registers[i] as number;
    counts[rank] = (counts[rank] as number) + 1;
  }
  return estimate(counts);
}

function mergeDense(bytes: Uint8Array, registers: Uint8Array): void {
  for (let i = 0, at = HEAD_BYTES; i < REGISTERS; i += 4, at += 3) {
    const four =
      (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    const a = four & 63;
    const b = (four >>> 6) & 63;
    const c = (four >>> 12) & 63;
    const d = four >>> 18;
    if ((registers[i] as number) < a) registers[i] = a;
    if ((registers[i + 1] as number) < b) registers[i + 1] = b;
    if ((registers[i + 2] as number) < c) registers[i + 2] = c;
    if ((registers[i + 3] as number) < d) registers[i + 3] = d;
  }
}

function countDense(bytes: Uint8Array, counts: Int32Array): void {
  for (let at = HEAD_BYTES; at < DENSE_BYTES; at += 3) {
    const four =
      (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    const a = four & 63;
    const b = (four >>> 6) & 63;
    const c = (four >>> 12) & 63;
    const d = four >>> 18;
    counts[a] = (counts[a] as number) + 1;
    counts[b] = (counts[b] as number) + 1;
    counts[c] = (counts[c] as number) + 1;
    counts[d] = (counts[d] as number) + 1;
  }
}

/**
 * Otmar Ertl's improved raw estimator ("New cardinality estimation algorithms for HyperLogLog
 * sketches", arXiv:1702.01284, algorithm 6), from the number of registers of each value.
 */
function estimate(counts: Int32Array): number | bigint {
  const most = counts[MAX_RANK] as number;
  let z = REGISTERS * tau((REGISTERS - most) / REGISTERS);
  for (let rank = MAX_RANK - 1; rank >= 1; rank--) z = (z + (counts[rank] as number)) * 0.5;
  z += REGISTERS * sigma((counts[0] as number) / REGISTERS);
  return integerOf(Math.round((ALPHA * REGISTERS * REGISTERS) / z));
}

/** Registers that nobody could get by adding elements can mean more than 64 bits hold. */
function integerOf(whole: number): number | bigint {
  if (Number.isSafeInteger(whole)) return whole;
  return whole < END_OF_INT64 ? BigInt(whole) : -BigInt(END_OF_INT64);
}

/** What registers of the greatest value add. */
function tau(part: number): number {
  if (part === 0 || part === 1) return 0;
  let x = part;
  let power = 1;
  let sum = 1 - x;
  for (;;) {
    const before = sum;
    x = Math.sqrt(x);
    power *= 0.5;
    sum -= (1 - x) * (1 - x) * power;
    if (sum === before) return sum / 3;
  }
}

/** What registers of 0 add. */
function sigma(part: number): number {
  if (part === 1) return Number.POSITIVE_INFINITY;
  let x = part;
  let power = 1;
  let sum = x;
  for (;;) {
    const before = sum;
    x *= x;
    sum += x * power;
    power += power;
    if (sum === before) return sum;
  }
}
