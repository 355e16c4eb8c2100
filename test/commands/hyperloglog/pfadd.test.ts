import t from 'tap';
import { Harness } from '../harness.ts';

/** What a real Redis has after PFADD k a b c. */
const ABC = '48594c4c01000000000000000000008060f38050b1844bfb80425a';

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `element-${i}`);
}

t.test('PFADD tells whether anything changed', async (t) => {
  const h = new Harness();
  t.equal(h.call('PFADD', 'k', 'a', 'b'), 1);
  t.equal(h.call('PFADD', 'k', 'a'), 0);
  t.equal(h.call('PFADD', 'k', 'c'), 1);
  t.equal(h.call('PFADD', 'k'), 0);
  t.equal(h.call('PFADD', 'empty'), 1);
  t.equal(h.call('GET', 'empty'), `HYLL\x01${'\0'.repeat(10)}\x80\x7f\xff`);
});

t.test('PFADD leaves the bytes that Redis leaves', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'k', 'a', 'b', 'c');
  t.equal(Buffer.from(String(h.call('GET', 'k')), 'latin1').toString('hex'), ABC);
  t.equal(h.call('OBJECT', 'ENCODING', 'k'), 'raw');
});

t.test('PFADD keeps the time to live and counts as a change only if there is one', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'k', 'a');
  h.call('EXPIRE', 'k', '10');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  h.call('PFADD', 'k', 'a');
  t.equal(db.version('k'), version);
  h.call('PFADD', 'k', 'b');
  t.ok(db.version('k') > version);
  t.equal(h.call('TTL', 'k'), 10);
});

t.test('PFADD works on a HyperLogLog that a client set, and on its copy apart', async (t) => {
  const h = new Harness();
  const more = numbers(6000).slice(5000);
  for (const count of [3, 5000]) {
    h.call('PFADD', 'k', ...numbers(count));
    const bytes = String(h.call('GET', 'k'));
    h.call('SET', 'set', bytes);
    h.call('COPY', 'k', 'copy', 'REPLACE');
    t.equal(h.call('PFADD', 'set', ...more), 1);
    t.equal(h.call('PFADD', 'copy', ...more), 1);
    t.equal(h.call('GET', 'set'), h.call('GET', 'copy'));
    t.equal(h.call('GET', 'k'), bytes);
  }
});

t.test('PFADD of many elements makes it dense', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'k', ...numbers(1000));
  t.equal(h.call('PFDEBUG', 'ENCODING', 'k'), 'sparse');
  h.call('PFADD', 'k', ...numbers(3000));
  t.equal(h.call('PFDEBUG', 'ENCODING', 'k'), 'dense');
  t.equal(h.call('STRLEN', 'k'), 12_304);
});

t.test('PFADD refuses what is no HyperLogLog, and leaves what is corrupt as it is', async (t) => {
  const h = new Harness();
  const wrong = { error: 'WRONGTYPE Key is not a valid HyperLogLog string value.' };
  for (const text of ['x', '12', 'HYLL', `HYLL\x02${'\0'.repeat(20)}`]) {
    h.call('SET', 'k', text);
    t.same(h.call('PFADD', 'k', 'a'), wrong);
    t.equal(h.call('GET', 'k'), text);
  }
  const corrupt = `HYLL\x01${'\0'.repeat(11)}\x00\x00`;
  h.call('SET', 'k', corrupt);
  t.same(h.call('PFADD', 'k', 'a', 'b'), { error: 'INVALIDOBJ Corrupted HLL object detected' });
  t.equal(h.call('GET', 'k'), corrupt);
  h.call('SADD', 'set', 'a');
  t.match(h.call('PFADD', 'set', 'a'), { error: /^WRONGTYPE Operation/ });
});
