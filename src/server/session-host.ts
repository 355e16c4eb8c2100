import type { LogIndex } from '../base/ids.ts';
import type { UnblockHow } from '../replica/entry.ts';
import type { Reply } from '../resp/reply.ts';
import type { Holder } from './held.ts';
import type { Session } from './session.ts';
import type { Slot } from './slot.ts';

/** What a session needs of the server that it belongs to. */
export interface SessionHost {
  /** Runs a read now. */
  runRead(slot: Slot): Reply;
  /** Whether the read's barrier is confirmed and everything that it must see is applied. */
  readIsReady(slot: Slot): boolean;
  /** Runs a command about the connection that was sent through the log. */
  runForced(slot: Slot): Reply;
  /** Replies have been written that must be sent at the end of the turn. */
  dirty(session: Session): void;
  countError(reply: Reply): void;
  notice(text: string): void;
  /** Ends the waiting of the blocked command whose entry is at `id`. */
  unblock(id: LogIndex, how: UnblockHow): void;
}

/** How a session's replies leave: a socket, or a frame to the node that relays for a client. */
export interface Transport extends Holder {
  flush(session: Session): void;
  close(): void;
  readonly kind: 'socket' | 'proxy';
}
