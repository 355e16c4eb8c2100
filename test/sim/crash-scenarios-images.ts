import { BY_HAND, CHANGE, compact, FILL, steps } from './crash-dataset.ts';
import type { Scenario } from './crash-points.ts';
import type { SimNode } from './sim-cluster.ts';
import type { Trial } from './trial.ts';

/** Images go in chunks of which only a few are on their way. */
const OPTIONS = [
  ...BY_HAND,
  ...['--raft.snapshot-req-max-size', '60000', '--raft.snapshot-req-max-count', '2'],
];
const OWN_CLUSTER = 'd'.repeat(32);
const LOG = 'redisraft.db';

function others(trial: Trial): SimNode[] {
  return trial.cluster.nodes.filter((node) => node !== trial.subject);
}

/** How much of an image has come to a node that is receiving one. */
function received(node: SimNode): number {
  return node.server?.node.replica?.images.receiver.progress?.bytes ?? 0;
}

/** Whether a leader has lost its link to another node. */
function missesOne(leader: SimNode): boolean {
  const others = leader.server?.node.replica?.raft.progress() ?? [];
  return [...others].some(({ connected }) => !connected);
}

/** Another node leads, for which the subject has voted. */
function elect(trial: Trial, node: SimNode): void {
  const id = node.server?.node.replica?.self ?? 0;
  trial.ask(trial.cluster.node(0), ['RAFT.TRANSFER_LEADER', String(id)]);
  const vote = (): number => trial.subject.server?.node.replica?.raft.vote ?? 0;
  trial.until('the subject has voted', () => node.leads && vote() === id);
}

function followerTakes(title: string, breaks: readonly number[]): Scenario {
  return {
    title,
    nodes: 3,
    options: OPTIONS,
    subject: 1,
    prepare: (trial) => {
      trial.form();
      elect(trial, trial.cluster.node(2));
      trial.step(['SET', 'before', '1']);
      trial.converge();
      trial.stop(trial.subject);
      steps(trial, FILL);
      for (const node of others(trial)) compact(trial, node);
      trial.step(['SET', 'behind', 'the image']);
    },
    run: (trial) => {
      const { subject, cluster, simulation } = trial;
      trial.start(subject);
      for (const bytes of breaks) {
        trial.until('some of it is there', () => received(subject) > bytes || cluster.isConverged);
        for (const node of others(trial)) {
          simulation.network.breakConnections(node.machine.name, subject.machine.name, 'both');
        }
      }
      trial.converge();
      steps(trial, [[['SET', 'after', '1']], [['HDEL', 'hash', 'field 1']]]);
      trial.converge();
      compact(trial);
    },
  };
}

const conflict: Scenario = {
  title: 'a deposed leader takes an image in the place of its tail',
  nodes: 3,
  options: OPTIONS,
  prepare: (trial) => {
    trial.form();
    const { subject, cluster, simulation } = trial;
    trial.step(['SET', 'before', '1']);
    const rest = others(trial);
    simulation.network.partition([[subject.machine.name], rest.map((n) => n.machine.name)]);
    const client = cluster.client([subject.address], 0, false);
    for (let i = 0; i < 20; i++) client.send(['RPUSH', 'list', `lost ${i}`], () => {});
    trial.until('another leads', () => rest.some((node) => node.leads));
    client.close();
    steps(trial, FILL.slice(0, 2));
    // For a node that is connected the log is kept.
    trial.until('the subject is missed', () => rest.some((node) => node.leads && missesOne(node)));
    for (const node of rest) compact(trial, node);
  },
  run: (trial) => {
    trial.simulation.network.healAll();
    trial.converge();
    trial.step(['SET', 'after', '1']);
    trial.converge();
  },
};

const sender: Scenario = {
  title: 'a leader makes an image and sends it, and the next one meanwhile',
  nodes: 3,
  options: OPTIONS,
  prepare: (trial) => {
    trial.form();
    trial.step(['SET', 'before', '1']);
    trial.stop(trial.cluster.node(1));
    steps(trial, FILL);
  },
  run: (trial) => {
    const receiver = trial.cluster.node(1);
    for (const node of [trial.cluster.node(2), trial.subject]) compact(trial, node);
    trial.start(receiver);
    trial.until('some of it is there', () => received(receiver) > 0 || trial.cluster.isConverged);
    steps(trial, CHANGE);
    compact(trial);
    trial.converge();
  },
};

