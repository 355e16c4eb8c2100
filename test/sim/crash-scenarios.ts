import { BY_HAND, CHANGE, compact, FILL, REFILL, restart, save, steps } from './crash-dataset.ts';
import type { Scenario } from './crash-points.ts';

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
    const others = cluster.nodes.filter((node) => node !== subject);
    simulation.network.partition([[subject.machine.name], others.map((node) => node.machine.name)]);
    for (let i = 0; i < 4; i++) client.send(['RPUSH', 'list', `lost ${i}`], () => {});
    trial.until('another leads', () => others.some((node) => node.leads));
    for (let i = 0; i < 3; i++) trial.step(['RPUSH', 'list', `c${i}`]);
    client.close();
    simulation.network.healAll();
    for (let i = 0; i < 3; i++) trial.step(['RPUSH', 'list', `d${i}`]);
    trial.converge();
  },
};

const checkpoints: Scenario = {
  title: 'checkpoints of one node, from its first start on',
  nodes: 1,
  options: BY_HAND,
  prepare: () => {},
  run: (trial) => {
    trial.form();
    steps(trial, FILL);
    compact(trial);
    steps(trial, CHANGE);
    save(trial);
    steps(trial, REFILL);
    compact(trial);
    steps(trial, [[['SET', 'last', 'one']], [['HSET', 'hash', 'more', 'fields']]]);
    compact(trial);
  },
};

const restarts: Scenario = {
  title: 'restarts of one node: loading, clearing, rewriting, and the image after the next',
  nodes: 1,
  options: BY_HAND,
  prepare: (trial) => {
    trial.form();
    steps(trial, FILL);
    compact(trial);
  },
  run: (trial) => {
    steps(trial, CHANGE);
    // What a checkpoint that fails has left is cleared away by the next start.
    trial.ask(trial.subject, ['CONFIG', 'SET', 'raft.snapshot-fail', 'yes']);
    save(trial, /^OK$|failed/);
    restart(trial);
    steps(trial, [[['HSET', 'hash', 'a', '1']], [['RPUSH', 'list', 'after']]]);
    compact(trial);
    restart(trial, 'power');
    steps(trial, REFILL);
    save(trial);
    restart(trial);
    steps(trial, [[['INCR', 'counter']], [['INCR', 'counter']]]);
    compact(trial);
    restart(trial);
  },
};

const batches: Scenario = {
  title: 'a checkpoint in several batches, while entries come',
  nodes: 1,
  options: BY_HAND,
  run: (trial) => {
    trial.step(['SETRANGE', 'large', '1099999', 'x'], ['SETRANGE', 'other', '199999', 'x']);
    trial.ask(trial.subject, ['BGSAVE']);
    for (let i = 0; i < 3; i++)
      trial.step(['INCR', 'counter'], ['SETRANGE', 'other', '7', String(i)]);
    compact(trial);
    trial.step(['DEL', 'large']);
    compact(trial);
  },
};

export const ONE_NODE: readonly Scenario[] = [checkpoints, restarts, batches];
export const TRUNCATION: readonly Scenario[] = [truncation];
