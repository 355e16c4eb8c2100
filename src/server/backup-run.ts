import type { LogIndex } from '../base/ids.ts';
import { packMeta } from '../replica/image/meta.ts';
import { OutgoingImage } from '../replica/image/outgoing.ts';
import { chunkBytes, joinEntries } from '../replica/image/transfer-frames.ts';
import type { Replica } from '../replica/replica.ts';
import { ErrorReply, MapReply, type Reply } from '../resp/reply.ts';
import type { ImageEntry } from '../world/image-store.ts';
import type { Clock } from '../world/world.ts';

/** No reply has more bytes of records than this, unless a single one is larger. */
export const MAX_PORTION_BYTES: number = 1024 * 1024;
/** Portions that a client may ask for before it has got the first of them. */
export const MAX_ASKED = 4;
/** In ms: a backup that nobody asks for the next portion of is ended. */
export const IDLE_MS = 60_000;
/** In ms: so long a leader tries to make sure that it still leads. Then what it has must do. */
export const CONFIRM_MS = 5000;

const NOT_READY = new ErrorReply('ERR the backup has not begun yet');
const TOO_EAGER = new ErrorReply('ERR too many portions asked for at once');
const ENDED = new ErrorReply('ERR the backup was ended');
const REPLACED = new ErrorReply(
  "ERR this node is taking over the leader's data: begin again later, or on another node",
);
const STORE_GONE = new ErrorReply('ERR the image store had to be opened anew: begin again');

type Done = (reply: Reply) => void;

interface Asked {
  readonly maxBytes: number;
  readonly done: Done;
}

/** What must be applied before the image is made. */
interface Goal {
  readonly index: LogIndex;
  /** On a leader: the read barrier that shows that it led when it was asked. */
  readonly barrier: number;
  readonly term: number;
  readonly since: number;
}

/** One backup: from the question whether all is applied, over the image, to its last record. */
export class BackupRun {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #log: (text: string) => void;
  /** Gets the facts, or why there are none. Null when it has got them. */
  #begun: Done | null;
  #goal: Goal | null;
  /** Everything that was acknowledged before is in it, for certain. */
  #isComplete = false;
  #image: OutgoingImage | null = null;
  #ahead: readonly ImageEntry[] = [];
  #asked: Asked[] = [];
  #isReading = false;
  #lastUse: number;
  isOver = false;

  constructor(setup: {
    readonly replica: Replica;
    readonly clock: Clock;
    readonly log: (text: string) => void;
    readonly begun: Done;
  }) {
    const { replica, clock } = setup;
    this.#replica = replica;
    this.#clock = clock;
    this.#log = setup.log;
    this.#begun = setup.begun;
    const { raft, isLeader } = replica;
    const barrier = isLeader ? raft.readIndex() : 0;
    const since = clock.monotonic();
    this.#goal = { index: raft.commit, barrier, term: raft.term, since };
    this.#lastUse = since;
    replica.touch();
  }

