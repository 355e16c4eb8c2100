import type { Watch } from '../commands/transactions/exec.ts';
import { EncodedReply, ErrorReply, isError, OK, type Reply } from '../resp/reply.ts';
import { ReplyParser } from '../resp/reply-parser.ts';
import type { Receiver } from './internal.ts';
import type { Session } from './session.ts';

export const BAD_REPLY: ErrorReply = new ErrorReply('ERR bad reply from leader');

/** The keys a session watches. WATCH asks the leader for their versions, so they come later. */
export class Watches {
  keys: Watch[] = [];
  /** WATCH commands whose versions have not come yet: EXEC waits for them. */
  pending = 0;
  /** Changes whenever all is forgotten: versions asked for before that are not kept. */
  epoch = 0;

  clear(): void {
    this.keys = [];
    this.epoch++;
  }
}

/** Takes the versions that one WATCH asked for. */
export class WatchReceiver implements Receiver {
  readonly #session: Session;
  readonly #watches: Watches;
  readonly #db: number;
  readonly #keys: readonly string[];
  readonly #epoch: number;

  constructor(session: Session, watches: Watches, keys: readonly string[]) {
    this.#session = session;
    this.#watches = watches;
    this.#db = session.db;
    this.#keys = keys;
    this.#epoch = watches.epoch;
    watches.pending++;
  }

  receive(reply: Reply): Reply {
    this.#watches.pending--;
    this.#session.resumes = true;
    const versions = decoded(reply);
    if (isError(versions)) return versions;
    if (!Array.isArray(versions) || versions.length !== this.#keys.length) return BAD_REPLY;
    if (this.#watches.epoch === this.#epoch) this.#keep(versions);
    return OK;
  }

  #keep(versions: readonly unknown[]): void {
    this.#keys.forEach((key, i) => {
      const version = versions[i];
      if (typeof version === 'number') this.#watches.keys.push({ db: this.#db, key, version });
    });
  }
}

/** A reply, whoever encoded it. */
export function decoded(reply: Reply): Reply {
  if (!(reply instanceof EncodedReply)) return reply;
  const parser = new ReplyParser();
  parser.push(Buffer.from(reply.bytes));
  const parsed = parser.next();
  return parsed.kind === 'reply' ? parsed.reply : BAD_REPLY;
}
