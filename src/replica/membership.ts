import { type LogIndex, NO_NODE, type NodeId } from '../base/ids.ts';
import type { HostPort } from '../commands/local.ts';
import {
  type Configuration,
  type Member,
  withLearner,
  withoutMember,
  withPromotion,
} from '../raft/configuration.ts';
import type { Raft } from '../raft/raft.ts';
import type { Appender } from './appender.ts';
import type { Roster } from './roster.ts';
import type { Waits } from './waits.ts';

type Refusal = ReturnType<Raft['refuseConfiguration']>;
type Done = (committed: boolean) => void;

/** Changes of the cluster's membership, proposed by this node as its leader. */
export class Membership {
  readonly #raft: Raft;
  readonly #appender: Appender;
  readonly #roster: Roster;
  readonly #waits: Waits;
  /** Something was appended: a turn must come. */
  readonly #appended: () => void;

  constructor(setup: {
    readonly raft: Raft;
    readonly appender: Appender;
    readonly roster: Roster;
    readonly waits: Waits;
    readonly appended: () => void;
  }) {
    this.#raft = setup.raft;
    this.#appender = setup.appender;
    this.#roster = setup.roster;
    this.#waits = setup.waits;
    this.#appended = setup.appended;
  }

  /** INIT: this node is the cluster. `done` when its first two entries are applied. */
  bootstrap(address: HostPort, databases: number, done: () => void): void {
    const id = this.#raft.self;
    this.#raft.bootstrap();
    this.#appender.noop();
    const index = this.#append({
      change: { kind: 'bootstrap', id },
      members: [{ id, host: address.host, port: address.port, voting: true }],
      databases,
    });
    this.#waits.add(index, this.#raft.term, (committed) => {
      if (committed) done();
    });
    this.#appended();
  }

  /** Takes a node in as a learner; null, or why not now. `done` when the entry is applied. */
  addLearner(member: Member, done: Done): Refusal {
    return this.#change(withLearner(this.#raft.configuration, member), done);
  }

  /** Takes a node out; null, or why not now. `done` when the entry is applied. */
  remove(id: NodeId, done: Done): Refusal {
    return this.#change(withoutMember(this.#raft.configuration, id), done);
  }

  /** Makes a learner that has caught up a voter, if there is one. */
  promoteReady(): void {
    const ready = this.#raft.promotable;
    if (ready !== NO_NODE) this.#append(withPromotion(this.#raft.configuration, ready));
  }

  #change(next: Configuration, done: Done): Refusal {
    const refusal = this.#raft.refuseConfiguration(next);
    if (refusal !== null) return refusal;
    this.#waits.add(this.#append(next), this.#raft.term, done);
    this.#appended();
    return null;
  }

  #append(configuration: Configuration): LogIndex {
    const index = this.#appender.configuration(configuration);
    this.#roster.follow();
    return index;
  }
}
