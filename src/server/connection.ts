import { assert } from '../base/assert.ts';
import type { Milliseconds } from '../base/ids.ts';
import type { BufferLimits } from '../config/settings.ts';
import { Args } from '../resp/args.ts';
import { CommandParser } from '../resp/command-parser.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Socket, SocketEvents } from '../world/world.ts';
import { MAX_UNREAD_REPLY_BYTES, type Session } from './session.ts';
import type { Transport } from './session-host.ts';

export interface ConnectionSettings {
  readonly protoMaxBulkLen: number;
  readonly clientQueryBufferLimit: number;
  readonly clientOutputBufferLimit: BufferLimits;
}

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly settings: ConnectionSettings;
  now(): Milliseconds;
  newSession(transport: Transport): Session;
  /** Answers the command, at once or later. */
  dispatch(session: Session, args: Args): void;
  closed(connection: Connection): void;
  /** false: no client is read now; {@link Connection.proceed} is called when that is over. */
  readonly isReading: boolean;
  readonly statistics: { netInput: number; netOutput: number };
  notice(text: string): void;
}

const MAX_ARGUMENTS = 1024 * 1024;
/** What may be sent before authentication, as in Redis. */
const UNAUTHENTICATED_ARGUMENTS = 10;
const UNAUTHENTICATED_BULK_BYTES = 16 * 1024;
const INLINE_BYTES = 64 * 1024;

/** What a connection is when it is no client's any more. */
export interface Upgraded {
  data(chunk: Buffer): void;
  drained(): void;
  closed(): void;
}

/** One client's socket: bytes in, commands out; replies in, bytes out. */
export class Connection implements Transport, SocketEvents {
  readonly kind = 'socket';
  readonly socket: Socket;
  readonly session: Session;
  readonly connectedAt: Milliseconds;
  lastInteraction: Milliseconds;
  readonly #host: ConnectionHost;
  readonly #parser: CommandParser;
  readonly #args = new Args();
  #strict: boolean;
  #paused = false;
  #closed = false;
  /** A command that waits for a leader: nothing behind it is read. */
  #held: Args | null = null;
  /** Set when the connection has become a link from a peer: its bytes go there. */
  #upgraded: Upgraded | null = null;
  #inDispatch = false;
  /** The client sends no more, but waits for the replies to what it has sent. */
  #inputEnded = false;
  #overSoftLimitSince: Milliseconds | null = null;

  constructor(host: ConnectionHost, socket: Socket) {
    this.#host = host;
    this.socket = socket;
    this.session = host.newSession(this);
    this.connectedAt = host.now();
    this.lastInteraction = this.connectedAt;
    this.#strict = !this.session.authenticated;
    this.#parser = new CommandParser(this.#limits());
  }

