import t from 'tap';
import type { Compaction } from '../../raftlog/index.ts';
import { Prng } from '../../src/base/prng.ts';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';
import { finishNow, logOf } from './compaction-fixture.ts';
import {
  appendNow,
  batchFor,
  closeNow,
  entriesOf,
  newLog,
  PATH,
  reopen,
  textsOf,
} from './log-fixture.ts';

t.test('compaction drops the front and keeps the rest', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c', 'd']);
  const chain = log.chain;
  t.equal(finishNow(files, log.compact(2)), null);
  t.strictSame([log.firstIndex, log.lastIndex, log.base.term], [3, 4, 1]);
  t.equal(textsOf(log), 'c d');
  appendNow(files, log, { term: 2, texts: ['e'] });
  closeNow(files, log);
  const again = reopen(files);
  t.equal(textsOf(again), 'c d e');
  t.strictSame(again.hardState, { term: 2, vote: 0 });
  t.equal(again.chainAt(4), chain);
  t.strictSame(again.recovered.notes, []);
  t.equal(files.exists(`${PATH}.new`), false);
});

t.test('compaction of everything leaves an empty log with its hard state', async (t) => {
  const { files, log } = logOf(['a', 'b']);
  appendNow(files, log, { term: 7, vote: 3 });
  t.equal(finishNow(files, log.compact(2)), null);
  t.strictSame([log.firstIndex, log.lastIndex, log.entries], [3, 2, 0]);
  const again = reopen(files.afterPowerCut(() => 'lost'));
  t.strictSame(again.hardState, { term: 7, vote: 3 });
  t.strictSame(again.base, { index: 2, term: 1, chain: log.chain });
});

t.test('compaction goes on in slices while the log grows', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c', 'd', 'e']);
  const compaction = log.compact(1);
  t.equal(compaction.step(1), false);
  t.equal(compaction.copiedIndex, 2);
  appendNow(files, log, { term: 2, vote: 4, texts: ['f'] });
  while (!compaction.step(40));
  appendNow(files, log, { term: 2, vote: 4, texts: ['g'] });
  t.equal(finishNow(files, compaction), null);
  t.equal(textsOf(log), 'b c d e f g');
  t.equal(textsOf(reopen(files)), 'b c d e f g');
});

t.test('appends during the last step wait for the new file and are kept', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  const compaction = log.compact(2);
  const events: string[] = [];
  compaction.finish(() => events.push('finished'));
  log.append(batchFor(log, { term: 1, vote: 2, texts: ['d'] }), () => events.push('d'));
  files.completeOneSync();
  files.completeOneSync();
  t.strictSame(events, ['d'], 'the log is held now');
  log.append(batchFor(log, { term: 3, first: 4, texts: ['D', 'e'] }), () => events.push('e'));
  t.equal(log.writtenIndex, 3);
  files.completeSyncs();
  t.strictSame(events, ['d', 'finished', 'e']);
  t.equal(textsOf(log), 'c D e');
  t.equal(textsOf(reopen(files)), 'c D e');
  t.equal(log.read(4, 5, 1000).last, 5);
});

t.test('a truncation of what was copied already holds in the new file', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c', 'd']);
  const compaction = log.compact(1);
  compaction.step(1000);
  t.equal(compaction.copiedIndex, 4);
  appendNow(files, log, { term: 2, first: 3 });
  t.equal(finishNow(files, compaction), null);
  t.equal(textsOf(log), 'b');
  t.equal(textsOf(reopen(files)), 'b');
});

t.test('a hard state that changed during a compaction is in the new file', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  const compaction = log.compact(1);
  while (!compaction.step(1000));
  appendNow(files, log, { term: 8, vote: 5 });
  t.equal(finishNow(files, compaction), null);
  t.strictSame(reopen(files).hardState, { term: 8, vote: 5 });
});

t.test('a compaction does not run ahead of the queue with the hard state', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  const compaction = log.compact(1);
  const errors: (Error | null)[] = [];
  compaction.finish((error) => errors.push(error));
  for (const term of [2, 3, 4]) {
    log.append(batchFor(log, { term, texts: ['x'] }), (error) => errors.push(error));
  }
  files.completeSyncs();
  t.strictSame(errors, [null, null, null, null]);
  t.strictSame(reopen(files).hardState, { term: 4, vote: 0 });
});

t.test('a truncation into the part to drop is refused', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  const compaction = log.compact(2);
  t.throws(() => log.append(batchFor(log, { term: 2, first: 2 }), () => {}), {
    code: 'RAFTLOG_MISUSE',
  });
  t.equal(finishNow(files, compaction), null);
});

t.test('an aborted compaction leaves the log as it is, and another may follow', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  const first = log.compact(1);
  t.throws(() => log.compact(1), { code: 'RAFTLOG_MISUSE' });
  first.step(1);
  first.abort();
  t.throws(() => first.step(1), { code: 'RAFTLOG_CLOSED' });
  t.equal(files.exists(`${PATH}.new`), false);
  t.equal(textsOf(log), 'a b c');
  t.equal(finishNow(files, log.compact(2)), null);
  t.equal(textsOf(log), 'c');
});

