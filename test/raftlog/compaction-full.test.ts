/** Compaction on a full disk, and what waits to be written while a log is compacted. */
import t from 'tap';
import { systemError } from '../support/faulty-files.ts';
import { finishNow, logOf } from './compaction-fixture.ts';
import { appendNow, batchFor, PATH, reopen, textsOf } from './log-fixture.ts';

t.test('a disk that is full ends the compaction at any step, not the log', async (t) => {
  let failed = 0;
  for (let left = 0; left < 700; left += 9) {
    const { files, log } = logOf(['a', 'b', 'c'.repeat(300), 'd']);
    files.space = files.used + left;
    let outcome: unknown = null;
    try {
      const compaction = log.compact(1);
      compaction.step(100);
      outcome = finishNow(files, compaction);
    } catch (error) {
      outcome = error;
    }
    files.space = Number.POSITIVE_INFINITY;
    if (outcome !== null) {
      failed++;
      t.match(outcome, { code: 'RAFTLOG_FAILED', cause: { code: 'ENOSPC' } });
    }
    t.equal(log.firstIndex, outcome === null ? 2 : 1, `${left} bytes are left`);
    t.strictSame([files.exists(`${PATH}.new`), log.failure, log.full], [false, null, null]);
    appendNow(files, log, { term: 1, vote: 2, texts: ['e'] });
    t.equal(finishNow(files, log.compact(3)), null, 'the next one works');
    t.equal(textsOf(reopen(files)), 'd e');
  }
  t.ok(failed > 50 && failed < 75, `${failed} failed`);
});

t.test('a sync without space ends the compaction, not the log', async (t) => {
  for (const syncs of [0, 1]) {
    const { files, log } = logOf(['a', 'b', 'c']);
    let outcome: Error | null | undefined;
    log.compact(1).finish((error) => {
      outcome = error;
    });
    for (let i = 0; i < syncs; i++) files.completeOneSync();
    files.failSync = systemError('ENOSPC', 'sync');
    files.completeSyncs();
    files.failSync = null;
    t.match(outcome, { code: 'RAFTLOG_FAILED' });
    t.strictSame([files.exists(`${PATH}.new`), log.failure], [false, null]);
    appendNow(files, log, { term: 1, vote: 2, texts: ['d'] });
    t.equal(textsOf(reopen(files)), 'a b c d');
  }
});

t.test('compaction makes space for what waits on a full disk', async (t) => {
  const { files, log } = logOf(['a'.repeat(3000), 'b', 'c']);
  files.space = files.used + 400;
  const outcomes: (Error | null)[] = [];
  const put = (text: string): void => {
    const batch = batchFor(log, { term: 2, texts: [text] });
    log.append(batch, (error) => outcomes.push(error));
  };
  put('d'.repeat(1000));
  put('e');
  t.match(log.full, { code: 'RAFTLOG_FULL' });
  t.equal(finishNow(files, log.compact(2)), null);
  t.strictSame([outcomes, log.full], [[null, null], null]);
  t.equal(textsOf(reopen(files)), `c ${'d'.repeat(1000)} e`);
});

t.test(
  'appends that wait and are truncated before they are written fit the new file',
  async (t) => {
    for (const copiedBefore of [false, true]) {
      const { files, log } = logOf(['a', 'b', 'c', 'd', 'e']);
      const compaction = log.compact(1);
      if (copiedBefore) while (!compaction.step(1000));
      const events: string[] = [];
      const append = (term: number, first: number, texts: readonly string[]): void =>
        log.append(batchFor(log, { term, first, texts }), (error) =>
          events.push(error === null ? texts.join('') : 'no'),
        );
      compaction.finish((error) => events.push(error === null ? 'finished' : 'no'));
      append(2, 6, ['f']);
      append(2, 7, ['g', 'h']);
      append(3, 4, ['D', 'E']);
      append(3, 6, ['F']);
      files.completeSyncs();
      t.strictSame(events.toSorted(), ['DE', 'F', 'f', 'finished', 'gh']);
      t.equal(textsOf(log), 'b c D E F');
      const again = reopen(files);
      t.equal(textsOf(again), 'b c D E F');
      t.strictSame(again.hardState, { term: 3, vote: 0 });
    }
  },
);

t.test('on a full disk too, what waits and is truncated fits the new file', async (t) => {
  for (const how of ['ahead', 'behind'] as const) {
    const { files, log } = logOf(['a'.repeat(900), 'b', 'c', 'd', 'e']);
    const ahead = how === 'ahead' ? log.compact(1) : null;
    if (ahead !== null) while (!ahead.step(10_000));
    const events: string[] = [];
    const append = (term: number, first: number, texts: readonly string[]): void =>
      log.append(batchFor(log, { term, first, texts }), (error) =>
        events.push(error === null ? texts.join('') : 'no'),
      );
    files.space = files.used;
    append(2, 6, ['f']);
    append(2, 7, ['g', 'h']);
    append(3, 4, ['D', 'E']);
    append(3, 6, ['F']);
    t.not(log.full, null);
    files.space = files.used + 4000;
    t.equal(finishNow(files, ahead ?? log.compact(1)), null);
    t.strictSame(events, ['f', 'gh', 'DE', 'F']);
    t.equal(textsOf(log), 'b c D E F');
    t.equal(textsOf(reopen(files)), 'b c D E F');
  }
});
