import type { NodeId, Term } from '../base/ids.ts';
import type { Message } from '../raft/message.ts';
import type { Frame } from './frame.ts';
import type { LogStore } from './log-store.ts';
import { buildMessage, decodeHead, previousChainOf } from './message-codec.ts';
import { receiveEntries } from './received.ts';

export type Received =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'nonsense'; readonly why: string };

/**
 * The message in a frame that `from` sent to `self`, whose term is `term`, checked down to the last
 * byte of its entries.
 */
export function readMessage(
  store: LogStore,
  frame: Frame,
  at: { readonly from: NodeId; readonly self: NodeId; readonly term: Term },
): Received {
  const { from, self } = at;
  const head = decodeHead(frame.header);
  if (head === null || head.fields[0] !== from || head.fields[1] !== self) {
    return { kind: 'nonsense', why: `a message from node ${from} makes no sense` };
  }
  if (head.kind !== 'append') {
    const message = buildMessage(head, null);
    // Nobody has more of this node's log than it has itself.
    const acknowledges = message.kind === 'append-response' && message.success;
    if (acknowledges && message.term === at.term && message.match > store.last) {
      return { kind: 'nonsense', why: `node ${from} acknowledges what was never sent` };
    }
    return { kind: 'message', message };
  }
  const first = head.fields[6] ?? 0;
  const last = head.fields[7] ?? 0;
  if (first !== (head.fields[3] ?? 0) + 1) {
    return { kind: 'nonsense', why: `entries from node ${from} do not follow the one before` };
  }
  const batch = receiveEntries(frame.body, first, last, previousChainOf(head));
  if (batch === null) return { kind: 'nonsense', why: `entries from node ${from} are damaged` };
  return { kind: 'message', message: buildMessage(head, batch) };
}
