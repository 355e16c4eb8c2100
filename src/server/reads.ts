import { assert } from '../base/assert.ts';
import {
  asMilliseconds,
  type LogIndex,
  laterOf,
  type Milliseconds,
  maxIndex,
  NO_INDEX,
} from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { DataCommand, KeySpec, RunContext } from '../commands/command.ts';
import { DATABASE_OUT_OF_RANGE } from '../commands/errors.ts';
import { getKeys } from '../commands/key-positions.ts';
import { keySlot } from '../commands/key-slot.ts';
import type { Database, Keyspace } from '../keyspace/keyspace.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply, type Reply, WaitReply } from '../resp/reply.ts';
import type { World } from '../world/world.ts';
import type { Session } from './session.ts';
import type { Slot } from './slot.ts';

const NO_QUORUM = new ErrorReply('TIMEOUT no quorum for read');

class ReadContext implements RunContext {
  readonly keyspace: Keyspace;
  readonly #prng: Prng;
  db: Database;
  now: Milliseconds = asMilliseconds(0);

  constructor(keyspace: Keyspace, world: World) {
    this.keyspace = keyspace;
    this.db = keyspace.database(0);
    this.#prng = new Prng(world.random.uint32(), world.random.uint32());
  }

  random(): Prng {
    return this.#prng;
  }
}

/** Reads: one barrier for all that come in a turn, run when it is confirmed and applied. */
export class Reads {
  readonly #world: World;
  /** A read changes nothing, so a bug in one need not stop the node: its client gets an error. */
  readonly #onBug: (command: string, error: unknown) => ErrorReply;
  #attached: { readonly replica: Replica; readonly context: ReadContext } | null = null;
  /** The barrier of this turn; 0 until a read needs one. */
  #barrier = 0;
  /** Index of the time entry appended in this turn because a read needs it. */
  #timeIndex: LogIndex = NO_INDEX;
  #wall: Milliseconds = asMilliseconds(0);
  /** Sessions with waiting reads, each once. */
  #waiting: Session[] = [];
  /** Sessions whose reads lost their leader: they have done nothing yet, so they may still be served. */
  #parked: { readonly session: Session; readonly deadline: number }[] = [];

  constructor(world: World, onBug: (command: string, error: unknown) => ErrorReply) {
    this.#world = world;
    this.#onBug = onBug;
  }

  attach(replica: Replica): void {
    this.#attached = { replica, context: new ReadContext(replica.keyspace, this.#world) };
  }

