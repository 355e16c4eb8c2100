import type { Stream } from '../stream.ts';
import type { ConsumerGroup } from '../stream-group.ts';
import { IdChunk } from '../stream-id-table.ts';
import { StreamNode } from '../stream-node.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { ConsumerPage, GroupParts } from './group-parts.ts';
import { NumberedParts } from './numbered-parts.ts';
import {
  CHUNK,
  encodeChunk,
  encodeFacts,
  encodeGroup,
  encodeNode,
  encodePage,
  GROUP,
  NODE,
  PAGE,
} from './stream-records.ts';
import { KIND_STREAM } from './value-parts.ts';

type StreamItem = StreamNode | GroupParts | ConsumerPage | IdChunk;

/**
 * A stream in images: a part for each node, and for each group those of {@link GroupParts}. The order of
 * nodes and of pending entries is that of their ids, and that of groups that of their names, so nothing
 * else says it. A part begins with a byte that says what it is.
 *
 * The header is what the stream is beside nodes and groups, and how many there are of these.
 */
export class StreamParts extends NumberedParts<StreamItem> {
  readonly kind: typeof KIND_STREAM = KIND_STREAM;
  readonly #stream: Stream;
  /** By number of a chunk: that of the group it belongs to. */
  readonly #owners: number[] = [];

  constructor(changes: Changes, stream: Stream, id?: number) {
    super(changes, id);
    this.#stream = stream;
  }

  /** Makes the whole stream part of the image being written, which is the first that holds it. */
  enlist(): this {
    const { nodes } = this.#stream.entries;
    for (let i = nodes.start; i < nodes.end; i++) this.adopt(nodes.at(i));
    for (const group of this.#stream.groups) {
      this.#enter(group, (item) => this.adopt(item));
    }
    this.freezeAll(this.end);
    this.changes.enlist(this);
    return this;
  }

  addChunk(chunk: IdChunk, group: GroupParts): void {
    this.add(chunk);
    this.#owners[chunk.part] = group.part;
  }

  addGroup(group: ConsumerGroup): void {
    this.#enter(group, (item) => this.add(item));
  }

  /** A group goes, which changes no more. */
  removeGroup(group: ConsumerGroup): void {
    const { parts } = group;
    if (parts === undefined) return;
    this.remove(parts);
    for (const page of parts.pages) this.remove(page);
    for (const chunk of group.pending.chunks) this.remove(chunk);
    group.parts = undefined;
  }

  /** Takes in a group with all that belongs to it. */
  #enter(group: ConsumerGroup, take: (item: StreamItem) => void): void {
    const parts = new GroupParts(this, group);
    take(parts);
    const slots = group.consumers.reduce((most, { slot }) => Math.max(most, slot + 1), 0);
    for (let page = parts.pages.at(-1); (page?.to ?? 0) < slots; take(page)) page = parts.addPage();
    for (const chunk of group.pending.chunks) {
      take(chunk);
      this.#owners[chunk.part] = parts.part;
    }
    group.parts = parts;
  }

  /** Gives a node that was loaded its number. */
  attachNode(part: number, node: StreamNode): void {
    this.restore(part, node);
  }

  /** Gives a group that was loaded the numbers of its own part, its pages and its chunks. */
  attachGroup(
    group: ConsumerGroup,
    {
      part,
      pages,
      chunks,
    }: {
      readonly part: number;
      readonly pages: readonly number[];
      readonly chunks: readonly number[];
    },
  ): void {
    const parts = new GroupParts(this, group);
    this.restore(part, parts);
    for (const page of pages) this.restore(page, parts.addPage());
    group.pending.chunks.forEach((chunk, i) => {
      const number = chunks[i] ?? 0;
      this.restore(number, chunk);
      this.#owners[number] = part;
    });
    group.parts = parts;
  }

  header(into: ByteWriter): void {
    encodeFacts(this.#stream, into);
    into.varint(this.#stream.size);
    into.varint(this.#stream.entries.nodeCount);
    into.varint(this.#stream.groups.length);
  }

  encode(part: number, into: ByteWriter): boolean {
    const item = this.item(part);
    if (item === undefined) return false;
    if (item instanceof StreamNode) {
      into.byte(NODE);
      encodeNode(item, into);
    } else if (item instanceof IdChunk) {
      into.byte(CHUNK);
      into.varint(this.#owners[part] ?? 0);
      encodeChunk(item, into);
    } else if (item instanceof ConsumerPage) {
      into.byte(PAGE);
      into.varint(item.owner.part);
      encodePage(item, into);
    } else {
      into.byte(GROUP);
      encodeGroup(item.group, into);
    }
    return true;
  }
}
