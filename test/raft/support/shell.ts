import { asMilliseconds, type LogIndex, NO_NODE } from '../../../src/base/ids.ts';
import type { Prng } from '../../../src/base/prng.ts';
import { type Configuration, findMember, withPromotion } from '../../../src/raft/configuration.ts';
import type { Persist } from '../../../src/raft/effects.ts';
import type { Message } from '../../../src/raft/message.ts';
import type { Raft } from '../../../src/raft/raft.ts';
import { batchOf, type Entry, entriesOf } from './chained-log.ts';
import type { Checker } from './checker.ts';
import { Images } from './images.ts';
import type { Network } from './network.ts';
import { require } from './observed.ts';
import type { Scheduler } from './scheduler.ts';
import type { ClusterOptions, SimNode } from './sim-node.ts';
import { Speech } from './speech.ts';

/** What the shell round a core does, for all nodes: turns, the entries' contents, and the disks. */
export class Shell {
  readonly options: ClusterOptions;
  readonly scheduler: Scheduler;
  readonly random: Prng;
  readonly network: Network;
  readonly checker: Checker;
  readonly #speech: Speech;
  readonly images: Images;
  #payload = 1;
  turns = 0;

  constructor(setup: {
    readonly options: ClusterOptions;
    readonly scheduler: Scheduler;
    readonly random: Prng;
    readonly network: Network;
    readonly checker: Checker;
    readonly nodes: ReadonlyMap<number, SimNode>;
  }) {
    this.options = setup.options;
    this.scheduler = setup.scheduler;
    this.random = setup.random;
    this.network = setup.network;
    this.checker = setup.checker;
    this.#speech = new Speech(setup.nodes, setup.checker.history);
    this.images = new Images(this, setup.nodes);
  }

  trace(line: string): void {
    this.options.trace?.(`${this.scheduler.now.toFixed(2)} ${line}`);
  }

  /** Appends a new entry at a leader. */
  append(node: SimNode, raft: Raft, configuration: Configuration | null): LogIndex {
    const index =
      configuration === null ? raft.propose() : raft.proposeConfiguration(configuration);
    node.log.append({ term: raft.term, payload: ++this.#payload, configuration });
    this.checker.appended(node, index, node.log.entry(index) as Entry);
    this.wake(node);
    return index;
  }

  /** Appends a configuration at a leader; false if it may not be. */
  change(node: SimNode, raft: Raft, configuration: Configuration): boolean {
    const unasked = this.options.sabotage?.changesUnasked === true;
    if (!unasked && raft.refuseConfiguration(configuration) !== null) return false;
    this.trace(`change at ${node.id}: ${JSON.stringify(configuration.change)}`);
    this.append(node, raft, configuration);
    this.checker.configurationProposed(node, raft);
    return true;
  }

  input(node: SimNode, input: (raft: Raft) => void): void {
    node.inbox.push(input);
    this.wake(node);
  }

  within([least, most]: readonly [number, number]): number {
    return least === most ? least : least + this.random.float() * (most - least);
  }

  /** The node gets a turn soon. */
  wake(node: SimNode): void {
    this.#turnAt(node, this.scheduler.now + this.within(this.options.turnDelay ?? [0, 0]));
  }

  #turnAt(node: SimNode, time: number): void {
    const at = Math.max(time, node.pausedUntil);
    if (node.turnAt <= at) return;
    node.turnAt = at;
    const { incarnation } = node;
    this.scheduler.at(at, () => {
      if (node.incarnation !== incarnation || node.turnAt !== at || node.raft === null) return;
      node.turnAt = Number.POSITIVE_INFINITY;
      if (this.scheduler.now < node.pausedUntil) this.#turnAt(node, node.pausedUntil);
      else this.#turn(node, node.raft);
    });
  }

  /** What the shell does in a turn, in the order of SPEC.md. */
  #turn(node: SimNode, raft: Raft): void {
    this.turns++;
    const { now } = this.scheduler;
    raft.advanceTo(asMilliseconds(now));
    const inputs = node.inbox;
    node.inbox = [];
    for (const input of inputs) input(raft);
    if (now >= raft.deadline) raft.tick();
    this.checker.afterInputs(node);
    this.#lead(node, raft);
    this.perform(node, raft);
    this.checker.afterTurn(node);
    node.overdue = raft.deadline <= now ? node.overdue + 1 : 0;
    require(node.overdue < 3, 'a tick moves the deadline', () => `node ${node.id}`);
    this.#turnAt(node, raft.deadline);
  }

