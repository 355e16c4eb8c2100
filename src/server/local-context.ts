import type { CommandTable } from '../commands/command-table.ts';
import { Deferred, type LocalContext } from '../commands/local.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, type Reply } from '../resp/reply.ts';
import { Explicit } from './internal.ts';
import type { LocalView } from './local-view.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';
import { SLOT_ELSEWHERE, Slot } from './slot.ts';
import { type Queued, Transactions } from './transactions.ts';

const NO_REPLY_OF_ITS_OWN = new ErrorReply('ERR command has no reply of its own');

/** What a local command sees while it runs; one object, set to the session of each command in turn. */
export class ServerContext implements LocalContext {
  readonly table: CommandTable;
  readonly node: LocalView;
  readonly transactions: Transactions;
  readonly #server: Server;
  #session: Session | null = null;
  /** The command being run has its place among other replies, and must answer at once. */
  #isInside = false;
  /** The place that the command being run has taken for its reply. */
  #deferred: Slot | null = null;

  constructor(server: Server, table: CommandTable, node: LocalView) {
    this.#server = server;
    this.table = table;
    this.node = node;
    this.transactions = new Transactions({
      table,
      runHere: (session, queued) => this.run(session, queued),
      databases: () => node.databases,
    });
  }

  for(session: Session): this {
    this.#session = session;
    this.#deferred = null;
    this.node.admin.current = session;
    this.transactions.session = session;
    return this;
  }

  get session(): Session {
    if (this.#session === null) throw new Error('no command is being run');
    return this.#session;
  }

  defer(): (reply: Reply) => void {
    const { session } = this;
    // Its place is taken by an error already.
    if (this.#isInside) return () => {};
    const slot = new Slot(session, SLOT_ELSEWHERE);
    session.enqueue(slot);
    this.#deferred = slot;
    return (reply) => {
      session.finish(slot, reply);
      this.#server.touch();
    };
  }

  /** The command being run has failed: if it has taken a place for its reply, `reply` goes there. */
  finishDeferred(reply: Reply): boolean {
    const slot = this.#deferred;
    if (slot === null) return false;
    slot.session.finish(slot, reply);
    this.#server.touch();
    return true;
  }

  /** Runs a command about the connection whose place among other replies is kept. */
  run(session: Session, { command, args }: Queued): Reply {
    if (command.kind !== 'local' || session.gone) return null;
    if (command.immediate === true) return NO_REPLY_OF_ITS_OWN;
    this.#isInside = true;
    try {
      const reply = command.run(this.for(session), args);
      return reply instanceof Deferred ? NO_REPLY_OF_ITS_OWN : reply;
    } catch (error) {
      return this.#server.onBug(command.name, error);
    } finally {
      this.#isInside = false;
    }
  }

  /** For the dispatcher, which sees what the command returns. */
  explicit(args: Args): Deferred {
    return new Explicit(args, false);
  }

  internal(args: Args): Deferred {
    return new Explicit(args, true);
  }
}
