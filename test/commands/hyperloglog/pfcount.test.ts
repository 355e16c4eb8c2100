import t from 'tap';
import { Harness } from '../harness.ts';

function elements(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `element-${from + i}`);
}

/** Elements, and what a real Redis counts. */
const COUNTS = [
  [1, 1],
  [10, 10],
  [1000, 994],
  [2000, 2002],
  [20_000, 19_902],
  [100_000, 100_917],
] as const;

t.test('PFCOUNT counts about right, and as Redis does', async (t) => {
  const h = new Harness();
  let added = 0;
  t.equal(h.call('PFCOUNT', 'k'), 0);
  for (const [count, expected] of COUNTS) {
    while (added < count) {
      const next = Math.min(count, added + 10_000);
      h.call('PFADD', 'k', ...elements(added, next));
      added = next;
    }
    t.equal(h.call('PFCOUNT', 'k'), expected);
  }
});

t.test('PFCOUNT of several keys counts what they have seen together', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'a', ...elements(0, 3));
  h.call('PFADD', 'b', ...elements(2, 5));
  h.call('PFADD', 'c', ...elements(0, 5000));
  t.equal(h.call('PFCOUNT', 'a', 'b', 'none'), 5);
  t.equal(h.call('PFCOUNT', 'a', 'a'), 3);
  t.equal(h.call('PFCOUNT', 'a', 'c'), h.call('PFCOUNT', 'c'));
});

t.test('PFCOUNT changes nothing', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'k', ...elements(0, 5000));
  const before = h.call('GET', 'k');
  const version = h.keyspace.database(0).version('k');
  h.call('PFCOUNT', 'k');
  t.equal(h.call('GET', 'k'), before);
  t.equal(h.keyspace.database(0).version('k'), version);
});

t.test('PFCOUNT notices every change, by whatever command', async (t) => {
  const h = new Harness();
  for (const size of [10, 5000]) {
    h.call('DEL', 'k');
    h.call('PFADD', 'k', ...elements(0, size));
    const bytes = String(h.call('GET', 'k'));
    const count = Number(h.call('PFCOUNT', 'k'));
    t.equal(h.call('PFCOUNT', 'k'), count);
    h.call('PFADD', 'k', 'x', 'y', 'z');
    t.not(h.call('PFCOUNT', 'k'), count);
    h.call('SETRANGE', 'k', '0', bytes);
    h.call('SETRANGE', 'k', '8', '\x07\0\0\0\0\0\0\0');
    t.equal(h.call('PFCOUNT', 'k'), 7);
    h.call('SETRANGE', 'k', '0', 'X');
    t.match(h.call('PFCOUNT', 'k'), { error: /^WRONGTYPE Key/ });
  }
});

t.test('PFCOUNT trusts the count that Redis left in the head', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'HYLL\x01\0\0\0\x05\0\0\0\0\0\0\0\x7f\xff');
  t.equal(h.call('PFCOUNT', 'k'), 5);
  t.equal(h.call('PFCOUNT', 'k', 'none'), 0);
  h.call('SET', 'k', 'HYLL\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7f\x7f\xff');
  t.equal(h.call('PFCOUNT', 'k'), 9223372036854775807n);
});

t.test('PFCOUNT refuses what is no HyperLogLog or corrupt', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'good', 'a');
  h.call('SET', 'text', 'x');
  h.call('SET', 'corrupt', `HYLL\x01${'\0'.repeat(10)}\x80\x00`);
  for (const keys of [['text'], ['good', 'text'], ['text', 'none']]) {
    t.match(h.call('PFCOUNT', ...keys), { error: /^WRONGTYPE Key/ });
  }
  for (const keys of [['corrupt'], ['good', 'corrupt']]) {
    t.match(h.call('PFCOUNT', ...keys), { error: /^INVALIDOBJ/ });
  }
});
