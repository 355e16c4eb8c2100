import { readStrings } from '../commands/args.ts';
import type { CommandFlag, DataCommand, LocalCommand } from '../commands/command.ts';
import type { CommandTable } from '../commands/command-table.ts';
import type { Deferred, LocalTransactions } from '../commands/local.ts';
import { DEFERRED } from '../commands/local.ts';
import {
  EXEC_READ,
  EXEC_WRITE,
  type ExecRequest,
  type Step,
  version,
} from '../commands/transactions/exec.ts';
import { Args } from '../resp/args.ts';
import { encodeCommand } from '../resp/command-encoder.ts';
import { parseCommand } from '../resp/command-parser.ts';
import { ErrorReply, isError, OK, type Reply } from '../resp/reply.ts';
import { Internal, type Receiver } from './internal.ts';
import type { Session } from './session.ts';
import { BAD_REPLY, decoded, Watches, WatchReceiver } from './watches.ts';

/** A transaction may queue so many bytes; it is held in memory on its way, and is one entry. */
const MAX_TRANSACTION_BYTES: number = 256 * 1024 * 1024;
/** Bytes a queued command takes at least. */
const COMMAND_OVERHEAD = 64;
/** These answer later or leave nothing to answer, so they have no place in an array of replies. */
const NOT_INSIDE: readonly CommandFlag[] = ['no_multi', 'module'];

const NESTED = new ErrorReply('ERR MULTI calls can not be nested');
const EXEC_WITHOUT_MULTI = new ErrorReply('ERR EXEC without MULTI');
const DISCARD_WITHOUT_MULTI = new ErrorReply('ERR DISCARD without MULTI');
const WATCH_INSIDE_MULTI = new ErrorReply('ERR WATCH inside MULTI is not allowed');
const ABORTED = new ErrorReply('EXECABORT Transaction discarded because of previous errors.');
export const NOT_IN_TRANSACTION: ErrorReply = new ErrorReply(
  'ERR Command not allowed inside a transaction',
);
const TOO_LARGE = new ErrorReply(
  `ERR a transaction may not hold more than ${MAX_TRANSACTION_BYTES} bytes`,
);

export interface Queued {
  readonly command: DataCommand | LocalCommand;
  readonly args: Args;
}

/** What a session has queued between MULTI and EXEC. */
export class Transaction {
  readonly commands: Queued[] = [];
  /** A command could not be queued: EXEC will refuse. */
  isAborted = false;
  #bytes = 0;

  abort(): void {
    this.isAborted = true;
    this.commands.length = 0;
  }

  /** Keeps a copy of the command; null, or why it cannot be queued. */
  queue(command: DataCommand | LocalCommand, args: Args): ErrorReply | null {
    if (command.flags.some((flag) => NOT_INSIDE.includes(flag))) return NOT_IN_TRANSACTION;
    const copy = args.copy();
    this.#bytes += copy.buffer.length + COMMAND_OVERHEAD;
    if (this.#bytes > MAX_TRANSACTION_BYTES) return TOO_LARGE;
    if (!this.isAborted) this.commands.push({ command, args: copy });
    return null;
  }
}

/** One place in EXEC's array: the reply of the next step, a reply known before, or a local command. */
type Place = 'step' | ErrorReply | Queued;

/** Puts together what EXEC answers from what the leader ran and what this node runs itself. */
class ExecReceiver implements Receiver {
  readonly #session: Session;
  readonly #places: readonly Place[];
  readonly #runHere: (session: Session, queued: Queued) => Reply;

  constructor(
    session: Session,
    places: readonly Place[],
    runHere: (session: Session, queued: Queued) => Reply,
  ) {
    this.#session = session;
    this.#places = places;
    this.#runHere = runHere;
    session.isExecuting = true;
  }

  receive(reply: Reply): Reply {
    this.#session.isExecuting = false;
    this.#session.resumes = true;
    const replies = decoded(reply);
    return Array.isArray(replies) ? this.merge(replies) : replies;
  }

  merge(replies: readonly Reply[]): Reply {
    let next = 0;
    return this.#places.map((place) => {
      if (place === 'step') {
        const reply = replies[next++];
        return reply === undefined ? BAD_REPLY : reply;
      }
      return isError(place) ? place : this.#runHere(this.#session, place);
    });
  }
}

