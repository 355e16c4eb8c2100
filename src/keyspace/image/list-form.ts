import { fail } from '../../base/assert.ts';
import { ListNode } from '../list-node.ts';
import { Quicklist } from '../list-quicklist.ts';
import { ListValue } from '../list-value.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Changes } from './changes.ts';
import { decodeNode, decodePacked, encodeNode } from './list-node-record.ts';
import { isLayout, type ListLayout, ListParts, visitPage } from './list-parts.ts';
import { isReserved } from './numbered-parts.ts';
import type { LoadContext, ValueForm, ValueLoader } from './value-form.ts';
import { KIND_QUICKLIST } from './value-parts.ts';

/** What a list in one piece begins with: its elements are one packed string, or a node. */
const TEXT = 0;
const NODE = 1;

function partsOf({ body }: ListValue, changes: Changes): ListParts | undefined {
  if (!(body instanceof Quicklist)) return undefined;
  body.parts ??= new ListParts(changes, body).enlist();
  return body.parts;
}

function encode({ body }: ListValue, into: ByteWriter): void {
  if (typeof body === 'string') {
    into.byte(TEXT);
    into.text(body);
  } else if (body instanceof ListNode) {
    into.byte(NODE);
    encodeNode(body, into);
  } else {
    fail('a list of many nodes is held by parts');
  }
}

function decode(from: ByteReader): ListValue {
  return new ListValue(from.byte() === TEXT ? decodePacked(from) : decodeNode(from));
}

/** Takes nodes and parts of the order as they come, and puts them together at the end. */
class ListLoader implements ValueLoader {
  readonly parts: ListParts;
  readonly #list: Quicklist = new Quicklist();
  readonly #size: number;
  /** Numbers of the nodes in their order. */
  readonly #order: (number | undefined)[];
  readonly #layout: ListLayout;
  readonly #nodes: Map<number, ListNode> = new Map();

  constructor(id: number, header: ByteReader, { changes }: LoadContext) {
    this.#size = header.varint();
    const nodes = header.varint();
    this.#layout = { start: header.varint(), places: header.varint() };
    if (!isLayout(this.#layout, nodes)) throw new Malformed(`value ${id} has an impossible order`);
    this.#order = new Array<number | undefined>(nodes).fill(undefined);
    this.parts = new ListParts(changes, this.#list, { layout: this.#layout, id });
  }

  part(part: number, from: ByteReader): boolean {
    if (isReserved(part)) {
      let count = 0;
      visitPage(this.#layout, { part, nodes: this.#order.length }, (node) => {
        this.#order[node] = from.varint();
        count++;
      });
      if (count === 0) return false;
    } else {
      const node = decodeNode(from);
      this.#nodes.set(part, node);
      this.parts.attach(part, node);
    }
    from.end();
    return true;
  }

  finish(): ListValue {
    const { id } = this.parts;
    for (const part of this.#order) {
      const node = this.#nodes.get(part ?? 0);
      if (node === undefined) throw new Malformed(`value ${id} has no node ${part}`);
      this.#nodes.delete(part ?? 0);
      this.#list.append(node);
    }
    if (this.#nodes.size > 0)
      throw new Malformed(`value ${id} has nodes that are not in its order`);
    if (this.#list.size !== this.#size) throw new Malformed(`value ${id} has too few elements`);
    this.parts.restored();
    this.#list.parts = this.parts;
    return new ListValue(this.#list);
  }
}

/** Lists in images: those with many nodes by nodes. */
export const listForm: ValueForm<ListValue> = {
  kind: KIND_QUICKLIST,
  parts: partsOf,
  attached: ({ body }) => (body instanceof Quicklist ? body.parts : undefined),
  encode,
  decode,
  load: (id, header, context) => new ListLoader(id, header, context),
};
