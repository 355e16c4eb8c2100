import { asLogIndex, type LogIndex, type Milliseconds } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import type { Command, DataCommand, LocalCommand } from '../../src/commands/command.ts';
import { arityError, CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { internalCommands } from '../../src/commands/internal-commands.ts';
import { Deferred, type LocalContext } from '../../src/commands/local.ts';
import { localCommands } from '../../src/commands/local-commands.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { Args } from '../../src/resp/args.ts';
import { ReplyWriter } from '../../src/resp/encoder.ts';
import { type ErrorReply, isError, QUEUED, type Reply } from '../../src/resp/reply.ts';
import { Internal } from '../../src/server/internal.ts';
import type { Session } from '../../src/server/session.ts';
import { type Queued, type Transaction, Transactions } from '../../src/server/transactions.ts';
import type { Watches } from '../../src/server/watches.ts';
import type { Words } from './generator.ts';

/** What a client says about its connection that changes what its other commands do. */
const ABOUT_THE_CONNECTION = ['select', 'multi', 'exec', 'discard', 'watch', 'unwatch'];
const DATABASES = 16;

const connectionCommands: readonly Command[] = localCommands.filter(({ name }) =>
  ABOUT_THE_CONNECTION.includes(name),
);
const table = new CommandTable([...dataCommands, ...connectionCommands], internalCommands);

/** Whether a command can be sent to {@link BalsaSide}. */
export function isHere(name: string): boolean {
  return table.get(name) !== undefined;
}

/** The commands on data and one client, answered at once, without a log or a network. */
export class BalsaSide {
  readonly keyspace: Keyspace = new Keyspace();
  readonly #now: Milliseconds;
  readonly #writer = new ReplyWriter();
  #index = 0;
  // What the server keeps of a connection, as far as these commands look at it.
  db = 0;
  readonly protocol: 2 | 3;
  transaction: Transaction | null = null;
  watches: Watches | null = null;
  isExecuting = false;
  resumes = false;
  readonly #context: LocalContext;
  readonly #transactions: Transactions;

  constructor(protocol: 2 | 3, now: Milliseconds) {
    this.protocol = protocol;
    this.#now = now;
    this.keyspace.advance(now, asLogIndex(0));
    this.#transactions = new Transactions({
      table,
      runHere: (_session, queued) => this.#runHere(queued),
      databases: () => DATABASES,
    });
    const context = {
      session: this,
      node: { databases: DATABASES },
      transactions: this.#transactions,
    };
    this.#context = context as unknown as LocalContext;
    this.#transactions.session = this as unknown as Session;
  }

  get index(): LogIndex {
    return asLogIndex(this.#index);
  }

  forgetTransaction(): void {
    this.transaction = null;
    this.watches?.clear();
  }

  /** The bytes a client would get. */
  send(words: Words): Buffer {
    this.#writer.length = 0;
    this.#writer.write(this.call(words), this.protocol);
    return Buffer.from(this.#writer.buffer.subarray(0, this.#writer.length));
  }

  call(words: Words): Reply {
    const args = Args.of(words);
    const command = table.resolve(args);
    if (isError(command)) return this.#refused(command);
    const wrong = arityError(command, args);
    if (wrong !== null) {
      const refusal = this.#refused(command.refused?.(wrong) ?? wrong);
      if (command.refused !== undefined) this.forgetTransaction();
      return refusal;
    }
    if (this.transaction !== null && command.immediate !== true) {
      const problem = this.transaction.queue(command, args);
      return problem === null ? QUEUED : this.#refused(problem);
    }
    return command.kind === 'local' ? this.#local(command, args) : this.#data(command, args);
  }

  #refused(error: ErrorReply): ErrorReply {
    this.transaction?.abort();
    return error;
  }

  #runHere({ command, args }: Queued): Reply {
    if (command.kind !== 'local') throw new Error(`${command.name} is run by the dataset`);
    return this.#local(command, args);
  }

  #local(command: LocalCommand, args: Args): Reply {
    const reply = command.run(this.#context, args);
    if (!(reply instanceof Deferred)) return reply;
    if (!(reply instanceof Internal)) throw new Error(`${command.name} cannot be answered at once`);
    reply.sent();
    const receiver = reply.receiver?.();
    const inner = this.#data(reply.command, reply.args);
    return receiver?.receive(inner) ?? inner;
  }

  #data(command: DataCommand, args: Args): Reply {
    const request = command.parse(args);
    // What parse returns must stand alone, so the bytes it came from are spoilt.
    args.buffer.fill(0xee);
    return isError(request) ? request : this.#run(command, request);
  }

  #run(command: DataCommand, request: unknown): Reply {
    let random: Prng | undefined;
    const index = command.kind === 'write' ? ++this.#index : this.#index;
    if (command.kind === 'write') this.keyspace.advance(this.#now, asLogIndex(index));
    const drawn = () => {
      random ??= new Prng(0, index);
      return random;
    };
    const db = this.keyspace.database(this.db);
    return command.run({ keyspace: this.keyspace, db, now: this.#now, random: drawn }, request);
  }
}
