import { StreamFields } from '../stream-fields.ts';
import { compareIds, type StreamId } from '../stream-id.ts';
import { DEAD, SAME_NAMES } from '../stream-node.ts';
import type { Element } from './element.ts';
import { readListpack } from './listpack.ts';
import { type Allowance, demand } from './malformed.ts';
import { addDifference } from './packed-id.ts';
import type { RdbStreamEntry, RdbStreamNode } from './rdb-value.ts';

/** Goes through the elements of a node. */
class Cursor {
  readonly #elements: readonly Element[];
  at = 0;

  constructor(elements: readonly Element[]) {
    this.#elements = elements;
  }

  get left(): number {
    return this.#elements.length - this.at;
  }

  next(): Element {
    const element = this.#elements[this.at++];
    demand(element !== undefined, 'a node that ends too early');
    return element;
  }

  integer(): number | bigint {
    const element = this.next();
    demand(typeof element !== 'string', 'a text in place of an integer');
    return element;
  }

  /** A number of elements to come. */
  count(): number {
    const count = this.integer();
    demand(typeof count === 'number' && count >= 0 && count <= this.left, 'too many elements');
    return count;
  }

  text(): string {
    const element = this.next();
    return typeof element === 'string' ? element : String(element);
  }
}

/**
 * A node of a stream: the numbers of entries and of deleted ones, the names in its first entry, a
 * zero, and the entries. Ids stand as differences to that of the node.
 */
export function decodeNode(first: StreamId, bytes: Buffer, allowance: Allowance): RdbStreamNode {
  const cursor = new Cursor(readListpack(bytes, allowance));
  const live = cursor.count();
  const dead = cursor.count();
  const names: string[] = [];
  for (let left = cursor.count(); left > 0; left--) names.push(cursor.text());
  demand(names.length > 0 && cursor.integer() === 0, 'a first entry that does not end');
  const entries: RdbStreamEntry[] = [];
  let last: StreamId | undefined;
  let counted = 0;
  for (let left = live + dead; left > 0; left--) {
    const entry = readEntry(cursor, first, names);
    const order = compareIds(last ?? first, entry.id);
    demand(last === undefined ? order <= 0 : order < 0, 'entries out of order');
    last = entry.id;
    if (!entry.dead) counted++;
    entries.push(entry);
  }
  demand(cursor.left === 0 && counted === live && live > 0, 'a node with another count');
  return { first, names, listpackBytes: bytes.length, entries };
}

function readEntry(cursor: Cursor, first: StreamId, names: readonly string[]): RdbStreamEntry {
  const start = cursor.at;
  const flags = cursor.integer();
  demand(typeof flags === 'number' && flags >= 0, 'an entry with unknown flags');
  const id = {
    ms: addDifference(first.ms, cursor.integer()),
    seq: addDifference(first.seq, cursor.integer()),
  };
  const parts: string[] = [];
  if ((flags & SAME_NAMES) !== 0) {
    for (const name of names) parts.push(name, cursor.text());
  } else {
    for (let left = cursor.count(); left > 0; left--) parts.push(cursor.text(), cursor.text());
  }
  demand(parts.length > 0, 'an entry without fields');
  const length = cursor.at - start;
  demand(cursor.integer() === length, 'an entry of another length');
  return { id, dead: (flags & DEAD) !== 0, fields: StreamFields.of(parts) };
}