  /** Gives a read on the leader its barrier. */
  prepare(slot: Slot, command: DataCommand, args: Args, quorum: boolean): void {
    if (this.#attached === null) return;
    const { replica } = this.#attached;
    if (this.#barrier === 0) {
      this.#barrier = quorum ? replica.raft.readIndex() : -1;
      this.#wall = this.#world.clock.wall();
      replica.touch();
    }
    slot.barrier = quorum ? this.#barrier : 0;
    slot.time = this.#wall;
    slot.index = maxIndex(quorum ? replica.raft.commit : NO_INDEX, slot.session.lastWrite);
    slot.keySlot = firstKeySlot(command, args);
    if (!this.#seesDue(command, args, slot.db)) return;
    if (!replica.raft.acceptsProposals || replica.space.isFull) {
      // Time cannot go on in the log, so the read sees what is there at the log's own time.
      slot.time = asMilliseconds(0);
      return;
    }
    if (this.#timeIndex === NO_INDEX) this.#timeIndex = replica.proposeTime();
    slot.index = maxIndex(slot.index, this.#timeIndex);
  }

  /** Whether a time entry must be appended before the read may run. */
  needsTime(command: DataCommand, args: Args, db: number): boolean {
    this.#wall = this.#world.clock.wall();
    return this.#seesDue(command, args, db);
  }

  /** Whether the read would see a key whose deadline has passed by this node's clock. */
  #seesDue(command: DataCommand, args: Args, db: number): boolean {
    const keyspace = this.#attached?.replica.keyspace;
    if (keyspace === undefined || !keyspace.hasDue(this.#wall)) return false;
    if (command.keys?.some(isUnknown) === true) return true;
    const positions = getKeys(command, args);
    if (positions.length === 0) return true;
    if (db >= keyspace.count) return false;
    const database = keyspace.database(db);
    return positions.some((i) => database.isDue(args.string(i), this.#wall));
  }

  wait(session: Session): void {
    if (session.awaitsReads) return;
    session.awaitsReads = true;
    this.#waiting.push(session);
  }

  isReady(slot: Slot): boolean {
    const replica = this.#attached?.replica;
    return (
      replica !== undefined &&
      replica.applied >= slot.index &&
      (slot.barrier === 0 || replica.raft.readConfirmed >= slot.barrier)
    );
  }

  run(slot: Slot): Reply {
    const { command } = slot;
    if (command.kind === 'local') return null;
    return this.#run(command, slot.request, slot.db, slot.time);
  }

  /**
   * Whether this node has applied again what its log held when it started; before that its dataset
   * may be older than what its clients have seen here.
   */
  get isCaughtUp(): boolean {
    const replica = this.#attached?.replica;
    return replica !== undefined && replica.applied >= replica.store.log.recovered.lastIndex;
  }

  /** Runs a read on what is applied here, whoever leads. */
  runStale(command: DataCommand, request: unknown, db: number): Reply {
    return this.#run(command, request, db, this.#world.clock.wall());
  }

  /**
   * `time`: that of the read's coming, for which it was seen to that no key is due without an entry.
   * A later one could show a key as expired that comes back when another node leads.
   */
  #run(command: DataCommand, request: unknown, db: number, time: Milliseconds): Reply {
    const context = this.#attached?.context;
    assert(context !== undefined, 'only a node with a dataset reads');
    const { keyspace } = context;
    if (db >= keyspace.count) return DATABASE_OUT_OF_RANGE;
    context.db = keyspace.database(db);
    context.now = laterOf(time, keyspace.clock);
    try {
      const reply = command.run(context, request);
      // Nothing waits here: on one node alone, nobody would wake it.
      return reply instanceof WaitReply ? (command.blocking?.empty ?? null) : reply;
    } catch (error) {
      return this.#onBug(command.name, error);
    }
  }

  /** The turn's barrier is on its way; the next read takes a new one. */
  endTurn(): void {
    this.#barrier = 0;
    this.#timeIndex = NO_INDEX;
  }

  /** Entries were applied or barriers confirmed: runs what can run. */
  progressed(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const session of waiting) {
      session.awaitsReads = false;
      session.drain();
      if (session.pending > 0 && session.hasWaitingRead) this.wait(session);
    }
  }

  /**
   * Leadership is lost. For `holdMs` the waiting reads wait for the next leader: to be redirected to
   * it, or to be served here if it is this node again.
   */
  park(holdMs: number): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const deadline = this.#world.clock.monotonic() + holdMs;
    for (const session of waiting) {
      session.awaitsReads = false;
      if (holdMs === 0) {
        session.failReads(() => NO_QUORUM);
        continue;
      }
      // A barrier of a lost leadership proves nothing.
      for (const slot of session.waitingReads()) slot.barrier = Number.POSITIVE_INFINITY;
      this.#parked.push({ session, deadline });
    }
  }

  /** Another node leads: parked reads are redirected there. */
  redirectParked(reply: (slot: Slot) => ErrorReply): void {
    const parked = this.#parked;
    this.#parked = [];
    for (const { session } of parked) session.failReads(reply);
  }

  /** This node leads again: parked reads get new barriers. */
  resumeParked(): void {
    const replica = this.#attached?.replica;
    if (this.#parked.length === 0 || replica === undefined) return;
    const parked = this.#parked;
    this.#parked = [];
    const barrier = replica.raft.readIndex();
    replica.touch();
    for (const { session } of parked) {
      for (const slot of session.waitingReads()) {
        if (slot.barrier !== Number.POSITIVE_INFINITY) continue;
        slot.barrier = barrier;
        // Its session's earlier writes are applied, or were cut off with the lost leadership.
        slot.index = replica.raft.commit;
      }
      this.wait(session);
    }
  }

  /** Gives up parked reads that have waited long enough. */
  expireParked(reply: ErrorReply): void {
    const now = this.#world.clock.monotonic();
    while ((this.#parked[0]?.deadline ?? Number.POSITIVE_INFINITY) <= now) {
      this.#parked.shift()?.session.failReads(() => reply);
    }
  }
}

/** Whether there are keys that only running the command finds. */
function isUnknown(spec: KeySpec): boolean {
  return 'unknown' in spec;
}

/** The cluster's slot of the first key; 0 if there is none. */
export function firstKeySlot(command: DataCommand, args: Args): number {
  const spec = command.keys?.[0];
  const first =
    spec !== undefined && 'first' in spec ? spec.first : (getKeys(command, args)[0] ?? args.count);
  return first < args.count ? keySlot(args.buffer, args.start(first), args.end(first)) : 0;
}
