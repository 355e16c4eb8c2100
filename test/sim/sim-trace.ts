/** What a trace line is about. The numbers go into the hash, so only append. */
export const TRACE_KINDS = [
  'note',
  'timer',
  'turn-end',
  'connected',
  'accepted',
  'data',
  'drained',
  'closed',
  'listening',
  'synced',
  'call',
  'crash',
  'restart',
  'pause',
  'network',
  'disk',
  'log',
  'image',
] as const;

export type TraceKind = (typeof TRACE_KINDS)[number];

const CODES = new Map<string, number>(TRACE_KINDS.map((kind, code) => [kind, code]));

/**
 * A hash over everything that happened, and the last events in words. Two runs with the same hash
 * delivered the same bytes at the same times in the same order.
 */
export class Trace {
  readonly #capacity: number;
  readonly #times: Float64Array;
  readonly #places: string[];
  readonly #kinds: TraceKind[];
  readonly #details: (string | number)[];
  #count = 0;
  #high = 0x811c9dc5 | 0;
  #low = 0x9dc5811c | 0;
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);

  /** Keeps the last `capacity` events as lines. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#places = new Array<string>(capacity).fill('');
    this.#kinds = new Array<TraceKind>(capacity).fill('note');
    this.#details = new Array<string | number>(capacity).fill(0);
  }

  /** Events recorded so far. */
  get count(): number {
    return this.#count;
  }

  /** `place` is the name of a machine, or empty. */
  record(time: number, place: string, kind: TraceKind, detail: string | number): void {
    const slot = this.#count % this.#capacity;
    this.#times[slot] = time;
    this.#places[slot] = place;
    this.#kinds[slot] = kind;
    this.#details[slot] = detail;
    this.#count += 1;
    this.#double[0] = time;
    this.#mix(this.#words[0] as number);
    this.#mix(this.#words[1] as number);
    this.#mix(CODES.get(kind) ?? 0);
    this.#mixText(place);
    if (typeof detail === 'number') this.#mix(detail | 0);
    else this.#mixText(detail);
  }

  /** Adds bytes to the hash only. */
  mixBytes(bytes: Uint8Array): void {
    let sum = 0x811c9dc5 | 0;
    for (let i = 0; i < bytes.length; i++) {
      sum = Math.imul(sum ^ (bytes[i] as number), 0x01000193);
    }
    this.#mix(sum);
    this.#mix(bytes.length);
  }

  /** 16 hexadecimal digits. */
  hash(): string {
    return hex(this.#high) + hex(this.#low);
  }

  /** The last `n` events, oldest first, one line each. */
  last(n: number): string[] {
    const lines: string[] = [];
    const from = Math.max(0, this.#count - Math.min(n, this.#capacity));
    for (let i = from; i < this.#count; i++) {
      const slot = i % this.#capacity;
      const time = (this.#times[slot] as number).toFixed(4).padStart(12);
      lines.push(
        `${time} ${(this.#places[slot] ?? '').padEnd(10)} ${this.#kinds[slot]} ${this.#details[slot]}`,
      );
    }
    return lines;
  }

  #mix(word: number): void {
    const high = Math.imul(this.#high ^ word, 0x85ebca6b);
    this.#high = (high ^ (high >>> 13)) | 0;
    const low = Math.imul(this.#low + word, 0xc2b2ae35) ^ this.#high;
    this.#low = (low ^ (low >>> 16)) | 0;
  }

  #mixText(text: string): void {
    let sum = 0x811c9dc5 | 0;
    for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
    this.#mix(sum);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
