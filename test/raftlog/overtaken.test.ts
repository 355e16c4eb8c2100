import t from 'tap';
import type { QueuedBatch } from '../../raftlog/group-encoder.ts';
import { lastEntry, withoutOvertaken } from '../../raftlog/overtaken.ts';

function batch(first: number, count: number, truncates = false): QueuedBatch {
  const pieces = count === 0 ? [] : [Buffer.alloc(count * 40)];
  const hardState = { term: first, vote: 0 };
  const bytes = count * 40;
  return { hardState, first, count, truncates, chain: first * 10, pieces, bytes, done: () => {} };
}

t.test('batches that follow the log stay as they are', async (t) => {
  const queue = [batch(11, 2), batch(13, 0), batch(7, 3, true), batch(10, 1)];
  t.strictSame(withoutOvertaken(queue, 10, 99), queue);
  const truncating = [batch(5, 1, true)];
  t.strictSame(withoutOvertaken(truncating, 10, 99), truncating);
  t.strictSame(withoutOvertaken(truncating, 4, 99), truncating);
});

t.test('what is dropped behind the end of the log keeps its hard state alone', async (t) => {
  const queue = [batch(11, 2), batch(7, 1, true), batch(5, 2, true), batch(7, 1)];
  const [first, second, ...others] = withoutOvertaken(queue, 4, 99);
  const nothing = { first: 5, count: 0, truncates: false, chain: 99, pieces: [], bytes: 0 };
  t.match([first, second], [{ ...nothing, hardState: { term: 11 } }, nothing]);
  t.strictSame([first?.done, second?.done], [queue[0]?.done, queue[1]?.done]);
  t.strictSame(others, queue.slice(2));
});

t.test('the last entry of the file is told as far as nothing that waits drops it', async (t) => {
  t.equal(lastEntry(batch(11, 2), []), 12);
  t.equal(lastEntry(batch(11, 0), [batch(11, 1)]), 10);
  t.equal(lastEntry(batch(11, 2), [batch(13, 1), batch(9, 1, true), batch(7, 1, true)]), 6);
});
