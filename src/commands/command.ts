import type { Milliseconds } from '../base/ids.ts';
import type { Prng } from '../base/prng.ts';
import type { Database, Keyspace } from '../keyspace/keyspace.ts';
import type { TypeName } from '../keyspace/value.ts';
import type { Args } from '../resp/args.ts';
import type { ErrorReply, Reply } from '../resp/reply.ts';
import type { Deferred, LocalContext } from './local.ts';

/** Redis's names for command flags, as COMMAND INFO shows them. Gates read these, never names. */
export type CommandFlag =
  | 'write'
  | 'readonly'
  | 'denyoom'
  | 'admin'
  | 'pubsub'
  | 'noscript'
  | 'blocking'
  | 'loading'
  | 'stale'
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'asking'
  | 'fast'
  | 'no_auth'
  | 'movablekeys'
  | 'no_async_loading'
  | 'no_multi'
  | 'may_replicate'
  | 'sentinel'
  | 'allow_busy'
  | 'module';

export type CommandGroup =
  | 'string'
  | 'generic'
  | 'hash'
  | 'list'
  | 'set'
  | 'sorted-set'
  | 'stream'
  | 'bitmap'
  | 'hyperloglog'
  | 'geo'
  | 'pubsub'
  | 'transactions'
  | 'scripting'
  | 'connection'
  | 'server'
  | 'cluster'
  | 'raft';

/** Where some of a command's keys stand among its arguments (index 0 is the name). */
export type KeySpec = KeyRange | CountedKeys | KeywordKeys | UnknownKeys;

interface KeyFacts {
  /** What is done to the keys: read, read and changed, overwritten whole, removed. */
  readonly access: 'RO' | 'RW' | 'OW' | 'RM';
  /** Whether the value reaches the client or another key, and what happens to it. */
  readonly effects?: readonly ('access' | 'update' | 'insert' | 'delete')[];
  /** The options decide what is done; `access` and `effects` are the most it can be. */
  readonly variable?: boolean;
  readonly notes?: string;
}

/** `first`, `last` (negative counts from the end) and `step`, as in Redis's COMMAND reply. */
export interface KeyRange extends KeyFacts {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** The argument at `countAt` is a number of keys; the keys begin at `first`. */
export interface CountedKeys extends KeyFacts {
  readonly countAt: number;
  readonly first: number;
  readonly step: number;
}

/** The keys begin behind a keyword, if that is there (`STREAMS key …`). */
export interface KeywordKeys extends KeyFacts {
  /** Upper case. */
  readonly keyword: string;
  /** Where the search begins; negative: from the end, going backwards. */
  readonly startFrom: number;
  /** The last key counted from the first: 0 for one key; negative counts from the end. */
  readonly last: number;
  readonly step: number;
  /** 2: keys are the first half of what follows; 0 or 1: no such limit. */
  readonly limit: number;
}

/** Keys that no rule finds (SORT's patterns). */
export interface UnknownKeys extends KeyFacts {
  readonly unknown: true;
}

export interface CommandFacts {
  /** Lower case. Sub-commands are written `client|id`. */
  readonly name: string;
  /** Arguments with the name; negative: at least so many. As in Redis. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  /** Finds the keys where specs alone do not (SORT … STORE): positions in the order of COMMAND GETKEYS. */
  readonly getKeys?: (args: Args) => number[];
  /** Absent: no keys. Several where a command has several ranges of keys. */
  readonly keys?: readonly KeySpec[];
  readonly group: CommandGroup;
  /** Redis version that brought it (balsa's for RAFT.*). */
  readonly since: string;
  readonly summary: string;
  readonly complexity: string;
  /** The arguments as the documentation writes them, e.g. `key value [NX | XX]`. */
  readonly syntax: string;
  /** ACL categories beyond those that follow from flags and group, e.g. `dangerous`, `keyspace`. */
  readonly categories?: readonly string[];
  /** Redis's hints to clients, e.g. `nondeterministic_output`. */
  readonly tips?: readonly string[];
  /** What it answers if it is refused before it is run, and that is not the error as it is. */
  readonly refused?: (error: ErrorReply) => ErrorReply;
  /** Never queued by MULTI, but done at once. */
  readonly immediate?: boolean;
  /** Since when another command does the same better, and which. */
  readonly deprecated?: { readonly since: string; readonly instead: string };
}

/**
 * What `run` sees. Nothing else may influence it, so that it does the same on every node, for ever.
 */
export interface RunContext {
  readonly keyspace: Keyspace;
  /** The database selected by the client. */
  readonly db: Database;
  /**
   * For a write: the logical clock, which is the greatest time of all entries applied, this one's
   * included. For a read: the same, or the leader's own clock if that is later.
   */
  readonly now: Milliseconds;
  /** Seeded by the entry's position in the log (for reads: by the world). */
  random(): Prng;
}

/** What a blocking command waits for when `run` gives a {@link WaitReply}. */
export interface Blocking<Request = unknown> {
  /** Only a change to a key of this type wakes it. */
  readonly type: TypeName;
  /** Whether it would wait at all: `XREAD` without BLOCK does not. */
  waits(request: Request): boolean;
  readonly keys: (request: Request) => readonly string[];
  /** Milliseconds it waits; 0: for ever. */
  readonly timeout: (request: Request) => number;
  /** What it answers when its time is up. */
  readonly timedOut: Reply;
  /** What it answers inside a transaction, where nothing waits. */
  readonly empty: Reply;
  /** It is also run again when its key was deleted (a consumer group is gone with it). */
  readonly noticesDeletion?: boolean;
}

/** A command on the dataset. `write`: runs on every node at apply. `read`: on one node, no entry. */
export interface DataCommand<Request = unknown> extends CommandFacts {
  readonly kind: 'write' | 'read';
  /**
   * Pure. Checks syntax, and reads arguments into a typed request or an error reply; the request must
   * not refer to `args`' buffer. `args.count` satisfies `arity`.
   */
  parse(args: Args): Request | ErrorReply;
  readonly blocking?: Blocking<Request>;
  /** Pure over the keyspace: no parsing, no encoding. */
  run(context: RunContext, request: Request): Reply;
}

/** A command about this connection or this node: answered here, never logged. */
export interface LocalCommand extends CommandFacts {
  readonly kind: 'local';
  /** The database it selects, for the commands behind it in a transaction. */
  readonly selects?: (args: Args, databases: number) => number | ErrorReply;
  run(context: LocalContext, args: Args): Reply | Deferred;
}

/** A name that holds sub-commands (`client`, `cluster`, …). */
export interface ContainerCommand extends CommandFacts {
  readonly kind: 'container';
  /** What the name alone does, if that is not an error. Its name is the container's. */
  readonly bare?: LocalCommand;
  readonly subcommands: readonly (DataCommand | LocalCommand)[];
}

export type Command = DataCommand | LocalCommand | ContainerCommand;

/**
 * Gives a command its place in the table: the request type is private to the command's own `parse`
 * and `run`.
 */
export function dataCommand<Request>(command: DataCommand<Request>): DataCommand {
  return command as DataCommand;
}
