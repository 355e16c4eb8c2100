import type { LogIndex } from '../base/ids.ts';
import type { UnblockHow } from '../replica/entry.ts';
import {
  FRAME_PROXY_CLOSE,
  FRAME_PROXY_COMMAND,
  FRAME_PROXY_REPLY,
  FRAME_PROXY_UNBLOCK,
  FrameReader,
  frameHead,
} from '../replica/frame.ts';
import { Args } from '../resp/args.ts';
import { parseCommand } from '../resp/command-parser.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Socket } from '../world/world.ts';
import { packNumbers, unpackCommandHead, unpackNumbers } from './proxy-protocol.ts';
import { MAX_UNREAD_REPLY_BYTES, type Session } from './session.ts';
import type { Transport } from './session-host.ts';

export interface ProxyServerHost {
  newSession(transport: Transport): Session;
  sessionClosed(session: Session): void;
  dispatch(session: Session, args: Args): void;
  unblock(id: LogIndex, how: UnblockHow): void;
}

/** The link that a proxied client shares with others. */
interface ProxyLink {
  readonly socket: Socket;
  /** Nothing more is read from the link until {@link ProxyLink.resume}. */
  pause(): void;
  resume(): void;
}

const MALFORMED = new ErrorReply('ERR malformed command from a proxy');

/** A client of another node: its commands come in frames, and so do its replies leave. */
class ProxiedClient implements Transport {
  readonly kind = 'proxy';
  readonly session: Session;
  readonly #host: ProxyServerHost;
  readonly #link: ProxyLink;
  /** Requests in the order of the commands, which is the order of the replies. */
  readonly #requests: number[] = [];
  #held: Args | null = null;

  constructor(host: ProxyServerHost, link: ProxyLink) {
    this.#host = host;
    this.#link = link;
    this.session = host.newSession(this);
    this.session.authenticated = true;
  }

  expect(request: number): void {
    this.#requests.push(request);
  }

  /** All commands on the link are for a leader, so those of other clients would wait as well. */
  hold(args: Args): void {
    this.#held = args.copy();
    this.#link.pause();
  }

  release(): void {
    const args = this.#held;
    this.#held = null;
    if (args === null) return;
    if (!this.session.gone) this.#host.dispatch(this.session, args);
    if (this.#held === null) this.#link.resume();
  }

  /** Each reply is a frame of its own: its length in `out` is noted when it is written. */
  flush(session: Session): void {
    const { out } = session;
    const ends = session.takeReplyEnds();
    const pieces: Uint8Array[] = [];
    const view = out.view();
    let start = 0;
    for (const end of ends) {
      const request = this.#requests.shift();
      if (request === undefined) break;
      const body = view.subarray(start, end);
      pieces.push(frameHead(FRAME_PROXY_REPLY, packNumbers([request]), body.length), body);
      start = end;
    }
    const { length } = out;
    if (pieces.length === 0 || this.#link.socket.writev(pieces)) out.reset();
    else out.release();
    session.isBlocked = this.#link.socket.buffered > MAX_UNREAD_REPLY_BYTES;
    if (length > MAX_UNREAD_REPLY_BYTES) session.drain();
  }

  close(): void {
    this.#link.socket.destroy();
  }
}

/** The leader's side of a proxy link: one session for each client of the other node. */
export class ProxyServer implements ProxyLink {
  readonly #host: ProxyServerHost;
  readonly socket: Socket;
  readonly #onClosed: () => void;
  #paused = false;
  readonly #reader = new FrameReader();
  readonly #clients: Map<number, ProxiedClient> = new Map();
  readonly #args = new Args();

  constructor(host: ProxyServerHost, socket: Socket, onClosed: () => void) {
    this.#host = host;
    this.socket = socket;
    this.#onClosed = onClosed;
  }

  data(chunk: Buffer): void {
    this.#reader.push(chunk);
    this.#process();
  }

  pause(): void {
    this.#paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.socket.resume();
    this.#process();
  }

  #process(): void {
    while (!this.#paused) {
      const frame = this.#reader.next();
      if (frame === null) return;
      if (frame === 'malformed') {
        this.socket.destroy();
        return;
      }
      if (frame.type === FRAME_PROXY_COMMAND) this.#command(frame.header, frame.body);
      else if (frame.type === FRAME_PROXY_CLOSE) this.#forget(frame.header);
      else if (frame.type === FRAME_PROXY_UNBLOCK) this.#unblock(frame.header);
    }
  }

  #command(header: Buffer, body: Buffer): void {
    const head = unpackCommandHead(header);
    if (head === null) {
      this.socket.destroy();
      return;
    }
    let client = this.#clients.get(head.session);
    if (client === undefined) {
      client = new ProxiedClient(this.#host, this);
      client.session.keepReplyEnds();
      this.#clients.set(head.session, client);
    }
    client.expect(head.request);
    const { session } = client;
    session.db = head.db;
    session.protocol = head.protocol;
    if (parseCommand(body, 0, body.length, this.#args) !== body.length) session.reply(MALFORMED);
    else this.#host.dispatch(session, this.#args);
  }

  #forget(header: Buffer): void {
    const id = unpackNumbers(header, 1)?.[0] ?? 0;
    const client = this.#clients.get(id);
    if (client === undefined) return;
    this.#clients.delete(id);
    client.session.gone = true;
    this.#host.sessionClosed(client.session);
  }

  /** CLIENT UNBLOCK on the other node. */
  #unblock(header: Buffer): void {
    const [id = 0, how = 0] = unpackNumbers(header, 2) ?? [];
    const blocked = this.#clients.get(id)?.session.blocked ?? null;
    if (blocked !== null) this.#host.unblock(blocked.index, how === 1 ? 'error' : 'timeout');
  }

  drained(): void {
    for (const { session } of this.#clients.values()) {
      session.isBlocked = false;
      session.drain();
    }
  }

  closed(): void {
    this.#onClosed();
    for (const { session } of this.#clients.values()) {
      session.gone = true;
      this.#host.sessionClosed(session);
    }
    this.#clients.clear();
  }
}