export interface TransactionsSetup {
  readonly table: CommandTable;
  /** Runs a local command that was queued. */
  readonly runHere: (session: Session, queued: Queued) => Reply;
  /** Number of databases. */
  readonly databases: () => number;
}

/** MULTI, EXEC, DISCARD, WATCH and UNWATCH of the session whose command is being run. */
export class Transactions implements LocalTransactions {
  readonly #setup: TransactionsSetup;
  session: Session | null = null;

  constructor(setup: TransactionsSetup) {
    this.#setup = setup;
  }

  get #current(): Session {
    if (this.session === null) throw new Error('no command is being run');
    return this.session;
  }

  begin(): Reply {
    const session = this.#current;
    if (session.transaction !== null) return NESTED;
    session.transaction = new Transaction();
    return OK;
  }

  discard(): Reply {
    const session = this.#current;
    if (session.transaction === null) return DISCARD_WITHOUT_MULTI;
    session.forgetTransaction();
    return OK;
  }

  unwatch(): Reply {
    this.#current.watches?.clear();
    return OK;
  }

  watch(args: Args): Reply | Deferred {
    const session = this.#current;
    if (session.transaction !== null) return WATCH_INSIDE_MULTI;
    const keys = readStrings(args, 1);
    session.watches ??= new Watches();
    const { watches } = session;
    return new Internal({
      command: version,
      args: wordsOf([version.name, ...keys]),
      request: keys,
      receiver: () => new WatchReceiver(session, watches, keys),
      sent: () => {},
    });
  }

  exec(args: Args): Reply | Deferred {
    const session = this.#current;
    const { transaction, watches } = session;
    if (transaction === null) return EXEC_WITHOUT_MULTI;
    if (transaction.isAborted) {
      session.forgetTransaction();
      return ABORTED;
    }
    if (watches !== null && watches.pending > 0) {
      session.transport.hold(args);
      return DEFERRED;
    }
    if (watches?.hasFailed === true) {
      session.forgetTransaction();
      return ABORTED;
    }
    const { places, request, words } = plan(session, transaction, this.#setup.databases());
    const isPlain = places.every((place) => place === 'step');
    if (request.steps.length === 0 && request.watches.length === 0) {
      session.forgetTransaction();
      return new ExecReceiver(session, places, this.#setup.runHere).receive([]);
    }
    const isRead = request.steps.every(({ command }) => command.kind === 'read');
    const { table, runHere } = this.#setup;
    const command = table.internal(isRead ? EXEC_READ : EXEC_WRITE);
    return new Internal({
      command,
      args: wordsOf([command.name, ...words]),
      request,
      // Without one the reply passes as it comes, and the client may send on meanwhile.
      receiver: isPlain ? null : () => new ExecReceiver(session, places, runHere),
      sent: () => session.forgetTransaction(),
    });
  }
}

interface Plan {
  readonly places: readonly Place[];
  readonly request: ExecRequest;
  /** The request as words, for the log and for other nodes. */
  readonly words: readonly (string | Uint8Array)[];
}

/** Sorts a transaction's commands: those for the leader, and those that are answered here. */
function plan(session: Session, transaction: Transaction, databases: number): Plan {
  const watches = session.watches?.keys ?? [];
  const words: (string | Uint8Array)[] = [String(watches.length)];
  for (const { db, key, version } of watches) words.push(String(db), String(version), key);
  const places: Place[] = [];
  const steps: Step[] = [];
  let { db } = session;
  for (const queued of transaction.commands) {
    const { command, args } = queued;
    if (command.kind === 'local') {
      places.push(queued);
      db = selected(command, args, databases) ?? db;
      continue;
    }
    const request = command.parse(args);
    if (isError(request)) {
      places.push(request);
      continue;
    }
    places.push('step');
    steps.push({ db, command, request });
    words.push(String(db), String(args.count));
    for (let i = 0; i < args.count; i++) {
      words.push(args.buffer.subarray(args.start(i), args.end(i)));
    }
  }
  return { places, request: { watches, steps }, words };
}

/** The database that a queued SELECT leads to. */
function selected(command: LocalCommand, args: Args, databases: number): number | undefined {
  const db = command.selects?.(args, databases);
  return db === undefined || isError(db) ? undefined : db;
}

function wordsOf(words: readonly (string | Uint8Array)[]): Args {
  const bytes = encodeCommand(words);
  const args = new Args();
  parseCommand(bytes, 0, bytes.length, args);
  return args;
}
