import { payloadStart, recordKind, recordTerm } from '../../raftlog/index.ts';
import { assert, fail } from '../base/assert.ts';
import {
  asMilliseconds,
  type LogIndex,
  type Milliseconds,
  NO_INDEX,
  nextIndex,
} from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { DataCommand, LocalCommand, RunContext } from '../commands/command.ts';
import type { CommandTable } from '../commands/command-table.ts';
import { DATABASE_OUT_OF_RANGE } from '../commands/errors.ts';
import type { Database, Keyspace } from '../keyspace/keyspace.ts';
import { type TypeName, typeName } from '../keyspace/value.ts';
import type { Configuration } from '../raft/configuration.ts';
import { Args } from '../resp/args.ts';
import { parseCommand } from '../resp/command-parser.ts';
import { ErrorReply, isError, type Reply, WaitReply } from '../resp/reply.ts';
import {
  COMMAND_HEAD_BYTES,
  ENTRY_COMMAND,
  ENTRY_CONFIGURATION,
  ENTRY_NOOP,
  ENTRY_TIME,
  ENTRY_UNBLOCK,
  readTime,
  TIME_BYTES,
  unpackConfiguration,
  unpackUnblock,
} from './entry.ts';
import type { LogStore } from './log-store.ts';
import type { Proposal, Proposals } from './proposals.ts';
import type { Waiter, Waiters } from './waiters.ts';

const UNBLOCKED = new ErrorReply(
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
);
const UNBLOCKED_BY_CLIENT = new ErrorReply('UNBLOCKED client unblocked via CLIENT UNBLOCK');

/** Entries between two looks at the clock. */
const SLICE_ENTRIES = 64;
const TWO_TO_32 = 4294967296;

/** What `run` sees while an entry is applied: its time, and chance drawn from its position. */
class ApplyContext implements RunContext {
  readonly keyspace: Keyspace;
  db: Database;
  now: Milliseconds = asMilliseconds(0);
  index: LogIndex = NO_INDEX;
  #prng: Prng | null = null;
  #prngIndex: LogIndex = NO_INDEX;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.db = keyspace.database(0);
  }

  random(): Prng {
    if (this.#prng === null || this.#prngIndex !== this.index) {
      this.#prngIndex = this.index;
      this.#prng = new Prng(Math.floor(this.index / TWO_TO_32), this.index);
    }
    return this.#prng;
  }
}

/**
 * Runs committed entries in order, with the same effect on every node. Only where a client waits
 * ({@link Proposals}) the reply goes anywhere.
 */
export class Applier {
  readonly #store: LogStore;
  readonly #table: CommandTable;
  readonly #proposals: Proposals;
  readonly #keyspace: Keyspace;
  readonly #waiters: Waiters;
  readonly #context: ApplyContext;
  readonly #args = new Args();
  readonly #onConfiguration: (configuration: Configuration, index: LogIndex) => void;
  /** Never falls; applied ≤ commit. */
  applied: LogIndex;

  constructor(setup: {
    readonly store: LogStore;
    readonly table: CommandTable;
    readonly proposals: Proposals;
    readonly keyspace: Keyspace;
    readonly waiters: Waiters;
    readonly applied: LogIndex;
    readonly onConfiguration: (configuration: Configuration, index: LogIndex) => void;
  }) {
    this.#store = setup.store;
    this.#table = setup.table;
    this.#proposals = setup.proposals;
    this.#keyspace = setup.keyspace;
    this.#waiters = setup.waiters;
    this.#context = new ApplyContext(setup.keyspace);
    this.#onConfiguration = setup.onConfiguration;
    this.applied = setup.applied;
  }

