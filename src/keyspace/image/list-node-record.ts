import { ListNode } from '../list-node.ts';
import { packedNext } from '../packed.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readCount } from './numbered-parts.ts';

/** What a node begins with. */
const OPEN = 0;
const PACKED = 1;

/** Puts in a node: packed as a text, or open as a number of texts. */
export function encodeNode(node: ListNode, into: ByteWriter): void {
  const { packed } = node;
  if (packed !== undefined) {
    into.byte(PACKED);
    into.text(packed);
    return;
  }
  into.byte(OPEN);
  into.varint(node.count);
  node.forEach(0, node.count, (element) => into.text(element));
}

/** Takes a node back. Throws `Malformed`. */
export function decodeNode(from: ByteReader): ListNode {
  if (from.byte() === PACKED) return ListNode.ofPacked(decodePacked(from));
  const elements: string[] = [];
  for (let left = readCount(from); left > 0; left--) elements.push(from.text());
  return ListNode.of(elements);
}

/** A text that is a packed string. */
export function decodePacked(from: ByteReader): string {
  const packed = from.text();
  let at = 0;
  while (at < packed.length) at = packedNext(packed, at);
  if (at !== packed.length) throw new Malformed('an element that ends behind its list');
  return packed;
}
