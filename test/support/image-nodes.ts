import { asLogIndex, asTerm, type Term } from '../../src/base/ids.ts';
import type { Member } from '../../src/raft/configuration.ts';
import type { PeerHello } from '../../src/replica/frame.ts';
import type { ImageDisk } from '../../src/replica/image/image-disk.ts';
import { ImageSenders } from '../../src/replica/image/image-senders.ts';
import type { StoredMeta } from '../../src/replica/image/meta.ts';
import { ImageReceiver, type ImageTarget } from '../../src/replica/image/receiver.ts';
import { type LinkEvents, PeerLink } from '../../src/replica/peer-link.ts';
import type { World } from '../../src/world/world.ts';
import type { SimMachine } from '../sim/sim-machine.ts';
import type { Simulation } from '../sim/sim-world.ts';
import { CLUSTER, FOLLOWER, LEADER, listenForPeers, openDisk, PORT } from './image-transfer.ts';

export function hello(from: number, to: number): PeerHello {
  return {
    ...{ version: 1, clusterId: CLUSTER, from, to },
    ...{ host: 'leader', port: PORT, purpose: 'snapshot' },
  };
}

/** The leader's side on a machine of its own. */
export class LeaderSide {
  readonly disk: ImageDisk;
  readonly senders: ImageSenders;
  readonly settings: { raftSnapshotReqMaxSize: number; raftSnapshotReqMaxCount: number } = {
    ...{ raftSnapshotReqMaxSize: 1000, raftSnapshotReqMaxCount: 4 },
  };
  /** `id:index` of all transfers that ended. */
  readonly ended: string[] = [];
  readonly log: string[] = [];
  term: Term = asTerm(3);
  /** What counts now; null: nothing. */
  stored: StoredMeta | null = null;

  constructor(simulation: Simulation, machine: SimMachine) {
    const { world } = machine;
    this.disk = openDisk(simulation, machine);
    this.stored = this.disk.stored;
    this.senders = new ImageSenders({
      world,
      settings: this.settings,
      links: (node, events) => linkTo(world, node, events),
      source: () => {
        const { stored, disk } = this;
        return stored === null || disk.store === null ? null : { store: disk.store, stored };
      },
      term: () => this.term,
      ended: (id, index) => this.ended.push(`${id}:${index}`),
      log: (text) => this.log.push(text),
    });
  }

  sendTo(member: Member = FOLLOWER): void {
    this.senders.send(member);
  }
}

function linkTo(world: World, node: Member, events: LinkEvents): PeerLink {
  return new PeerLink({
    ...{ id: node.id, purpose: 'snapshot', world, events },
    address: { host: node.host, port: node.port },
    settings: { raftReconnectInterval: 100, raftConnectionTimeout: 3000 },
    hello: () => hello(LEADER, node.id),
    credentials: () => ({ user: 'default', password: '' }),
  });
}

/** What a replica would do with images; a test decides what. */
export class ScriptedTarget implements ImageTarget {
  verdict: ReturnType<ImageTarget['offer']> = 'needed';
  /** Given to whoever wants to install; then it works. */
  installErrors: Error[] = [];
  /** Whether {@link install} answers at all. */
  answers = true;
  readonly installed: StoredMeta[] = [];
  readonly failures: Error[] = [];
  readonly #disk: ImageDisk;

  constructor(disk: ImageDisk) {
    this.#disk = disk;
  }

  offer(): ReturnType<ImageTarget['offer']> {
    return this.verdict;
  }

  install(stored: StoredMeta, done: (error: Error | null) => void): void {
    if (!this.answers) return;
    const error = this.installErrors.shift();
    if (error !== undefined) {
      done(error);
      return;
    }
    this.#disk.commit(
      stored,
      () => {},
      (failed) => {
        if (failed === null) this.installed.push(stored);
        done(failed);
      },
    );
  }

  failed(error: Error): void {
    this.failures.push(error);
  }
}

/** The follower's side on a machine of its own. */
export class FollowerSide {
  readonly disk: ImageDisk;
  readonly target: ScriptedTarget;
  readonly receiver: ImageReceiver;
  readonly log: string[] = [];

  constructor(simulation: Simulation, machine: SimMachine) {
    const { world } = machine;
    this.disk = openDisk(simulation, machine);
    this.target = new ScriptedTarget(this.disk);
    this.receiver = new ImageReceiver({
      world,
      disk: this.disk,
      target: this.target,
      log: (text) => this.log.push(text),
    });
  }

  listen(world: World): void {
    listenForPeers(world, PORT, (greeting, socket) => this.receiver.accept(greeting, socket));
  }

  get installedIndex(): number {
    return this.target.installed.at(-1)?.meta.index ?? asLogIndex(0);
  }
}