/** Takes away those that the subject has become a member as, and of which it knows nothing any more. */
function removeForgotten(trial: Trial): void {
  const first = trial.cluster.node(0);
  const { subject } = trial;
  const self = subject.server?.node.replica?.self ?? 0;
  const members = first.server?.node.replica?.raft.configuration.members ?? [];
  for (const { id, host } of members) {
    if (host !== subject.address.host || id === self) continue;
    trial.askUntil(first, ['RAFT.NODE', 'REMOVE', String(id)], /^OK|not/);
  }
}

const joining: Scenario = {
  title: 'a new node joins by an image, with a leftover one of another cluster beside it',
  nodes: 2,
  options: OPTIONS,
  subject: 1,
  prepare: (trial) => {
    const { cluster, subject } = trial;
    trial.init(cluster.node(0));
    steps(trial, FILL);
    compact(trial, cluster.node(0));
    leaveImage(trial, OWN_CLUSTER);
    trial.until('it has looked', () => subject.server?.node.state === 'uninitialized');
  },
  run: (trial) => {
    trial.join(trial.subject);
    removeForgotten(trial);
    trial.until('both vote', () => trial.voters === 2);
    steps(trial, CHANGE);
    trial.converge();
  },
};

/** The subject has an image of a cluster of its own, and its log is lost. */
function leaveImage(trial: Trial, clusterId: string): void {
  const { subject } = trial;
  trial.init(subject, clusterId);
  trial.until('it leads', () => subject.leads);
  trial.ask(subject, ['HSET', 'leftover', 'a', '1']);
  trial.ask(subject, ['SET', 'leftover:2', 'x']);
  compact(trial);
  trial.stop(subject);
  subject.machine.disk.remove(LOG);
  trial.start(subject);
}

const leftover: Scenario = {
  title: 'INIT beside an image whose log is lost',
  nodes: 1,
  options: OPTIONS,
  prepare: (trial) => leaveImage(trial, OWN_CLUSTER),
  run: (trial) => {
    trial.form();
    steps(trial, [[['SET', 'new', '1']], [['HSET', 'hash', 'a', '1']]]);
    compact(trial);
    trial.step(['SET', 'behind', '1']);
  },
};

const removal: Scenario = {
  title: 'a node is removed, puts its files aside, and begins a cluster of its own',
  nodes: 3,
  options: OPTIONS,
  subject: 2,
  prepare: (trial) => {
    trial.form();
    steps(trial, FILL);
    trial.converge();
    compact(trial);
    trial.step(['SET', 'behind', 'the image']);
  },
  run: (trial) => {
    const { subject, cluster } = trial;
    const id = subject.server?.node.replica?.self ?? 0;
    trial.askUntil(cluster.node(0), ['RAFT.NODE', 'REMOVE', String(id)], /^OK|not/);
    const isUp = (): boolean => subject.server?.node.state === 'uninitialized';
    trial.until('it has left', () => subject.exitCode !== null || isUp());
    if (subject.exitCode !== null) trial.start(subject);
    trial.init(subject, OWN_CLUSTER);
    trial.until('it leads', () => subject.leads);
    trial.askUntil(subject, ['SET', 'own', '1'], /^OK$/);
    compact(trial);
  },
  check: (trial) => {
    const { subject } = trial;
    for (let i = 0; i < 2; i++) {
      trial.until('it leads', () => subject.leads);
      const found = ['own', 'hash', 'behind'].map((key) => trial.ask(subject, ['TYPE', key]));
      if (found.join() !== 'string,none,none') throw new Error(found.join());
      trial.stop(subject, 'power');
      trial.start(subject);
    }
    trial.until('it leads', () => subject.leads);
  },
};

export const IMAGES: readonly Scenario[] = [
  followerTakes('a follower takes an image', []),
  followerTakes('a follower takes an image over links that break', [1, 90_000, 200_000]),
  conflict,
  sender,
  joining,
  leftover,
  removal,
];