  /** Applies up to `commit`, or less if `expired` says that the turn has been long enough. */
  apply(commit: LogIndex, expired: () => boolean): void {
    while (this.applied < commit) {
      const until = Math.min(commit, this.applied + SLICE_ENTRIES);
      this.#store.visit(this.applied + 1, until, (_index, buffer, start, end) => {
        this.#entry(buffer, start, end);
      });
      if (expired()) return;
    }
  }

  #entry(buffer: Buffer, start: number, end: number): void {
    const index = nextIndex(this.applied);
    const payload = payloadStart(start);
    const proposal = this.#proposals.take(index, recordTerm(buffer, start));
    proposal?.beforeApply();
    this.applied = index;
    this.#keyspace.advance(asMilliseconds(readTime(buffer, payload)), index);
    this.#context.now = this.#keyspace.clock;
    this.#context.index = index;
    if (this.#waiters.count > 0) this.#timeOut();
    const kind = recordKind(buffer, start);
    if (kind === ENTRY_COMMAND) {
      const db = buffer[payload + TIME_BYTES] as number;
      if (proposal !== undefined) this.#answer(proposal, db, index);
      else this.#replay(buffer, payload, end, db, index);
    } else {
      this.#special(kind, buffer.subarray(payload + TIME_BYTES, end), index);
    }
    if (this.#waiters.count > 0) this.#serve();
  }

  /** An entry that is no client's. */
  #special(kind: number, body: Buffer, index: LogIndex): void {
    if (kind === ENTRY_CONFIGURATION) {
      this.#onConfiguration(unpackConfiguration(body), index);
    } else if (kind === ENTRY_NOOP) {
      // A new term: whoever waited has been told that its leader is gone, and may be waiting anew.
      for (const waiter of [...this.#waiters.all()]) this.#end(waiter, UNBLOCKED);
    } else if (kind === ENTRY_UNBLOCK) {
      const { id, how } = unpackUnblock(body);
      const waiter = this.#waiters.get(id);
      if (waiter !== undefined) this.#end(waiter, how === 'error' ? UNBLOCKED_BY_CLIENT : null);
    } else if (kind !== ENTRY_TIME) {
      fail(`entry ${index} is of a kind (${kind}) that this version does not know`);
    }
  }

  /** A command of a client of this node. */
  #answer(proposal: Proposal, db: number, index: LogIndex): void {
    const { command, request } = proposal;
    const reply = this.#run(command, request, db, index);
    if (!(reply instanceof WaitReply) || command.kind === 'local') proposal.applied(reply);
    else this.#proposals.park(proposal);
  }

  /** Ends the waiting of a command: with a reply, or null for what it answers when its time is up. */
  #end(waiter: Waiter, reply: Reply | null): void {
    this.#waiters.remove(waiter);
    this.#proposals.finish(waiter.id, reply ?? waiter.command.blocking?.timedOut ?? null);
  }

  #timeOut(): void {
    for (;;) {
      const waiter = this.#waiters.takeDue(this.#keyspace.clock);
      if (waiter === undefined) return;
      this.#end(waiter, null);
    }
  }

  /**
   * Runs commands that wait for what has changed, in their order. What they change may wake others; a
   * round that wakes nobody is the last, since even who goes on waiting may change its stream's group.
   */
  #serve(): void {
    const { interests } = this.#keyspace;
    let isWoken = true;
    while (isWoken) {
      isWoken = false;
      for (const name of interests.take()) if (this.#serveKey(name)) isWoken = true;
    }
    interests.take();
  }

  /** Whether any command that waited for this key is done. */
  #serveKey(name: string): boolean {
    let isWoken = false;
    const key = name.slice(name.indexOf(':') + 1);
    let type: TypeName | null | undefined;
    for (const waiter of this.#waiters.on(name)) {
      if (type === undefined) type = this.#typeOf(waiter.db, key);
      const { blocking } = waiter.command;
      if (blocking?.type !== type && blocking?.noticesDeletion !== true) continue;
      if (!this.#retry(waiter)) continue;
      isWoken = true;
      type = undefined;
    }
    return isWoken;
  }

  /** Null: there is no such key. */
  #typeOf(db: number, key: string): TypeName | null {
    const value = this.#keyspace.database(db).peek(key);
    return value === undefined ? null : typeName(value);
  }

  /** Whether it is done. */
  #retry(waiter: Waiter): boolean {
    const context = this.#context;
    context.db = this.#keyspace.database(waiter.db);
    const reply = waiter.command.run(context, waiter.request);
    if (reply instanceof WaitReply) return false;
    this.#end(waiter, reply);
    return true;
  }

  /** A command that came from another node, or from before a restart. */
  #replay(buffer: Buffer, payload: number, end: number, db: number, index: LogIndex): void {
    const args = this.#args;
    const parsed = parseCommand(buffer, payload + COMMAND_HEAD_BYTES, end, args);
    assert(parsed === end, 'an entry holds one whole command');
    const command = this.#table.resolveInternal(args);
    assert(!isError(command), 'a command in the log is in the table');
    // A command about a connection (RAFT PING) has its entry, and no effect here.
    if (command.kind === 'local') return;
    const request = command.parse(args);
    assert(!isError(request), 'a command in the log was parsed before it was proposed');
    this.#run(command, request, db, index);
  }

  #run(
    command: DataCommand | LocalCommand,
    request: unknown,
    db: number,
    index: LogIndex,
  ): ReturnType<DataCommand['run']> {
    if (command.kind === 'local') return null;
    const context = this.#context;
    // Refused before it is proposed, but not worth the end of every node if it was not.
    if (db >= this.#keyspace.count) return DATABASE_OUT_OF_RANGE;
    context.db = this.#keyspace.database(db);
    const reply = command.run(context, request);
    if (reply instanceof WaitReply) this.#park(command, reply.request, db, index);
    return reply;
  }

  #park(command: DataCommand, request: unknown, db: number, index: LogIndex): void {
    const { blocking } = command;
    assert(blocking !== undefined, 'only blocking commands wait');
    const timeout = blocking.timeout(request);
    this.#waiters.park({
      id: index,
      db,
      command,
      request,
      keys: blocking.keys(request),
      deadline: timeout === 0 ? Number.POSITIVE_INFINITY : this.#keyspace.clock + timeout,
    });
  }
}
