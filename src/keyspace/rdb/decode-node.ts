import { copyBytes, putVarint } from '../stream-fields.ts';
import { compareIds, type StreamId } from '../stream-id.ts';
import { DEAD, SAME_NAMES, type SavedNode } from '../stream-node.ts';
import { ListpackReader } from './listpack.ts';
import { type Allowance, demand } from './malformed.ts';
import { addDifference } from './packed-id.ts';

export interface DecodedNode {
  readonly saved: SavedNode;
  /** Entries that are not deleted: none, where a trim has passed by what was deleted before. */
  readonly live: number;
  readonly firstLive: StreamId | undefined;
  /** The last entry, deleted or not. */
  readonly last: StreamId;
}

/** What precedes the body of an entry takes at most so much. */
const HEADER_BYTES = 26;
/** Nothing in a listpack takes more than so many times its bytes here. */
const MAX_GROWTH = 4;
const SCRATCH_BYTES = 64 * 1024;
const scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/**
 * A node of a stream, from its form in Redis to the one here: a listpack of the numbers of entries
 * and of deleted ones, the names in the first entry, a zero, and the entries. Ids stand as
 * differences to that of the node.
 */
export class NodeDecoder {
  readonly #allowance: Allowance;
  #names: readonly string[] = [];
  #out: Buffer = scratch;
  #used = 0;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  decode(first: StreamId, bytes: Buffer): DecodedNode {
    const reader = new ListpackReader(bytes, this.#allowance);
    const room = MAX_GROWTH * bytes.length + HEADER_BYTES;
    this.#out = room <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafeSlow(room);
    this.#used = 0;
    const live = readCount(reader);
    const dead = readCount(reader);
    this.#readNames(reader);
    let last: StreamId | undefined;
    let firstLive: StreamId | undefined;
    let counted = 0;
    for (let left = live + dead; left > 0; left--) {
      const { id, isDead } = this.#entry(reader, first);
      const order = compareIds(last ?? first, id);
      demand(last === undefined ? order <= 0 : order < 0, 'entries out of order');
      last = id;
      if (isDead) continue;
      counted++;
      firstLive ??= id;
    }
    demand(!reader.more && counted === live, 'a node with another count');
    demand(last !== undefined, 'a node without entries');
    const saved = {
      first,
      names: this.#names,
      listpackBytes: bytes.length,
      bytes: Buffer.from(this.#out.subarray(0, this.#used)),
    };
    return { saved, live, firstLive, last };
  }

  /** Nodes alike share one array. */
  #readNames(reader: ListpackReader): void {
    const names: string[] = [];
    for (let left = readCount(reader); left > 0; left--) names.push(reader.text());
    demand(names.length > 0 && reader.number() === 0, 'a first entry that does not end');
    const old = this.#names;
    const same = old.length === names.length && names.every((name, i) => name === old[i]);
    if (!same) this.#names = names;
  }

  #entry(reader: ListpackReader, first: StreamId): { id: StreamId; isDead: boolean } {
    const start = reader.count;
    const flags = reader.number();
    demand(typeof flags === 'number' && flags >= 0, 'an entry with unknown flags');
    const elapsed = addDifference(0, reader.number());
    const ms = addDifference(first.ms, elapsed);
    const seq = addDifference(first.seq, reader.number());
    // The length of the body stands before it, so it is put further back and then moved.
    const out = this.#out;
    const body = this.#used + HEADER_BYTES;
    const end = this.#body(reader, (flags & SAME_NAMES) !== 0, body);
    const length = reader.count - start;
    demand(reader.number() === length, 'an entry of another length');
    out[this.#used] = flags & (DEAD | SAME_NAMES);
    let at = putVarint(out, this.#used + 1, elapsed);
    at = putVarint(out, at, seq);
    at = putVarint(out, at, end - body);
    out.copyWithin(at, body, end);
    this.#used = at + end - body;
    return { id: { ms, seq }, isDead: (flags & DEAD) !== 0 };
  }

  /** Names and values, or with `same` names the values alone. Returns where they end. */
  #body(reader: ListpackReader, same: boolean, start: number): number {
    const out = this.#out;
    let at = start;
    let parts = this.#names.length;
    if (!same) {
      const pairs = readCount(reader);
      demand(pairs > 0, 'an entry without fields');
      at = putVarint(out, at, pairs);
      parts = 2 * pairs;
    }
    for (; parts > 0; parts--) {
      reader.advance();
      if (reader.isText) {
        at = putVarint(out, at, reader.end - reader.start);
        copyBytes(reader.bytes, reader.start, reader.end, out, at);
        at += reader.end - reader.start;
      } else {
        const text = String(reader.integer);
        at = putVarint(out, at, text.length);
        for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
      }
    }
    return at;
  }
}

/** A number of elements to come, which cannot be more than there are bytes. */
function readCount(reader: ListpackReader): number {
  const count = reader.number();
  const possible = typeof count === 'number' && count >= 0 && count <= reader.bytes.length;
  demand(possible, 'too many elements');
  return count;
}