t.test('closing gives up a compaction that is finishing', async (t) => {
  for (const syncs of [0, 1]) {
    const { files, log } = logOf(['a', 'b', 'c']);
    const outcomes: (Error | null)[] = [];
    log.compact(2).finish((error) => outcomes.push(error));
    for (let i = 0; i < syncs; i++) files.completeOneSync();
    log.append(batchFor(log, { term: 1, vote: 2, texts: ['d'] }), (error) => outcomes.push(error));
    log.close((error) => outcomes.push(error));
    files.completeSyncs();
    t.match(outcomes, [{ code: 'RAFTLOG_CLOSED' }, null, null]);
    t.equal(textsOf(reopen(files)), 'a b c d');
    t.equal(files.exists(`${PATH}.new`), false);
  }
});

t.test('the index from before a compaction does not speak for the new file', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c'.repeat(500)]);
  t.equal(finishNow(files, log.compact(1)), null);
  appendNow(files, log, { term: 1, vote: 2, first: 3, texts: ['C'] });
  closeNow(files, log);
  const index = files.bytes(`${PATH}.idx`);
  const again = reopen(files);
  t.equal(finishNow(files, again.compact(1)), null);
  files.put(`${PATH}.idx`, index);
  t.equal(textsOf(reopen(files)), 'b C');
});

t.test('a compaction that was given up leaves the one of the next log alone', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  log.compact(2).finish(() => {});
  log.abandon();
  const next = newLog(files, { replace: true });
  const compaction = next.compact(0);
  files.completeSyncs();
  t.equal(finishNow(files, compaction), null);
  t.equal(next.failure, null);
});

t.test('a failed rename fails the log: which file is there is not known', async (t) => {
  const { files, log } = logOf(['a', 'b', 'c']);
  files.failRename = systemError('EIO', 'bad disk');
  t.match(finishNow(files, log.compact(2)), { code: 'RAFTLOG_FAILED' });
  t.match(log.failure, { code: 'RAFTLOG_FAILED' });
});

t.test('a power cut at any step of a compaction leaves the old log or the new one', async (t) => {
  let compacted = 0;
  for (let changes = 0; changes < 40; changes++) {
    for (const keep of [0, 0.5, 1]) {
      const prng = new Prng(changes, 5);
      const { files, log } = logOf(['a', 'b', 'c', 'd', 'e', 'f']);
      files.stopAfter(changes);
      let finished = false;
      try {
        const compaction = log.compact(3);
        compaction.step(60);
        compaction.finish((error) => {
          finished = error === null;
        });
        files.completeSyncs();
      } catch {
        // The power is gone; the next start decides.
      }
      const after = files.afterPowerCut(() => (prng.chance(keep) ? 'kept' : 'lost'));
      const again = reopen(after);
      const texts = textsOf(again);
      const expected = again.firstIndex === 4 ? 'd e f' : 'a b c d e f';
      if (texts !== expected) t.fail(`${changes} changes: ${texts}`);
      if (finished && again.firstIndex !== 4) t.fail(`${changes} changes: not durable`);
      t.strictSame(again.hardState, { term: 1, vote: 2 });
      if (again.firstIndex === 4) compacted++;
    }
  }
  t.ok(compacted > 10 && compacted < 110, `${compacted} of 120 were compacted`);
});

t.test('random work with compactions keeps the log equal to a plain list', async (t) => {
  for (let seed = 1; seed <= 60; seed++) {
    const prng = new Prng(seed, 3);
    const files = new FaultyFiles();
    let log = newLog(files);
    let model: string[] = [];
    let compaction: Compaction | null = null;
    let term = 1;
    for (let step = 0; step < 120; step++) {
      const choice = prng.below(10);
      if (choice < 5) {
        const texts = Array.from({ length: prng.below(3) }, () => `${seed}.${step}`);
        log.append(batchFor(log, { term, texts }), () => {});
        model.push(...texts);
      } else if (choice === 5) {
        const low = Math.max(log.firstIndex, (compaction?.base.index ?? 0) + 1);
        if (log.lastIndex < low) continue;
        const first = low + prng.below(log.lastIndex - low + 1);
        term++;
        log.append(batchFor(log, { term, first, texts: ['t'] }), () => {});
        model = [...model.slice(0, first - 1), 't'];
      } else if (choice === 6 && compaction === null) {
        const span = log.durableIndex - log.base.index + 1;
        compaction = log.compact(log.base.index + prng.below(span));
      } else if (choice === 7 && compaction !== null) {
        compaction.step(1 + prng.below(300));
      } else if (choice === 8 && compaction !== null) {
        compaction.finish((error) => {
          if (error !== null) throw error;
        });
        files.completeSyncs();
        compaction = null;
      } else {
        files.completeSyncs();
      }
      if (prng.chance(0.03)) {
        if (compaction !== null) compaction.abort();
        compaction = null;
        if (closeNow(files, log) !== null) throw new Error('close');
        log = reopen(files);
      }
      if (log.lastIndex !== model.length) t.fail(`seed ${seed}, step ${step}`);
    }
    files.completeSyncs();
    const texts = entriesOf(log).map((entry) => entry.text);
    t.strictSame(texts, model.slice(log.base.index), `seed ${seed}`);
    t.strictSame(
      entriesOf(reopen(files.afterPowerCut(() => 'lost'))).map((entry) => entry.text),
      texts,
    );
  }
});