  #limits(): ConstructorParameters<typeof CommandParser>[0] {
    const { protoMaxBulkLen, clientQueryBufferLimit } = this.#host.settings;
    return {
      maxBulkBytes: this.#strict ? UNAUTHENTICATED_BULK_BYTES : protoMaxBulkLen,
      maxArguments: this.#strict ? UNAUTHENTICATED_ARGUMENTS : MAX_ARGUMENTS,
      maxInlineBytes: INLINE_BYTES,
      maxBufferBytes: clientQueryBufferLimit,
    };
  }

  get queryBufferBytes(): number {
    return this.#parser.buffered;
  }

  get isHeld(): boolean {
    return this.#held !== null;
  }

  data(chunk: Buffer): void {
    if (this.#upgraded !== null) {
      this.#upgraded.data(chunk);
      return;
    }
    if (this.session.closing) return;
    this.lastInteraction = this.#host.now();
    this.#host.statistics.netInput += chunk.length;
    this.#parser.push(chunk);
    if (this.#held === null && !this.#paused) this.#process();
    else this.#parser.keep();
  }

  #process(): void {
    const { session } = this;
    while (!session.closing && !this.#paused && this.#upgraded === null && !this.#closed) {
      if (session.isFull) {
        this.#pause();
        break;
      }
      const status = this.#parser.next(this.#args);
      if (status === 'more') {
        if (this.#inputEnded) session.closeAfterReply();
        return;
      }
      if (status === 'error') {
        this.#protocolError();
        return;
      }
      session.commands++;
      this.#inDispatch = true;
      this.#host.dispatch(session, this.#args);
      this.#inDispatch = false;
      if (this.#strict && session.authenticated) {
        this.#strict = false;
        this.#parser.limits = this.#limits();
      }
    }
    if (!this.#closed) this.#parser.keep();
  }

  /** What was read is still answered. */
  ended(): void {
    if (this.#upgraded !== null) {
      this.close();
      return;
    }
    this.#inputEnded = true;
    if (this.#held === null && !this.#paused) this.#process();
  }

  #protocolError(): void {
    this.#host.notice(
      `protocol error from client ${this.session.id} (${this.socket.remote.host}): ${this.#parser.error}`,
    );
    this.session.reply(new ErrorReply(this.#parser.error));
    this.session.closeAfterReply();
  }

  /** The command being dispatched waits; its arguments are kept, and nothing behind it is read. */
  hold(args: Args): void {
    assert(this.#held === null, 'one command at a time is held');
    this.#held = args.copy();
    this.#pause();
  }

  /** A held command is tried again. */
  release(): void {
    const args = this.#held;
    if (args === null || this.#closed) return;
    this.#held = null;
    this.#host.dispatch(this.session, args);
    if (this.#held === null) this.proceed();
  }

  /** Reads on, if nothing forbids it any more. */
  proceed(): void {
    if (!this.#paused || this.#held !== null || this.#closed) return;
    if (!this.#host.isReading || this.session.isFull) return;
    this.#paused = false;
    this.socket.resume();
    this.#process();
  }

  /** No further commands until {@link proceed}. */
  pauseReading(): void {
    this.#pause();
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.socket.pause();
  }

  /** From now on all bytes, also those already received, go to `to`. */
  upgrade(to: Upgraded): void {
    this.#upgraded = to;
    this.#parser.keep();
    const rest = this.#parser.takeRest();
    if (rest.length > 0) to.data(rest);
  }

  flush(session: Session): void {
    if (this.#closed) return;
    const { length } = session.out;
    if (length > 0) {
      this.#host.statistics.netOutput += length;
      if (this.socket.write(session.out.view())) session.out.reset();
      else session.out.release();
      session.isBlocked = this.socket.buffered > MAX_UNREAD_REPLY_BYTES;
      if (session.isBlocked) this.#pause();
      if (this.exceedsOutputLimit()) {
        this.close();
        return;
      }
    }
    // The rest of what did not fit, if the socket has taken all of that.
    if (length > MAX_UNREAD_REPLY_BYTES) session.drain();
    if (session.closing && session.pending === 0 && session.out.length === 0 && !this.#inDispatch) {
      this.socket.end();
      return;
    }
    if (session.resumes) {
      session.resumes = false;
      this.release();
    }
    if (this.#paused) this.proceed();
  }

  /** Whether the client has left more replies unread than client-output-buffer-limit allows. */
  exceedsOutputLimit(): boolean {
    const { hard, soft, seconds } = this.#host.settings.clientOutputBufferLimit.normal;
    const unread = this.socket.buffered;
    if (soft === 0 || unread <= soft) this.#overSoftLimitSince = null;
    else this.#overSoftLimitSince ??= this.#host.now();
    const since = this.#overSoftLimitSince;
    const softExceeded = since !== null && this.#host.now() - since > seconds * 1000;
    if (!softExceeded && (hard === 0 || unread <= hard)) return false;
    this.#host.notice(
      `client ${this.session.id} closed: it leaves ${unread} bytes of replies unread`,
    );
    return true;
  }

  drained(): void {
    if (this.#upgraded !== null) {
      this.#upgraded.drained();
      return;
    }
    this.session.isBlocked = false;
    this.session.drain();
    this.proceed();
  }

  close(): void {
    this.socket.destroy();
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#held = null;
    this.session.gone = true;
    this.#upgraded?.closed();
    this.#host.closed(this);
  }
}
