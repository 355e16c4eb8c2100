/** Random work, a power cut at a random moment, and the question whether all promises were kept. */
import t from 'tap';
import type { Log } from '../../raftlog/index.ts';
import { Prng } from '../../src/base/prng.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { batchFor, closeNow, entriesOf, newLog, reopen, type TestEntry } from './log-fixture.ts';

interface Snapshot {
  readonly entries: readonly TestEntry[];
  readonly term: number;
  readonly vote: number;
}

/** One life of a log: what it appended, and how much of that it was told to be durable. */
class Life {
  readonly snapshots: Snapshot[];
  acknowledged = 0;
  readonly #log: Log;
  readonly #prng: Prng;

  constructor(log: Log, prng: Prng) {
    this.#log = log;
    this.#prng = prng;
    const { term, vote } = log.hardState;
    this.snapshots = [{ entries: entriesOf(log), term, vote }];
  }

  append(): void {
    const prng = this.#prng;
    const { entries, term: oldTerm, vote: oldVote } = this.snapshots.at(-1) as Snapshot;
    const newTerm = prng.chance(0.2);
    const term = Math.max(1, newTerm ? oldTerm + 1 : oldTerm);
    const vote = newTerm || oldVote === 0 ? prng.below(4) : oldVote;
    const truncate = newTerm && entries.length > 0 && prng.chance(0.5);
    const first = truncate ? 1 + prng.below(entries.length) : entries.length + 1;
    const texts = Array.from({ length: prng.below(4) }, () => 'x'.repeat(prng.below(700)));
    const added = texts.map((text, i) => ({ index: first + i, term, text }));
    const position = this.snapshots.length;
    this.snapshots.push({ entries: [...entries.slice(0, first - 1), ...added], term, vote });
    this.#log.append(batchFor(this.#log, { term, vote, first, texts }), (error) => {
      if (error === null) this.acknowledged = position;
    });
  }
}

function same(a: Snapshot, b: Snapshot): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

t.test('after a power cut the log is one of its states, not older than acknowledged', async (t) => {
  let cuts = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const prng = new Prng(seed, 77);
    const keep = prng.float();
    const preallocate = prng.chance(0.5) ? 4096 : 0;
    let files = new FaultyFiles();
    let log = newLog(files, { preallocate });
    for (let crash = 0; crash < 4; crash++) {
      const life = new Life(log, prng);
      const steps = prng.below(12);
      for (let step = 0; step < steps; step++) {
        life.append();
        if (prng.chance(0.5)) files.completeSyncs();
      }
      if (prng.chance(0.1)) closeNow(files, log);
      files = prng.chance(0.2)
        ? files.afterCrash()
        : files.afterPowerCut(() => (prng.chance(keep) ? 'kept' : 'lost'));
      log = reopen(files, { preallocate });
      const { term, vote } = log.hardState;
      const found = { entries: entriesOf(log), term, vote };
      const possible = life.snapshots.slice(life.acknowledged);
      if (!possible.some((state) => same(state, found))) t.fail(`seed ${seed}, crash ${crash}`);
      if (log.recovered.cutBytes > 0) cuts++;
    }
  }
  t.ok(cuts > 100, `${cuts} torn tails were cut`);
});

t.test('with fsync off a power cut leaves an older state, never a wrong one', async (t) => {
  for (let seed = 1; seed <= 150; seed++) {
    const prng = new Prng(seed, 78);
    const keep = prng.float();
    const files = new FaultyFiles();
    const log = newLog(files, { fsync: false });
    const life = new Life(log, prng);
    let safe = 0;
    for (let step = 0; step < 15; step++) {
      life.append();
      if (prng.chance(0.2)) {
        log.setFsync(true);
        life.append();
        files.completeSyncs();
        log.setFsync(false);
        safe = life.acknowledged;
      }
    }
    const after = files.afterPowerCut(() => (prng.chance(keep) ? 'kept' : 'lost'));
    const again = reopen(after);
    const { term, vote } = again.hardState;
    const found = { entries: entriesOf(again), term, vote };
    if (!life.snapshots.slice(safe).some((state) => same(state, found))) t.fail(`seed ${seed}`);
  }
});

t.test('creating a log survives a power cut at every step', async (t) => {
  for (const keep of ['kept', 'lost'] as const) {
    for (let changes = 0; changes < 20; changes++) {
      const files = new FaultyFiles();
      files.stopAfter(changes);
      try {
        newLog(files);
      } catch {
        // The power is gone; the next start decides.
      }
      const after = files.afterPowerCut(() => keep);
      try {
        t.equal(reopen(after).lastIndex, 0);
      } catch (error) {
        t.match(error, { code: 'RAFTLOG_ABSENT' }, `after ${changes} changes`);
      }
    }
  }
});
