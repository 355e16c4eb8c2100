import type { NodeId } from '../base/ids.ts';
import type { Message } from '../raft/message.ts';
import type { Frame } from './frame.ts';
import type { LogStore } from './log-store.ts';
import { buildMessage, decodeHead, previousChainOf } from './message-codec.ts';

export type Received =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'nonsense'; readonly why: string };

/** The message in a frame that `from` sent to `self`, checked down to the last byte of its entries. */
export function readMessage(store: LogStore, frame: Frame, from: NodeId, self: NodeId): Received {
  const head = decodeHead(frame.header);
  if (head === null || head.fields[0] !== from || head.fields[1] !== self) {
    return { kind: 'nonsense', why: `a message from node ${from} makes no sense` };
  }
  if (head.kind !== 'append') return { kind: 'message', message: buildMessage(head, null) };
  const first = head.fields[6] ?? 0;
  const last = head.fields[7] ?? 0;
  const batch = store.receive(frame.body, first, last, previousChainOf(head));
  if (batch === null) return { kind: 'nonsense', why: `entries from node ${from} are damaged` };
  return { kind: 'message', message: buildMessage(head, batch) };
}
