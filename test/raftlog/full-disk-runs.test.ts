/** Scripted and random work on disks that are full for a while, with crashes in between. */
import t from 'tap';
import type { Log } from '../../raftlog/index.ts';
import { Prng } from '../../src/base/prng.ts';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';
import { giveSpace, leave } from './full-fixture.ts';
import { batchFor, closeNow, entriesOf, newLog, PATH, reopen } from './log-fixture.ts';

/** One step of a script: what the log is asked for. */
type Step = (log: Log, told: (error: Error | null) => void) => void;

function append(term: number, texts: readonly string[], first?: number): Step {
  return (log, told) => {
    const at = first === undefined ? {} : { first };
    log.append(batchFor(log, { term, vote: 5, texts, ...at }), told);
  };
}

const SCRIPT: readonly Step[] = [
  append(1, ['a', 'bb']),
  append(1, ['c'.repeat(700)]),
  append(1, []),
  append(2, ['D', 'e'], 3),
  append(2, ['f'.repeat(5000)]),
  append(3, [], 5),
  append(3, ['g', 'h', 'i']),
];

/** The log after each step, the empty one first. */
function states(): string[] {
  const files = new FaultyFiles();
  const log = newLog(files);
  const found = [stateOf(log)];
  for (const step of SCRIPT) {
    step(log, () => {});
    files.completeSyncs();
    found.push(stateOf(log));
  }
  return found;
}

function stateOf(log: Log): string {
  return JSON.stringify([entriesOf(log), log.hardState]);
}

interface Scripted {
  readonly files: FaultyFiles;
  readonly log: Log;
  acknowledged: number;
}

/**
 * Runs the script with the disk full from one step on. The disk has time to sync behind each step, or
 * only at the end, so that all goes into one group.
 */
function scripted(fullFrom: number, left: number, preallocate: number, eager: boolean): Scripted {
  const files = new FaultyFiles();
  const state: Scripted = { files, log: newLog(files, { preallocate }), acknowledged: 0 };
  // Then what did not fit stays there, as if the process died behind the write.
  if (left % 2 === 1) files.failTruncate = systemError('ENOSPC', 'truncate');
  SCRIPT.forEach((step, i) => {
    if (i === fullFrom) leave(files, left);
    step(state.log, (error) => {
      if (error !== null || state.acknowledged !== i) throw new Error(`step ${i} out of order`);
      state.acknowledged = i + 1;
    });
    if (eager) files.completeSyncs();
  });
  files.completeSyncs();
  return state;
}

t.test('full at every step: nothing lost, nothing twice, nothing acknowledged gone', async (t) => {
  const expected = states();
  const prng = new Prng(1, 2);
  let waited = 0;
  for (let fullFrom = 0; fullFrom < SCRIPT.length; fullFrom++) {
    for (const left of [0, 1, 63, 64, 65, 97, 200, 601, 3000]) {
      for (const [preallocate, eager] of [
        [0, true],
        [0, false],
        [4096, true],
      ] as const) {
        const about = `full from ${fullFrom}, ${left} bytes left, ${preallocate}, ${eager}`;
        const state = scripted(fullFrom, left, preallocate, eager);
        const { files, log } = state;
        if (log.full !== null) waited++;
        const power = files.afterPowerCut(() => (prng.chance(0.5) ? 'kept' : 'lost'));
        for (const after of [files.afterCrash(), power]) {
          const found = expected.lastIndexOf(stateOf(reopen(after, { preallocate })));
          if (found < state.acknowledged) t.fail(`${about}: a crash leaves ${found}`);
        }
        files.failTruncate = null;
        giveSpace(state);
        if (state.acknowledged !== SCRIPT.length) t.fail(`${about}: ${state.acknowledged}`);
        if (stateOf(log) !== expected.at(-1)) t.fail(`${about}: another log`);
        if (closeNow(files, log) !== null) t.fail(`${about}: close`);
        if (files.bytes(PATH).length !== log.bytes) t.fail(`${about}: the file is longer`);
        if (stateOf(reopen(files)) !== expected.at(-1)) t.fail(`${about}: reopened`);
      }
    }
  }
  t.ok(waited > 80, `${waited} runs had to wait`);
});

t.test('random work on a disk that is full now and then', async (t) => {
  let waited = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const prng = new Prng(seed, 79);
    const preallocate = prng.chance(0.5) ? 4096 : 0;
    let files = new FaultyFiles();
    let log = newLog(files, { preallocate });
    let known = [stateOf(log)];
    let model: string[] = [];
    let acknowledged = 0;
    let term = 1;
    for (let step = 0; step < 60; step++) {
      const draw = prng.below(12);
      if (draw < 6) {
        if (prng.chance(0.2)) term++;
        const truncates = log.lastIndex > 0 && prng.chance(0.2);
        const first = truncates ? 1 + prng.below(log.lastIndex) : log.lastIndex + 1;
        const texts = Array.from({ length: prng.below(3) }, () => 'x'.repeat(prng.below(900)));
        model = [...model.slice(0, first - 1), ...texts.map((text) => `${term} ${text}`)];
        const position = known.length;
        known.push(JSON.stringify([model, term]));
        log.append(batchFor(log, { term, vote: 1, first, texts }), (error) => {
          if (error === null) acknowledged = position;
        });
      } else if (draw < 8) {
        files.completeSyncs();
      } else if (draw === 8) {
        leave(files, prng.below(2000));
      } else if (draw === 9) {
        files.failTruncate = prng.chance(0.5) ? systemError('EIO', 'truncate') : null;
        files.space = Number.POSITIVE_INFINITY;
      } else if (draw === 10) {
        if (log.full !== null) waited++;
        log.retry();
      } else if (prng.chance(0.3)) {
        const kill = prng.chance(0.5);
        files = kill
          ? files.afterCrash()
          : files.afterPowerCut(() => (prng.chance(0.5) ? 'kept' : 'lost'));
        log = reopen(files, { preallocate });
        model = entriesOf(log).map((entry) => `${entry.term} ${entry.text}`);
        const found = JSON.stringify([model, log.hardState.term]);
        if (known.lastIndexOf(found) < acknowledged && acknowledged > 0) t.fail(`seed ${seed}`);
        known = [found];
        acknowledged = 0;
        term = Math.max(1, log.hardState.term);
        model = [...model];
      }
    }
    giveSpace({ files, log });
    const left = entriesOf(reopen(files)).map((entry) => `${entry.term} ${entry.text}`);
    t.strictSame(left, model, `seed ${seed}`);
  }
  t.ok(waited > 50, `${waited} retries while full`);
});
