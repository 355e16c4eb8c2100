import type { DataCommand } from '../commands/command.ts';
import { Deferred } from '../commands/local.ts';
import type { Args } from '../resp/args.ts';
import type { Reply } from '../resp/reply.ts';
import type { Session } from './session.ts';

/** Makes of the reply to a command what its client gets. */
export interface Receiver {
  /** Called once, when the reply has come. */
  receive(reply: Reply): Reply;
}

/** For a command that may wait: commands behind it wait as well, as they would in Redis. */
export class BlockReceiver implements Receiver {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    session.isExecuting = true;
  }

  receive(reply: Reply): Reply {
    this.#session.isExecuting = false;
    this.#session.resumes = true;
    this.#session.blocked = null;
    return reply;
  }
}

/** What a local command stands for in the dataset: dispatched next, in its place. */
export class Internal extends Deferred {
  readonly command: DataCommand;
  /** The command as other nodes and the log see it. */
  readonly args: Args;
  readonly request: unknown;
  /** Makes what receives the reply, once the command is on its way; null: the client gets it as it is. */
  readonly receiver: (() => Receiver) | null;
  /** It is on its way, or was refused: the client's command will not be tried again. */
  readonly sent: () => void;

  constructor(setup: {
    readonly command: DataCommand;
    readonly args: Args;
    readonly request: unknown;
    readonly receiver: (() => Receiver) | null;
    readonly sent: () => void;
  }) {
    super();
    this.command = setup.command;
    this.args = setup.args;
    this.request = setup.request;
    this.receiver = setup.receiver;
    this.sent = setup.sent;
  }
}

/** `RAFT <cmd>` has been read: what it stands for is dispatched next. */
export class Explicit extends Deferred {
  readonly args: Args;
  /** It may be a command that no client knows. */
  readonly isInternal: boolean;

  constructor(args: Args, isInternal: boolean) {
    super();
    this.args = args;
    this.isInternal = isInternal;
  }
}
