import { CHANGE, compact, FILL, REFILL, save, steps } from './crash-dataset.ts';
import type { FaultRun } from './image-fault-points.ts';
import type { Trial } from './trial.ts';

const FAILED = /^ERR .*(EIO|ENOSPC)/;
const NOT_USED = /^the image in redisraft\.db\.image cannot be (used|loaded): .*(EIO|ENOSPC)/;
const SMALL = ['--raft.snapshot-req-max-size', '60000', '--raft.snapshot-req-max-count', '2'];

export function info(trial: Trial, field: string): string {
  const text = trial.ask(trial.subject, ['INFO', 'everything']);
  return new RegExp(`^${field}:(.*)\r$`, 'm').exec(text)?.[1] ?? '';
}

function expect(is: boolean, what: string): void {
  if (!is) throw new Error(what);
}

/** A checkpoint that fails, and what is told of it until the next one works. */
function saveAgain(trial: Trial): void {
  const { subject } = trial;
  const before = trial.ask(subject, ['LASTSAVE']);
  trial.pass(1500);
  const answer = trial.ask(subject, ['SAVE']);
  if (answer !== 'OK') {
    expect(FAILED.test(answer), answer);
    expect(info(trial, 'rdb_last_bgsave_status') === 'err', 'status after a failure');
    expect(info(trial, 'rdb_changes_since_last_save') !== '0', 'changes after a failure');
    expect(trial.ask(subject, ['LASTSAVE']) === before, 'LASTSAVE after a failure');
    expect(trial.ask(subject, ['GET', 'brief']) === 'v', 'it serves reads');
    trial.step(['SET', 'meanwhile', 'written']);
    save(trial);
  }
  expect(info(trial, 'rdb_last_bgsave_status') === 'ok', 'status after a success');
  expect(info(trial, 'rdb_changes_since_last_save') === '0', 'no changes after a success');
  expect(Number(trial.ask(subject, ['LASTSAVE'])) > Number(before), 'LASTSAVE after a success');
}

export const CHECKPOINT: FaultRun = {
  title: 'a checkpoint that is asked for',
  nodes: 1,
  prepare: (trial) => {
    trial.form();
    steps(trial, FILL);
    save(trial);
    steps(trial, CHANGE);
  },
  run: (trial) => {
    saveAgain(trial);
    steps(trial, REFILL);
    trial.ask(trial.subject, ['RAFT.DEBUG', 'COMPACT']);
    trial.pass(300);
  },
};

export const OF_ITS_OWN: FaultRun = {
  title: 'checkpoints of their own accord',
  nodes: 1,
  options: ['--raft.log-max-file-size', '100kb'],
  prepare: (trial) => trial.form(),
  run: (trial) => {
    steps(trial, FILL);
    const replica = trial.subject.server?.node.replica;
    const isMade = (): boolean => {
      const history = replica?.images.checkpoints.history;
      return (history?.created ?? 0) > 0 && history?.lastFailure === null;
    };
    trial.until('there is one', isMade, 5000);
    steps(trial, CHANGE);
    trial.until('the log is cut', () => (replica?.store.log.bytes ?? 0) < 200_000, 5000);
    trial.until('the last one works', isMade, 5000);
  },
};

/** Entries come while checkpoints are made and the log is cut. */
export const WITH_ENTRIES: FaultRun = {
  title: 'log and store, while a checkpoint runs',
  nodes: 1,
  prepare: (trial) => {
    trial.form();
    steps(trial, FILL);
  },
  run: (trial) => {
    for (const commands of CHANGE) {
      trial.ask(trial.subject, ['BGSAVE']);
      trial.step(['SET', 'meanwhile', '1']);
      trial.step(...commands);
      trial.ask(trial.subject, ['RAFT.DEBUG', 'COMPACT']);
    }
    trial.pass(2000);
    trial.step(['SET', 'afterwards', '1']);
    trial.askUntil(trial.subject, ['SAVE'], /^OK$/);
  },
  ends: /^the log cannot be written: redisraft\.db: |^redisraft\.db.*EIO/,
};

export const START: FaultRun = {
  title: 'a start',
  nodes: 1,
  prepare: (trial) => {
    trial.form();
    steps(trial, FILL);
    save(trial);
    steps(trial, CHANGE);
    trial.ask(trial.subject, ['CONFIG', 'SET', 'raft.snapshot-fail', 'yes']);
    save(trial, /failed/);
    trial.stop(trial.subject);
  },
  run: (trial) => {
    trial.start(trial.subject);
    trial.converge();
    steps(trial, REFILL);
    trial.pass(1500);
    trial.askUntil(trial.subject, ['SAVE'], /^OK$/);
  },
  ends: NOT_USED,
};

/** A follower that was away, and whose leader has cut its log. */
function lag(trial: Trial): void {
  trial.form();
  trial.step(['SET', 'brief', 'v']);
  trial.converge();
  trial.stop(trial.subject);
  steps(trial, FILL);
  for (const node of trial.cluster.nodes) if (node !== trial.subject) compact(trial, node);
}

export const RECEIVING: FaultRun = {
  title: 'an image that is received',
  nodes: 3,
  subject: 1,
  options: SMALL,
  prepare: lag,
  run: (trial) => {
    trial.start(trial.subject);
    trial.converge();
    steps(trial, CHANGE);
    trial.converge();
  },
  ends: NOT_USED,
};

export const REPLACING: FaultRun = {
  ...RECEIVING,
  title: 'a log that an image replaces',
  ends: /redisraft\.db/,
};

export const SENDING: FaultRun = {
  title: 'an image that is sent',
  nodes: 3,
  options: SMALL,
  prepare: (trial) => {
    trial.form();
    trial.stop(trial.cluster.node(1));
    steps(trial, FILL);
    for (const i of [0, 2]) compact(trial, trial.cluster.node(i));
  },
  run: (trial) => {
    trial.start(trial.cluster.node(1));
    trial.converge();
  },
};
