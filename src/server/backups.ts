import type { LocalBackups, LocalSession } from '../commands/local.ts';
import { ErrorReply, OK, type Reply } from '../resp/reply.ts';
import type { Timer } from '../world/world.ts';
import { BackupRun } from './backup-run.ts';
import { NO_CLUSTER } from './errors.ts';
import type { Server } from './server.ts';

/** Each keeps the disk from giving back what has changed since it began. */
export const MAX_BACKUPS = 4;
const LOOK_MS = 25;

const TOO_MANY = new ErrorReply(
  `ERR ${MAX_BACKUPS} backups of this node are under way, which is the most`,
);
const TWICE = new ErrorReply('ERR a backup is under way on this connection');
const NONE = new ErrorReply('ERR no backup is under way on this connection');

/** The backups that clients of this node are taking. */
export class Backups implements LocalBackups {
  readonly #server: Server;
  /** By the number of the session. */
  readonly #runs: Map<number, BackupRun> = new Map();
  #timer: Timer | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  begin(session: LocalSession, done: (reply: Reply) => void): void {
    const { node, world, logger } = this.#server;
    const { id } = session;
    const { replica } = node;
    this.#forgetOver();
    if (this.#runs.has(id)) done(TWICE);
    else if (this.#runs.size >= MAX_BACKUPS) done(TOO_MANY);
    else if (replica === null) done(NO_CLUSTER);
    else {
      const log = (text: string): void => logger.notice(`backup for client ${id}: ${text}`);
      this.#runs.set(id, new BackupRun({ replica, clock: world.clock, log, begun: done }));
      this.#watch();
    }
  }

  next(session: LocalSession, maxBytes: number, done: (reply: Reply) => void): void {
    this.#forgetOver();
    const run = this.#runs.get(session.id);
    if (run === undefined) done(NONE);
    else run.next(maxBytes, done);
  }

  end(session: LocalSession): Reply {
    return this.closed(session) ? OK : NONE;
  }

  /** The connection is gone, or wants no more: false if it was taking no backup. */
  closed(session: LocalSession): boolean {
    this.#forgetOver();
    this.#runs.get(session.id)?.end();
    return this.#runs.delete(session.id);
  }

  /** Some end by themselves. */
  #forgetOver(): void {
    for (const [id, run] of this.#runs) if (run.isOver) this.#runs.delete(id);
  }

  /** While there are any. */
  #watch(): void {
    this.#timer ??= this.#server.world.timers.after(LOOK_MS, () => {
      this.#timer = null;
      for (const run of this.#runs.values()) run.look();
      this.#forgetOver();
      if (this.#runs.size > 0) this.#watch();
    });
  }

  /** Ends all of them. Before the store is closed. */
  stop(): void {
    this.#timer?.cancel();
    for (const run of this.#runs.values()) run.end();
    this.#runs.clear();
  }
}
