import type { Scenario } from './crash-points.ts';
import type { Words } from './sim-client.ts';
import type { SimNode } from './sim-cluster.ts';
import type { Trial } from './trial.ts';

const LATER = '99999999999999';
const DONE = /^OK$|^ERR failed to begin compaction$/;

function numbered(count: number, word: (i: number) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, i) => word(i)).flat();
}

/** Values of all types: some with parts of their own, one in several pieces, one that will expire. */
const FILL: readonly (readonly Words[])[] = [
  [
    ['SET', 'plain', 'v'],
    ['SET', 'brief', 'v', 'PXAT', LATER],
    ['SET', 'raw', 'r'.repeat(140_000)],
    ['HSET', 'hash', ...numbered(600, (i) => [`field ${i}`, `value ${i}`])],
  ],
  [
    ['RPUSH', 'list', ...numbered(500, (i) => [`element ${i} ${'e'.repeat(40)}`])],
    ['ZADD', 'zset', ...numbered(200, (i) => [String(i), `member ${i}`])],
    ['SADD', 'set', ...numbered(600, (i) => [`member ${i}`])],
    ['HSET', 'small', 'a', '1', 'wide', 'w'.repeat(300_000)],
  ],
  [
    ...Array.from({ length: 12 }, (_, i) => ['XADD', 'stream', `${i + 1}-1`, 'f', 's'.repeat(400)]),
    ['XGROUP', 'CREATE', 'stream', 'group', '3-1'],
    ['SETBIT', 'bits', '4000', '1'],
  ],
];

/** Changes and deletes some of everything, so that parts are replaced and parts are gone. */
const CHANGE: readonly (readonly Words[])[] = [
  [
    ['HDEL', 'hash', ...numbered(500, (i) => [`field ${i + 50}`])],
    ['LTRIM', 'list', '200', '260'],
    ['ZREMRANGEBYSCORE', 'zset', '20', '180'],
    ['DEL', 'set', 'plain'],
  ],
  [
    ['HSET', 'small', 'wide', 'x'.repeat(290_000)],
    ['SETRANGE', 'raw', '70000', 'changed'],
    ['XTRIM', 'stream', 'MAXLEN', '3'],
    ['RENAME', 'zset', 'other'],
  ],
];

const REFILL: readonly (readonly Words[])[] = [
  [
    ['FLUSHALL'],
    ['HSET', 'hash', 'only', 'field'],
    ['RPUSH', 'list', 'only', 'elements'],
    ['INCRBY', 'counter', '7'],
  ],
];

function steps(trial: Trial, transactions: readonly (readonly Words[])[]): void {
  for (const commands of transactions) trial.step(...commands);
}

/** A checkpoint, and the log cut behind it. */
function compact(trial: Trial, node: SimNode = trial.subject): void {
  trial.askUntil(node, ['RAFT.DEBUG', 'COMPACT'], DONE);
}

function restart(trial: Trial, kind: 'kill' | 'power' = 'kill'): void {
  trial.stop(trial.subject, kind);
  trial.start(trial.subject);
}

/** No checkpoint begins by itself. */
const BY_HAND = ['--raft.log-max-file-size', '0'];
/** Images go in many small chunks. */
const SMALL_CHUNKS = [
  ...BY_HAND,
  ...['--raft.snapshot-req-max-size', '3000', '--raft.snapshot-req-max-count', '2'],
];

const truncation: Scenario = {
  title: 'the tail of a deposed leader is cut',
  nodes: 3,
  options: BY_HAND,
  prepare: (trial) => {
    trial.form();
    trial.until('the subject leads', () => trial.subject.leads);
    trial.step(['RPUSH', 'list', 'a']);
  },
  run: (trial) => {
    const { subject, simulation, cluster } = trial;
    const client = cluster.client([subject.address], 0, false);
    for (let i = 0; i < 3; i++) trial.step(['RPUSH', 'list', `b${i}`]);
    simulation.network.partition([
      [subject.machine.name],
      cluster.nodes.filter((node) => node !== subject).map((node) => node.machine.name),
    ]);
    for (let i = 0; i < 4; i++) client.send(['RPUSH', 'list', `lost ${i}`], () => {});
    trial.until('another leads', () => cluster.nodes.some((node) => node.leads && node !== subject));
    for (let i = 0; i < 3; i++) trial.step(['RPUSH', 'list', `c${i}`]);
    client.close();
    simulation.network.healAll();
    for (let i = 0; i < 3; i++) trial.step(['RPUSH', 'list', `d${i}`]);
    trial.converge();
  },
};

const checkpoints: Scenario = {
  title: 'checkpoints of one node',
  nodes: 1,
  options: BY_HAND,
  prepare: () => {},
  run: (trial) => {
    trial.form();
    steps(trial, FILL);
    compact(trial);
    steps(trial, CHANGE);
    trial.askUntil(trial.subject, ['SAVE'], /^OK$/);
    steps(trial, REFILL);
    compact(trial);
    steps(trial, [[['SET', 'last', 'one']], [['HSET', 'hash', 'more', 'fields']]]);
    compact(trial);
  },
};

export const SCENARIOS: readonly Scenario[] = [truncation, checkpoints];