  /** Looks whether it can go on, or must end. Called every so often. */
  look(): void {
    if (this.isOver) return;
    const goal = this.#goal;
    if (this.#begun !== null && this.#replica.images.isLoading) this.end(REPLACED);
    else if (goal !== null && this.#isReached(goal)) this.#save(goal);
    else if (this.#image !== null) this.#lookAtImage(this.#image);
  }

  #isReached({ index, barrier, term, since }: Goal): boolean {
    const { raft, applied, isLeader } = this.#replica;
    if (applied < index) return false;
    const leads = barrier > 0 && isLeader && raft.term === term;
    this.#isComplete = leads && raft.readConfirmed >= barrier && applied >= raft.leadershipStart;
    return this.#isComplete || !leads || this.#clock.monotonic() - since >= CONFIRM_MS;
  }

  #lookAtImage(image: OutgoingImage): void {
    if (this.#replica.images.disk.store !== image.store) this.end(STORE_GONE);
    else if (this.#asked.length === 0 && this.#clock.monotonic() - this.#lastUse >= IDLE_MS) {
      this.#log('nobody asked for the rest');
      this.end(ENDED);
    }
  }

  /** Everything is applied: makes an image of it, unless there is one that has it all. */
  #save(goal: Goal): void {
    this.#goal = null;
    const index = this.#replica.applied;
    const outcome = this.#replica.images.checkpoints.ask('image', (failure) => {
      if (this.isOver) return;
      const { stored } = this.#replica.images.disk;
      if (failure !== null) this.end(new ErrorReply(`ERR the image cannot be made: ${failure}`));
      // The answer may be about one that was being made already.
      else if (stored === null || stored.meta.index < index) this.#save(goal);
      else this.#open();
    });
    if (outcome === 'nothing') this.#open();
    else if (outcome === 'blocked') this.end(REPLACED);
  }

  #open(): void {
    const { store, stored } = this.#replica.images.disk;
    if (store === null || stored === null) {
      this.end(STORE_GONE);
      return;
    }
    this.#image = new OutgoingImage({ store, stored });
    this.#image.seek(null, MAX_PORTION_BYTES);
    this.#lastUse = this.#clock.monotonic();
    const { meta } = stored;
    this.#log(`of entry ${meta.index} begins, ${meta.facts.totals.bytes} bytes`);
    this.#begun?.(
      new MapReply([
        ['cluster_id', meta.clusterId],
        ['node_id', this.#replica.self],
        ['role', this.#replica.isLeader ? 'leader' : 'follower'],
        ['complete', this.#isComplete ? 'yes' : 'no'],
        ['index', meta.index],
        ['term', meta.term],
        ['records', meta.facts.totals.records],
        ['bytes', meta.facts.totals.bytes],
        ['meta', packMeta(stored)],
      ]),
    );
    this.#begun = null;
  }

  next(maxBytes: number, done: Done): void {
    if (this.#image === null) done(NOT_READY);
    else if (this.#asked.length >= MAX_ASKED) done(TOO_EAGER);
    else {
      this.#asked.push({ maxBytes, done });
      this.#lastUse = this.#clock.monotonic();
      this.#pump(this.#image);
    }
  }

  /** Answers in order, one read of the store at a time. */
  #pump(image: OutgoingImage): void {
    while (!this.#isReading && !this.isOver) {
      const asked = this.#asked[0];
      if (asked === undefined) return;
      if (this.#ahead.length > 0 || image.isAtEnd) {
        this.#asked.shift();
        asked.done(this.#ahead.length > 0 ? this.#cut(asked.maxBytes) : null);
      } else if (this.#replica.images.disk.store !== image.store) {
        // A store that is closed answers nothing.
        this.end(STORE_GONE);
      } else {
        this.#read(image);
      }
    }
  }

  #read(image: OutgoingImage): void {
    this.#isReading = true;
    image.next((error, entries) => {
      this.#isReading = false;
      this.#ahead = entries;
      if (error !== null)
        this.end(new ErrorReply(`ERR the image cannot be read: ${error.message}`));
      else this.#pump(image);
    });
  }

  #cut(maxBytes: number): Buffer {
    let bytes = 0;
    let count = 0;
    for (const entry of this.#ahead) {
      const size = chunkBytes(entry);
      if (count > 0 && bytes + size > maxBytes) break;
      bytes += size;
      count++;
    }
    const portion = joinEntries(this.#ahead.slice(0, count));
    this.#ahead = this.#ahead.slice(count);
    return portion;
  }

  /** Ends it; whoever waits for something is told `reason`. */
  end(reason: ErrorReply = ENDED): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#image?.close();
    this.#image = null;
    this.#ahead = [];
    this.#begun?.(reason);
    this.#begun = null;
    for (const { done } of this.#asked) done(reason);
    this.#asked = [];
  }
}
