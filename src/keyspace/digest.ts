import type { Keyspace } from './keyspace.ts';
import { type DigestSink, isString, textOf, typeName, type Value } from './value.ts';

/**
 * 40 hexadecimal digits over everything a client could tell two keyspaces apart by: databases, keys,
 * types, values and deadlines, in whatever order they are stored; all zeros for an empty keyspace.
 * Keys whose deadline has come do not count. For comparing nodes at the same log position, not
 * against somebody who wants two keyspaces to look equal.
 */
export function digest(keyspace: Keyspace): string {
  const total = new Uint32Array(LANES);
  const mixer = new Mixer();
  for (const database of keyspace.databases()) {
    database.forEach((key, value, deadline) => {
      mixer.reset();
      mixer.number(database.index);
      mixer.text(key);
      mixer.text(typeName(value));
      feedValue(mixer, value);
      mixer.number(deadline ?? -1);
      // A sum does not depend on the order, and unlike an exclusive or it counts what is twice there.
      for (let i = 0; i < LANES; i++) {
        total[i] = (total[i] as number) + mixer.lane(i);
      }
    });
  }
  let hex = '';
  for (const lane of total) hex += lane.toString(16).padStart(8, '0');
  return hex;
}

function feedValue(mixer: Mixer, value: Value): void {
  if (isString(value) && typeof value !== 'object') mixer.text(textOf(value));
  else value.feed(mixer);
}

const LANES = 5;
const doubles: Float64Array = new Float64Array(1);
const words: Int32Array = new Int32Array(doubles.buffer);

/** Two mixed 32-bit lanes that take everything in, spread over five at the end. */
class Mixer implements DigestSink {
  #a = 0;
  #b = 0;

  reset(): void {
    this.#a = 0x5bd1e995 | 0;
    this.#b = 0x2545f491 | 0;
  }

  text(text: string): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i);
      a = Math.imul(a ^ byte, 0x9e3779b1);
      b = Math.imul(b ^ byte ^ (a >>> 15), 0x85ebca77);
    }
    this.#a = a;
    this.#b = b;
    // The length ends the part, so that parts cannot lend bytes to their neighbours.
    this.#word(text.length);
  }

  bytes(bytes: Uint8Array): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      a = Math.imul(a ^ byte, 0x9e3779b1);
      b = Math.imul(b ^ byte ^ (a >>> 15), 0x85ebca77);
    }
    this.#a = a;
    this.#b = b;
    this.#word(bytes.length);
  }

  number(value: number): void {
    doubles[0] = value;
    this.#word(words[0] as number);
    this.#word(words[1] as number);
  }

  /** Lane `i` of what was taken in so far. */
  lane(i: number): number {
    let h = Math.imul(this.#a ^ Math.imul(i + 1, 0x9e3779b1), 0x85ebca6b);
    h ^= h >>> 15;
    h = Math.imul(h ^ this.#b, 0xc2b2ae35);
    h ^= h >>> 13;
    h = Math.imul(h + this.#a, 0x27d4eb2f);
    return (h ^ (h >>> 16)) >>> 0;
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x9e3779b1);
    this.#a ^= this.#a >>> 16;
    this.#b = Math.imul(this.#b ^ word ^ (this.#a >>> 15), 0x85ebca77);
    this.#b ^= this.#b >>> 13;
  }
}
