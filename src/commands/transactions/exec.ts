import type { Milliseconds } from '../../base/ids.ts';
import type { Prng } from '../../base/prng.ts';
import type { Database, Keyspace } from '../../keyspace/keyspace.ts';
import { Args } from '../../resp/args.ts';
import { ErrorReply, isError, NULL_ARRAY, type Reply, WaitReply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { arityError, type CommandTable } from '../command-table.ts';
import { DATABASE_OUT_OF_RANGE } from '../errors.ts';

/** A key that must not have changed since. */
export interface Watch {
  readonly db: number;
  readonly key: string;
  /** As {@link Database.version} gave it. */
  readonly version: number;
}

/** One command of a transaction. */
export interface Step {
  readonly db: number;
  readonly command: DataCommand;
  readonly request: unknown;
}

export interface ExecRequest {
  readonly watches: readonly Watch[];
  readonly steps: readonly Step[];
}

const MALFORMED = new ErrorReply('ERR malformed transaction');

/** What the steps see: the context of the whole, with a database of their own. */
class StepContext implements RunContext {
  readonly keyspace: Keyspace;
  readonly now: Milliseconds;
  db: Database;
  readonly #whole: RunContext;

  constructor(whole: RunContext) {
    this.keyspace = whole.keyspace;
    this.now = whole.now;
    this.db = whole.db;
    this.#whole = whole;
  }

  random(): Prng {
    return this.#whole.random();
  }
}

/** Nothing but a null if a watched key has changed; else every step, whatever those before it gave. */
function runExec(context: RunContext, request: ExecRequest): Reply {
  const { keyspace } = context;
  const { count } = keyspace;
  if (request.watches.some(({ db }) => db >= count)) return DATABASE_OUT_OF_RANGE;
  if (request.steps.some(({ db }) => db >= count)) return DATABASE_OUT_OF_RANGE;
  for (const { db, key, version } of request.watches) {
    if (keyspace.database(db).version(key) !== version) return NULL_ARRAY;
  }
  const inner = new StepContext(context);
  const replies: Reply[] = [];
  for (const { db, command, request: of } of request.steps) {
    inner.db = keyspace.database(db);
    const reply = command.run(inner, of);
    replies.push(reply instanceof WaitReply ? (command.blocking?.empty ?? null) : reply);
  }
  return replies;
}

/** Reads the words of {@link encodeExec}; everything is checked, since another node wrote them. */
class ExecReader {
  readonly #table: CommandTable;
  readonly #args: Args;
  readonly #part = new Args();
  #at = 1;

  constructor(table: CommandTable, args: Args) {
    this.#table = table;
    this.#args = args;
  }

  read(): ExecRequest | ErrorReply {
    const watches: Watch[] = [];
    const steps: Step[] = [];
    for (let left = this.#number(); left > 0; left--) {
      const db = this.#number();
      const version = this.#number();
      if (!(db >= 0) || this.#at >= this.#args.count) return MALFORMED;
      watches.push({ db, version, key: this.#args.string(this.#at++) });
    }
    while (this.#at < this.#args.count) {
      const step = this.#step();
      if (isError(step)) return step;
      steps.push(step);
    }
    return { watches, steps };
  }

  #step(): Step | ErrorReply {
    const db = this.#number();
    const count = this.#number();
    if (!(db >= 0 && count > 0 && this.#at + count <= this.#args.count)) return MALFORMED;
    this.#args.part(this.#at, count, this.#part);
    this.#at += count;
    const command = this.#table.resolve(this.#part);
    if (isError(command)) return command;
    if (command.kind === 'local' || arityError(command, this.#part) !== null) return MALFORMED;
    const request = command.parse(this.#part);
    return isError(request) ? request : { db, command, request };
  }

  /** NaN, which passes no check, if there is none. */
  #number(): number {
    if (this.#at >= this.#args.count) return Number.NaN;
    const value = readNumber(this.#args, this.#at++);
    return isError(value) ? Number.NaN : value;
  }
}

/**
 * What EXEC becomes: one command that carries the whole transaction, with the versions of the keys
 * that were watched, so that every node compares them when it applies it. Two of them: with a write
 * among its steps it is an entry of the log, without one it is a read.
 */
function execCommand(kind: 'write' | 'read', table: CommandTable): DataCommand {
  return dataCommand<ExecRequest>({
    name: kind === 'write' ? EXEC_WRITE : EXEC_READ,
    kind,
    arity: -2,
    flags: [kind === 'write' ? 'write' : 'readonly'],
    group: 'transactions',
    since: '0.2.0',
    summary: 'Runs a transaction.',
    complexity: 'That of its commands',
    syntax: 'watches [db version key ...] [db count word [word ...] ...]',
    parse: (args) => new ExecReader(table, args).read(),
    run: runExec,
  });
}

export const EXEC_WRITE = 'raft.exec';
export const EXEC_READ = 'raft.exec.read';

/** Returns the versions of keys: what WATCH is to nodes. */
export const version: DataCommand = dataCommand<readonly string[]>({
  name: 'raft.version',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: [{ first: 1, last: -1, step: 1, access: 'RO' }],
  group: 'transactions',
  since: '0.2.0',
  summary: 'Returns the versions of keys.',
  complexity: 'O(N) for N keys',
  syntax: 'key [key ...]',
  parse(args) {
    const keys: string[] = [];
    for (let i = 1; i < args.count; i++) keys.push(args.string(i));
    return keys;
  },
  run: (context, keys) => keys.map((key) => context.db.version(key)),
});

export function execCommands(table: CommandTable): readonly DataCommand[] {
  return [execCommand('write', table), execCommand('read', table)];
}
