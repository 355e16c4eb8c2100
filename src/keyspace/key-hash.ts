/** 64 bits that decide the order of keys; nobody outside should know them. */
export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

const FINAL_STEPS = 3;

/**
 * A keyed hash of key names: HalfSipHash-1-3 over the chars of a latin1 string. Key names come from
 * strangers; with a plain hash somebody could choose a million names that fall into one bucket.
 * About 25 ns for 16 chars.
 */
export class KeyHash {
  readonly #k0: number;
  readonly #k1: number;

  constructor(seed: HashSeed) {
    this.#k0 = seed.low | 0;
    this.#k1 = seed.high | 0;
  }

  /** 32 bits, signed. */
  of(key: string): number {
    const length = key.length;
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = 0x6c796765 ^ v0;
    let v3 = 0x74656462 ^ v1;
    const whole = length & ~3;
    // Four chars a step, then a step with the rest and the length, then three steps to finish. All
    // in one loop, so that the step stands here once: a call for each would cost more than it does.
    for (let at = 0, step = 0; step <= FINAL_STEPS; at += 4) {
      let word = 0;
      if (at < whole) {
        word =
          key.charCodeAt(at) |
          (key.charCodeAt(at + 1) << 8) |
          (key.charCodeAt(at + 2) << 16) |
          (key.charCodeAt(at + 3) << 24);
      } else {
        if (step === 0) {
          word = length << 24;
          for (let i = at, shift = 0; i < length; i++, shift += 8) {
            word |= key.charCodeAt(i) << shift;
          }
        } else if (step === 1) {
          v2 ^= 0xff;
        }
        step++;
      }
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    return v1 ^ v3;
  }
}
