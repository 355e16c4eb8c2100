import type { StreamParts } from './image/stream-parts.ts';
import { StreamEntries, type StreamTrim } from './stream-entries.ts';
import type { StreamFields } from './stream-fields.ts';
import { type ConsumerGroup, countUp, UNKNOWN_READ } from './stream-group.ts';
import {
  compareIds,
  differenceOf,
  feedId,
  feedInteger,
  idAfter,
  isZeroId,
  MIN_ID,
  type StreamId,
  sumOf,
} from './stream-id.ts';
import { indexOfName, insertByName } from './stream-names.ts';
import type { Collection, DigestSink } from './value.ts';

/** About the memory of a stream without entries and groups. */
const EMPTY_STREAM_BYTES = 300;

/** A log of entries, each with an id and some fields, and the groups that read it. */
export class Stream implements Collection {
  readonly type = 'stream';
  readonly entries: StreamEntries;
  /** No entry added from now on has this id or a smaller one. */
  lastId: StreamId = MIN_ID;
  /** The greatest id that was deleted by itself, not by trimming; 0-0 if there is none. */
  maxDeletedId: StreamId = MIN_ID;
  /** How many entries were ever added. */
  entriesAdded: number | bigint = 0;
  /** In the order of their names. */
  readonly #groups: ConsumerGroup[] = [];

  constructor(entries: StreamEntries = new StreamEntries()) {
    this.entries = entries;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Once an image holds the stream by parts. */
  get parts(): StreamParts | undefined {
    return this.entries.nodes.parts;
  }

  set parts(parts: StreamParts | undefined) {
    this.entries.nodes.parts = parts;
  }

  /** The groups in the order of their names. */
  get groups(): readonly ConsumerGroup[] {
    return this.#groups;
  }

  /** The id for an entry that is added at `time` (ms of the epoch); undefined if none is left. */
  nextId(time: number): StreamId | undefined {
    return time > this.lastId.ms ? { ms: time, seq: 0 } : idAfter(this.lastId);
  }

  /** Adds an entry whose id is above the last one. */
  append(id: StreamId, fields: StreamFields): void {
    this.entries.append(id, fields);
    this.lastId = id;
    this.entriesAdded = countUp(this.entriesAdded);
  }

  /** Deletes one entry; returns whether it was there. */
  delete(id: StreamId): boolean {
    if (!this.entries.delete(id)) return false;
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id;
    return true;
  }

  /** Removes entries from the front; returns how many. */
  trim(trim: StreamTrim): number {
    return this.entries.trim(trim);
  }

  group(name: string): ConsumerGroup | undefined {
    return this.#groups[indexOfName(this.#groups, name)];
  }

  /** Adds a group, whose name is not there. */
  addGroup(group: ConsumerGroup): void {
    this.parts?.addGroup(group);
    insertByName(this.#groups, group);
  }

  /** Returns whether the group was there. */
  removeGroup(name: string): boolean {
    const index = indexOfName(this.#groups, name);
    if (index === -1) return false;
    this.parts?.removeGroup(this.#groups[index] as ConsumerGroup);
    this.#groups.splice(index, 1);
    return true;
  }

  /** Notes that a group got the entry with this id. */
  noteRead(group: ConsumerGroup, id: StreamId): void {
    if (compareIds(id, group.lastId) <= 0) return;
    const counting =
      group.entriesRead !== UNKNOWN_READ &&
      compareIds(group.lastId, this.entries.first) >= 0 &&
      !this.#hasGapsAfter(group.lastId);
    if (counting) group.entriesRead = countUp(group.entriesRead);
    else if (this.entriesAdded !== 0) group.entriesRead = this.#entriesUpTo(id);
    group.lastId = id;
  }

  /** How many entries a group has not got yet; undefined if deletions have made that unknown. */
  lag(group: ConsumerGroup): number | bigint | undefined {
    if (this.entriesAdded === 0 || this.size === 0) return 0;
    const { first } = this.entries;
    if (compareIds(group.lastId, first) < 0 && compareIds(this.maxDeletedId, first) < 0) {
      return this.size;
    }
    const known = group.entriesRead !== UNKNOWN_READ && !this.#hasGapsAfter(group.lastId);
    const read = known ? group.entriesRead : this.#entriesUpTo(group.lastId);
    return read === UNKNOWN_READ ? undefined : differenceOf(this.entriesAdded, read);
  }

  encoding(): string {
    return 'stream';
  }

  memory(samples: number): number {
    let bytes = EMPTY_STREAM_BYTES + this.entries.memory(samples);
    for (const group of this.#groups) bytes += group.memory();
    return bytes;
  }

  copy(): Stream {
    const copy = new Stream(this.entries.copy());
    copy.lastId = this.lastId;
    copy.maxDeletedId = this.maxDeletedId;
    copy.entriesAdded = this.entriesAdded;
    for (const group of this.#groups) copy.#groups.push(group.copy());
    return copy;
  }

  feed(sink: DigestSink): void {
    feedId(sink, this.lastId);
    feedId(sink, this.maxDeletedId);
    feedInteger(sink, this.entriesAdded);
    sink.number(this.size);
    // Where nodes end shows in what an approximate trim removes.
    this.entries.forEachNode(({ first, listpackBytes }) => {
      feedId(sink, first);
      sink.number(listpackBytes);
    });
    this.entries.walk((entry) => {
      feedId(sink, entry.id);
      const fields = entry.fields();
      sink.number(fields.length);
      for (const part of fields) {
        if (typeof part === 'string') sink.text(part);
        else sink.bytes(part);
      }
      return true;
    });
    for (const group of this.#groups) group.feed(sink);
  }

  /** Whether an entry at or after `id` may have been deleted by itself. */
  #hasGapsAfter(id: StreamId): boolean {
    if (this.size === 0 || isZeroId(this.maxDeletedId)) return false;
    return compareIds(id, this.maxDeletedId) <= 0;
  }

  /** How many entries were added up to the one with this id, if that can be told. */
  #entriesUpTo(id: StreamId): number | bigint {
    const added = this.entriesAdded;
    if (added === 0) return 0;
    const beforeEnd = compareIds(id, this.lastId);
    if (this.size === 0 && beforeEnd <= 0) return added;
    if (!isZeroId(id) && compareIds(id, this.maxDeletedId) < 0) return UNKNOWN_READ;
    if (beforeEnd >= 0) return beforeEnd === 0 ? added : UNKNOWN_READ;
    const { first } = this.entries;
    const whole = isZeroId(this.maxDeletedId) || compareIds(this.maxDeletedId, first) < 0;
    const beforeFirst = compareIds(id, first);
    if (!whole || beforeFirst > 0) return UNKNOWN_READ;
    const trimmed = differenceOf(added, this.size);
    return beforeFirst < 0 || trimmed < 0 ? trimmed : sumOf(trimmed, 1);
  }
}
