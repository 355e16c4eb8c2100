import {
  asMilliseconds,
  type LogIndex,
  type Milliseconds,
  NO_INDEX,
  NO_TERM,
  type Term,
} from '../base/ids.ts';
import type { DataCommand, LocalCommand } from '../commands/command.ts';
import type { Proposal } from '../replica/proposals.ts';
import { ErrorReply, type Reply } from '../resp/reply.ts';
import type { Receiver } from './internal.ts';
import type { Session } from './session.ts';

export const SLOT_WRITE = 0;
export const SLOT_READ = 1;
/** Somebody else answers: another node, an election, an administrator's long task. */
export const SLOT_ELSEWHERE = 2;
export const SLOT_DONE = 3;

const NOT_COMMITTED = new ErrorReply('TIMEOUT not committed yet');

/** Stands in the place of a command that waits for nothing in the dataset. */
const NOTHING: LocalCommand = {
  kind: 'local',
  name: '',
  arity: -1,
  flags: [],
  group: 'connection',
  since: '0.1.0',
  summary: '',
  complexity: '',
  syntax: '',
  run: () => null,
};

/**
 * The place of one command's reply in the order of its connection. One object per command that is not
 * answered at once; no promise and no closure.
 */
export class Slot implements Proposal {
  readonly session: Session;
  state: number;
  readonly command: DataCommand | LocalCommand;
  readonly request: unknown;
  readonly db: number;
  /** A later HELLO does not change how this reply is spelt. */
  readonly protocol: 2 | 3;
  /** Write: its entry. Read: what must be applied before it runs. */
  index: LogIndex = NO_INDEX;
  term: Term = NO_TERM;
  bytes = 0;
  /** Read: the barrier that must be confirmed before it runs. */
  barrier = 0;
  /** Read: the wall clock when it came, which is its time. */
  time: Milliseconds = asMilliseconds(0);
  /** Read: the cluster's slot of its first key, which MOVED names; 0 without keys. */
  keySlot = 0;
  /** Its place among the commands of its session. */
  order = 0;
  /** The client has asked for no reply (CLIENT REPLY). */
  readonly silent: boolean;
  /** It may wait for long before it is answered: time limits do not count. */
  isPatient = false;
  /** Makes of the reply what the client gets; null: it gets the reply. */
  receiver: Receiver | null = null;
  reply: Reply = null;

  constructor(
    session: Session,
    state: number,
    command: DataCommand | LocalCommand = NOTHING,
    request?: unknown,
  ) {
    this.session = session;
    this.state = state;
    this.command = command;
    this.request = request;
    this.db = session.db;
    this.protocol = session.protocol;
    this.silent = session.takeSilence();
  }

  /** The reply has come, from wherever. */
  received(reply: Reply): Reply {
    return this.receiver === null ? reply : this.receiver.receive(reply);
  }

  get isGone(): boolean {
    return this.session.gone;
  }

  beforeApply(): void {
    this.session.runReadsBefore(this);
  }

  applied(reply: Reply): void {
    if (this.command.kind === 'local') reply = this.session.runForced(this);
    this.session.finish(this, reply);
  }

  parked(): void {
    this.session.parked(this);
  }

  outcomeUnknown(): void {
    // The entry may be cut off: reads that waited for its index would wait for a log that long.
    if (this.session.lastWrite === this.index) this.session.lastWrite = NO_INDEX;
    this.session.finish(this, NOT_COMMITTED);
  }
}
