import { Stream } from '../stream.ts';
import { PENDING_WORDS } from '../stream-group.ts';
import { compareIds } from '../stream-id.ts';
import { idAt } from '../stream-id-list.ts';
import { type IdChunk, IdTable } from '../stream-id-table.ts';
import type { StreamNode } from '../stream-node.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { StreamParts } from './stream-parts.ts';
import {
  CHUNK,
  decodeChunk,
  decodeFacts,
  decodeGroup,
  decodeNode,
  decodePage,
  encodeFacts,
  encodeNode,
  GROUP,
  type GroupFacts,
  makeGroup,
  NODE,
  PAGE,
} from './stream-records.ts';
import type { LoadContext, ValueForm, ValueLoader } from './value-form.ts';
import { KIND_STREAM } from './value-parts.ts';

/** A stream without groups whose only node has no more bytes is kept in one piece. */
const SMALL_NODE_BYTES = 1024;

function isSmall(stream: Stream): boolean {
  const { nodes } = stream.entries;
  if (stream.groups.length > 0 || nodes.count > 1) return false;
  return nodes.count === 0 || nodes.at(nodes.start).used <= SMALL_NODE_BYTES;
}

function partsOf(stream: Stream, changes: Changes): StreamParts | undefined {
  if (stream.parts === undefined && !isSmall(stream)) {
    stream.parts = new StreamParts(changes, stream).enlist();
  }
  return stream.parts;
}

/** What the stream is itself, the number of nodes, and the node if there is one. */
function encode(stream: Stream, into: ByteWriter): void {
  const { nodes } = stream.entries;
  encodeFacts(stream, into);
  into.byte(nodes.count);
  for (let i = nodes.start; i < nodes.end; i++) encodeNode(nodes.at(i), into);
}

function decode(from: ByteReader): Stream {
  const stream = new Stream();
  decodeFacts(stream, from);
  if (from.byte() > 0) stream.entries.adopt(decodeNode(from));
  return stream;
}

/** What was loaded of a group. */
interface LoadedGroup {
  readonly part: number;
  facts: GroupFacts | null;
  /** Pages by their index. */
  readonly pages: Map<number, LoadedPage>;
  readonly chunks: LoadedChunk[];
}

interface LoadedPage {
  readonly part: number;
  readonly consumers: ReturnType<typeof decodePage>;
}

interface LoadedChunk {
  readonly part: number;
  readonly chunk: IdChunk;
}

/** Takes parts as they come, and puts them in order at the end. */
class StreamLoader implements ValueLoader {
  readonly parts: StreamParts;
  readonly #stream: Stream = new Stream();
  readonly #expected: { readonly size: number; readonly nodes: number; readonly groups: number };
  readonly #nodes: { readonly part: number; readonly node: StreamNode }[] = [];
  /** By number of their own part. */
  readonly #groups: Map<number, LoadedGroup> = new Map();

  constructor(id: number, header: ByteReader, { changes }: LoadContext) {
    decodeFacts(this.#stream, header);
    const size = header.varint();
    const nodes = header.varint();
    this.#expected = { size, nodes, groups: header.varint() };
    this.parts = new StreamParts(changes, this.#stream, id);
  }

  part(part: number, from: ByteReader): boolean {
    const what = from.byte();
    if (what === NODE) {
      const node = decodeNode(from, this.#nodes.at(-1)?.node.names);
      this.#nodes.push({ part, node });
    } else if (what === GROUP) {
      this.#group(part).facts = decodeGroup(from);
    } else if (what === PAGE) {
      const { pages } = this.#group(from.varint());
      pages.set(from.varint(), { part, consumers: decodePage(from) });
    } else if (what === CHUNK) {
      this.#group(from.varint()).chunks.push({ part, chunk: decodeChunk(from) });
    } else {
      throw new Malformed(`a part of a stream of the unknown kind ${what}`);
    }
    from.end();
    return true;
  }

  finish(): Stream {
    const stream = this.#stream;
    const { entries } = stream;
    this.#nodes.sort((a, b) => compareIds(firstId(a.node), firstId(b.node)));
    for (const { part, node } of this.#nodes) {
      entries.adopt(node);
      this.parts.attachNode(part, node);
    }
    for (const group of this.#groups.values()) this.#addGroup(group);
    const { size, nodes, groups } = this.#expected;
    this.#demand(entries.nodeCount === nodes && stream.size === size, 'nodes');
    this.#demand(stream.groups.length === groups, 'groups');
    this.parts.restored();
    stream.parts = this.parts;
    return stream;
  }

  #addGroup({ part, facts, pages, chunks }: LoadedGroup): void {
    if (facts === null)
      throw new Malformed(`value ${this.parts.id} has parts of group ${part} only`);
    chunks.sort((a, b) => compareIds(idAt(a.chunk.words, 0), idAt(b.chunk.words, 0)));
    const pending = new IdTable(PENDING_WORDS);
    for (const { chunk } of chunks) pending.restoreChunk(chunk);
    const ordered = [...pages].sort(([a], [b]) => a - b).map(([, page]) => page);
    this.#demand(
      ordered.every((_page, i) => pages.has(i)),
      'consumers',
    );
    const consumers = ordered.flatMap((page) => page.consumers);
    const group = makeGroup(facts, consumers, pending);
    this.#demand(this.#stream.group(facts.name) === undefined, 'group names');
    this.#stream.addGroup(group);
    this.parts.attachGroup(group, {
      part,
      pages: ordered.map((page) => page.part),
      chunks: chunks.map((chunk) => chunk.part),
    });
  }

  #group(part: number): LoadedGroup {
    let group = this.#groups.get(part);
    if (group === undefined) {
      group = { part, facts: null, pages: new Map(), chunks: [] };
      this.#groups.set(part, group);
    }
    return group;
  }

  #demand(isSound: boolean, what: string): void {
    if (!isSound) throw new Malformed(`value ${this.parts.id} has not the ${what} it had`);
  }
}

function firstId({ firstMs, firstSeq }: StreamNode): { ms: typeof firstMs; seq: typeof firstSeq } {
  return { ms: firstMs, seq: firstSeq };
}

/** Streams in images: by nodes and groups, unless they are small. */
export const streamForm: ValueForm<Stream> = {
  kind: KIND_STREAM,
  parts: partsOf,
  attached: (stream) => stream.parts,
  encode,
  decode,
  load: (id, header, context) => new StreamLoader(id, header, context),
};
