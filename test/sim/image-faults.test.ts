/** Disks that fail while images are made, loaded and received: each call of the store, one by one. */
import t from 'tap';
import { FILL, steps } from './crash-dataset.ts';
import { LOG_NAME, MISCONF } from './disk-fixture.ts';
import {
  type DiskFault,
  endTrial,
  enumerateFaults,
  type FaultOptions,
  type FaultRun,
  STORE,
  STORE_FAULTS,
} from './image-fault-points.ts';
import {
  CHECKPOINT,
  info,
  OF_ITS_OWN,
  RECEIVING,
  REPLACING,
  SENDING,
  START,
  WITH_ENTRIES,
} from './image-fault-runs.ts';
import { Trial } from './trial.ts';

function tried(run: FaultRun, faults: readonly DiskFault[], options: FaultOptions = {}): void {
  const how = options.lasts === true ? 'and goes on failing' : 'once';
  t.test(`each call that can fail, ${how}: ${run.title}`, async (t) => {
    let points = 0;
    let ends = 0;
    for (const fault of faults) {
      const found = enumerateFaults(run, fault, options);
      for (const problem of found.problems.slice(0, 3)) t.fail(problem);
      points += found.points;
      ends += found.ends;
    }
    t.ok(points > 0, `${points} calls failed`);
    t.equal(ends > 0, run.ends !== undefined, `${ends} processes ended`);
  });
}

const FULL = STORE_FAULTS.filter(({ code }) => code === 'ENOSPC');
/** What ends no process wherever it strikes a store that is open. */
const WRITES = STORE_FAULTS.filter(({ kind }) => kind !== 'read');

tried(CHECKPOINT, STORE_FAULTS);
tried(CHECKPOINT, WRITES, { lasts: true });
tried(OF_ITS_OWN, STORE_FAULTS);
tried(OF_ITS_OWN, WRITES, { lasts: true });
tried(WITH_ENTRIES, STORE_FAULTS, { path: '' });
tried(START, STORE_FAULTS);
tried({ ...START, ends: undefined }, FULL, { lasts: true });
tried(RECEIVING, STORE_FAULTS);
tried({ ...RECEIVING, ends: undefined }, FULL, { lasts: true });
tried(
  REPLACING,
  WRITES.filter(({ kind }) => kind !== 'sync-directory'),
  { path: `${LOG_NAME}.new` },
);
tried(SENDING, [{ kind: 'read', code: 'EIO' }]);

t.test('a store that stays full: entries are taken as long as the log has space', async (t) => {
  const trial = new Trial({ nodes: 1, seed: 3, options: ['--raft.log-max-file-size', '60kb'] });
  trial.form();
  const { subject } = trial;
  const { disk } = subject.machine;
  const logBytes = (): number => subject.server?.node.replica?.store.log.bytes ?? 0;
  steps(trial, FILL);
  trial.pass(3000);
  t.equal(info(trial, 'rdb_last_bgsave_status'), 'ok');
  const saved = trial.ask(subject, ['LASTSAVE']);
  disk.failFrom(1, 'write', 'ENOSPC', STORE, true);
  let written = 0;
  for (; written < 100; written++) {
    const value = `${written} ${'v'.repeat(3000)}`;
    t.equal(trial.ask(subject, ['SET', `full ${written % 40}`, value]), 'OK');
    trial.pass(100);
  }
  t.equal(info(trial, 'rdb_last_bgsave_status'), 'err');
  t.equal(trial.ask(subject, ['LASTSAVE']), saved);
  t.equal(info(trial, 'raft_log_status'), 'ok');
  t.ok(logBytes() > 300_000, `${logBytes()} bytes of log`);
  disk.limitSpace(disk.names.used());
  const client = trial.cluster.client();
  while (info(trial, 'raft_log_status') === 'ok') {
    client.send(['SET', 'last', `${written++}${'v'.repeat(30_000)}`], () => {});
    trial.pass(100);
  }
  t.equal(trial.ask(subject, ['SET', 'brief', '2']), MISCONF);
  t.equal(trial.ask(subject, ['GET', 'brief']), 'v');
  disk.clearFaults();
  trial.askUntil(subject, ['SET', 'after', '1'], /^OK$/);
  trial.pass(5000);
  t.equal(info(trial, 'rdb_last_bgsave_status'), 'ok');
  t.ok(logBytes() < 60_000, 'the log is short again');
  endTrial(trial);
  t.match(trial.ask(subject, ['GET', 'last']), new RegExp(`^${written - 1}v`));
});
