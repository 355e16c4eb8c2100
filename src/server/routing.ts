import { NO_NODE } from '../base/ids.ts';
import type { DataCommand, LocalCommand } from '../commands/command.ts';
import { getKeys } from '../commands/key-positions.ts';
import type { Settings } from '../config/settings.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { ErrorReply } from '../resp/reply.ts';
import { JOINING, LOADING, NO_CLUSTER, NO_LEADER } from './errors.ts';
import type { Node } from './node.ts';
import { firstKeySlot } from './reads.ts';
import type { Session } from './session.ts';

/** Where commands on the dataset can be run, seen from this node. */
export class Routing {
  readonly #host: { readonly node: Node; readonly settings: Settings };

  constructor(host: { readonly node: Node; readonly settings: Settings }) {
    this.#host = host;
  }

  /** Why a command cannot be queued by MULTI here; null if it can. */
  cannotRun(session: Session, command: DataCommand | LocalCommand, args: Args): ErrorReply | null {
    const { replica } = this.#host.node;
    if (command.kind === 'local') return null;
    if (replica === null) return this.noCluster;
    const isElsewhere = !replica.isLeader && replica.leader !== NO_NODE;
    if (!isElsewhere || this.mayRelay(command, args)) return null;
    if (session.readOnly && command.kind === 'read') return null;
    return redirect(replica, firstKeySlot(command, args));
  }

  get noCluster(): ErrorReply {
    const { state } = this.#host.node;
    if (state === 'loading') return LOADING;
    return state === 'joining' ? JOINING : NO_CLUSTER;
  }

  /** Commands without keys may arrive anywhere: cluster clients do not follow redirects for them. */
  mayRelay(command: DataCommand, args: Args): boolean {
    return this.#host.settings.raftFollowerProxy || getKeys(command, args).length === 0;
  }
}

/** MOVED to the leader, or that none is known. */
export function redirect(replica: Replica, slot = 0): ErrorReply {
  const leader = replica.isLeader ? undefined : replica.member(replica.leader);
  if (leader === undefined) return NO_LEADER;
  return new ErrorReply(`MOVED ${slot} ${leader.host}:${leader.port}`);
}
