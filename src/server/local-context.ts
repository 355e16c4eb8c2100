import type { Deferred, LocalContext } from '../commands/local.ts';
import type { CommandTable } from '../commands/table.ts';
import type { Args } from '../resp/args.ts';
import type { Reply } from '../resp/reply.ts';
import type { LocalView } from './local-view.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';
import { SLOT_ELSEWHERE, Slot } from './slot.ts';

/** What a local command sees while it runs; one object, set to the session of each command in turn. */
export class ServerContext implements LocalContext {
  readonly table: CommandTable;
  readonly node: LocalView;
  readonly #server: Server;
  #session: Session | null = null;

  constructor(server: Server, table: CommandTable, node: LocalView) {
    this.#server = server;
    this.table = table;
    this.node = node;
  }

  for(session: Session): this {
    this.#session = session;
    this.node.admin.current = session;
    return this;
  }

  get session(): Session {
    if (this.#session === null) throw new Error('no command is being run');
    return this.#session;
  }

  defer(): (reply: Reply) => void {
    const { session } = this;
    const slot = new Slot(session, SLOT_ELSEWHERE);
    session.enqueue(slot);
    return (reply) => {
      session.finish(slot, reply);
      this.#server.touch();
    };
  }

  explicit(args: Args): Reply | Deferred {
    return this.#server.dispatcher.explicit(this.session, args);
  }
}