  #lead(node: SimNode, raft: Raft): void {
    if (raft.needsNoop) {
      this.trace(`lead ${node.id} term ${raft.term}`);
      this.append(node, raft, null);
    }
    const ready = raft.promotable;
    if (ready === NO_NODE || this.options.keepLearners === true) return;
    require(findMember(raft.configuration, ready)?.voting ===
      false, 'C5 only a learner is promoted', () => `${ready} at ${node.id}`);
    this.change(node, raft, withPromotion(raft.configuration, ready));
  }

  /** Does what the core wants to have done. */
  perform(node: SimNode, raft: Raft): void {
    const effects = raft.takeEffects();
    for (const step of effects.persists) this.#persist(node, step);
    for (const message of effects.messages) this.#send(node, message);
    for (const id of effects.snapshots) this.images.wanted(node, id);
    node.removals.push(...effects.removed);
    if (effects.transferFailed) node.transfersFailed++;
    if (this.options.sabotage?.persistedEarly === true) {
      const last = effects.persists.at(-1);
      if (last !== undefined) this.input(node, (raft) => raft.persisted(last.sequence));
    }
    this.#write(node);
  }

  #persist(node: SimNode, step: Persist): void {
    let entries: readonly Entry[];
    if (step.truncateFrom > 0) {
      this.checker.truncated(node, step.truncateFrom);
      node.log.truncate(step.truncateFrom);
    }
    if (step.batch === null) {
      entries = step.first > step.last ? [] : node.log.slice(step.first, step.last);
    } else {
      entries = entriesOf(step.batch).slice(step.first - step.batch.first);
      for (const entry of entries) {
        node.log.append(entry);
        this.checker.appended(node, node.log.last, entry);
      }
    }
    const { sequence, hardState, truncateFrom, first } = step;
    node.disk.queue.push({ sequence, hardState, truncateFrom, first, entries });
  }

  /** The shell's part of a message: the entries of an append. */
  #send(node: SimNode, message: Message): void {
    const whole: Message | null = this.options.sabotage?.outgoing
      ? this.options.sabotage.outgoing(message, node)
      : message;
    if (whole === null) return;
    this.#speech.check(node, message);
    if (whole.kind !== 'append' || whole.entries !== null) {
      this.network.send(whole);
      return;
    }
    const entries = node.log.slice(whole.first, whole.last);
    require(entries.length === whole.last - whole.first + 1 &&
      entries.every(
        (e) => e.term <= whole.term,
      ), 'L7 an append carries what its sender led with', () =>
      `node ${node.id}: ${whole.first}..${whole.last} of ${node.log.last}`);
    this.network.send({ ...whole, entries: batchOf(whole.first, entries) });
  }

  /** One write at a time; what queues up meanwhile goes together. */
  #write(node: SimNode): void {
    const { disk, incarnation } = node;
    const { generation } = disk;
    if (disk.writing || disk.queue.length === 0) return;
    disk.writing = true;
    const count = disk.queue.length;
    this.scheduler.after(this.within(node.diskDelay), () => {
      if (node.incarnation !== incarnation || disk.generation !== generation) return;
      const sequence = disk.write(count);
      disk.writing = false;
      if (this.options.sabotage?.persistedEarly !== true) {
        this.input(node, (raft) => raft.persisted(sequence));
      }
      this.#write(node);
    });
  }
}
