import type { Watch } from '../commands/transactions/exec.ts';
import { EncodedReply, ErrorReply, isError, OK, type Reply } from '../resp/reply.ts';
import { ReplyParser } from '../resp/reply-parser.ts';
import type { Receiver } from './internal.ts';
import type { Session } from './session.ts';

/** The names of the keys that a client watches, with what goes with each. */
const MAX_WATCHED_BYTES: number = 16 * 1024 * 1024;
const WATCH_OVERHEAD = 64;

const TOO_MANY = new ErrorReply(
  `ERR the keys watched may not take more than ${MAX_WATCHED_BYTES} bytes`,
);
export const BAD_REPLY: ErrorReply = new ErrorReply('ERR bad reply from leader');

/** The keys a session watches. WATCH asks the leader for their versions, so they come later. */
export class Watches {
  keys: Watch[] = [];
  /** WATCH commands whose versions have not come yet: EXEC waits for them. */
  pending = 0;
  /** A WATCH gave an error: nothing is known of its keys. */
  hasFailed = false;
  readonly #seen: Set<string> = new Set();
  #bytes = 0;
  /** Changes whenever all is forgotten: versions asked for before that are not kept. */
  epoch = 0;

  clear(): void {
    this.keys = [];
    this.#seen.clear();
    this.#bytes = 0;
    this.hasFailed = false;
    this.epoch++;
  }

  /** False: there are too many. A key that is watched already keeps the version it had. */
  add(watch: Watch): boolean {
    const name = `${watch.db}:${watch.key}`;
    if (this.#seen.has(name)) return true;
    this.#bytes += watch.key.length + WATCH_OVERHEAD;
    if (this.#bytes > MAX_WATCHED_BYTES) return false;
    this.#seen.add(name);
    this.keys.push(watch);
    return true;
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
    const isCurrent = this.#watches.epoch === this.#epoch;
    const error = isError(versions) ? versions : isCurrent ? this.#keep(versions) : null;
    if (error !== null && isCurrent) this.#watches.hasFailed = true;
    return error ?? OK;
  }

  #keep(versions: Reply): ErrorReply | null {
    if (!Array.isArray(versions) || versions.length !== this.#keys.length) return BAD_REPLY;
    for (const [i, key] of this.#keys.entries()) {
      const version: unknown = versions[i];
      if (typeof version !== 'number') return BAD_REPLY;
      if (!this.#watches.add({ db: this.#db, key, version })) return TOO_MANY;
    }
    return null;
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
