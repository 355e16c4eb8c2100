import t from 'tap';
import { checkRoundTrips, ValueDigest } from '../../../src/commands/server/debug-value.ts';
import { digest } from '../../../src/keyspace/digest.ts';
import { RawString } from '../../../src/keyspace/raw-string.ts';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

/** Something of every type, in several databases. */
function filled(): Harness {
  const h = new Harness();
  for (const db of [0, 3]) {
    h.selected = db;
    h.call('MSET', 'int', '12', 'text', 'hello', 'raw', 'x'.repeat(20_000));
    h.call('RPUSH', 'list', 'a', '5', 'b');
    h.call('SADD', 'set', 'a', '5', 'b');
    h.call('ZADD', 'zset', '1.5', 'a', '-0', 'b', 'inf', 'c');
    h.call('HSET', 'hash', 'f', 'v', 'g', 'w', 'gone', 'x');
    h.call('HPEXPIREAT', 'hash', String(h.now + 5000), 'FIELDS', '1', 'f');
    h.call('HPEXPIREAT', 'hash', String(h.now + 10), 'FIELDS', '1', 'gone');
    for (let i = 1; i < 250; i++)
      h.call('XADD', 'stream', `${i}-1`, 'name', `value ${i}`, 'n', '7');
    h.call('XDEL', 'stream', '3-1', '120-1', '249-1');
    h.call('XGROUP', 'CREATE', 'stream', 'g', '0');
    h.call('XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', '5', 'STREAMS', 'stream', '>');
    h.call('XGROUP', 'CREATECONSUMER', 'stream', 'g', 'idle');
    h.call('SET', 'expires', 'v', 'PX', '9000');
  }
  h.now = (h.now + 20) as typeof h.now;
  h.apply();
  return h;
}

t.test('every value comes back from its saved form', async (t) => {
  t.equal(checkRoundTrips(filled().keyspace), null);
});

t.test('looking at saved forms changes nothing', async (t) => {
  const h = filled();
  const before = digest(h.keyspace);
  const { dirty } = h.keyspace;
  checkRoundTrips(h.keyspace);
  t.equal(digest(h.keyspace), before);
  t.equal(h.keyspace.dirty, dirty);
});

t.test('a digest of values depends on type and content alone', async (t) => {
  const h = filled();
  const digests = new ValueDigest(h.keyspace.clock);
  const other = filled();
  other.call('DEL', 'set');
  other.call('SADD', 'set', 'b', 'x', 'a', '5');
  other.call('SREM', 'set', 'x');
  const seen = new Set<string>();
  for (const key of ['int', 'text', 'raw', 'list', 'set', 'zset', 'hash', 'stream']) {
    const value = h.keyspace.database(0).peek(key);
    const same = other.keyspace.database(0).peek(key);
    if (value === undefined || same === undefined) throw new Error(`${key} is there`);
    t.equal(digests.of(value), digests.of(same), key);
    t.match(digests.of(value), /^[0-9a-f]{40}$/);
    seen.add(digests.of(value));
  }
  t.equal(seen.size, 8);
  t.equal(digests.of('12'), digests.of(12));
  t.equal(digests.of(RawString.ofText('abc')), digests.of('abc'));
  t.not(digests.of(new FakeCollection(['a'])), digests.of('a'));
});
