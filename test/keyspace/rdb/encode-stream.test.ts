import t from 'tap';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { buildValue } from '../../../src/keyspace/rdb/build.ts';
import { dumpValue, readDump } from '../../../src/keyspace/rdb/dump.ts';
import { Stream } from '../../../src/keyspace/stream.ts';
import { StreamFields } from '../../../src/keyspace/stream-fields.ts';

const hash = new KeyHash({ high: 1, low: 2 });

/**
 * A DUMP of redis-server 7.0.15 without compression: entries 2-5 {a: b, c: d} and 2-6 {x: y}, before
 * them a deleted 1-1; a group g, whose consumer c1 has got 2-5.
 */
const CAPTURED: string = [
  '1301100000000000000001000000000000000140414100000019000201010102',
  '0181610281630200010301000100018162028164020501020101010401816202',
  '816402050100010101050101018178028179020601ff02020602050101030101',
  '6702050201000000000000000200000000000000053f28defba1010000010102',
  '63313f28defba10100000100000000000000020000000000000005',
].join('');

function load(hex: string): Stream {
  // Version and checksum are not looked at here.
  const value = readDump(Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(10)]));
  const built = value && buildValue(value, { hash, now: 0 });
  if (built?.kind !== 'value' || !(built.value instanceof Stream)) throw new Error('no stream');
  return built.value;
}

function withoutFooter(stream: Stream, form: 'oldest' | 'newest'): string {
  return dumpValue(stream, form)?.subarray(0, -10).toString('hex') ?? '';
}

t.test('a stream is dumped to the same bytes as by Redis 7.0', async (t) => {
  const stream = load(CAPTURED);
  t.equal(stream.size, 2);
  t.equal(withoutFooter(stream, 'oldest'), CAPTURED);
});

t.test('a stream goes on as it was when entries are added', async (t) => {
  const stream = load(CAPTURED);
  stream.append({ ms: 2, seq: 7 }, StreamFields.of(['a', 'e', 'c', 'f']));
  t.equal(stream.entries.nodeCount, 1);
  t.equal(
    withoutFooter(load(withoutFooter(stream, 'oldest')), 'oldest'),
    withoutFooter(stream, 'oldest'),
  );
});

t.test('the newest form keeps when consumers were active', async (t) => {
  const stream = load(CAPTURED);
  const consumer = stream.group('g')?.consumer('c1');
  t.ok(consumer !== undefined);
  if (consumer === undefined) return;
  consumer.activeTime = 12345;
  const read = (form: 'oldest' | 'newest'): number | undefined =>
    load(withoutFooter(stream, form)).group('g')?.consumer('c1')?.activeTime;
  t.equal(read('newest'), 12345);
  t.equal(read('oldest'), consumer.seenTime);
});

t.test('ids of all 64 bits come back', async (t) => {
  const stream = new Stream();
  const max = 2n ** 64n - 1n;
  const ids = [
    { ms: 1, seq: 1 },
    { ms: 1, seq: max },
    { ms: 2n ** 63n, seq: 0 },
    { ms: max, seq: max },
  ];
  for (const id of ids) stream.append(id, StreamFields.of(['f', 'v']));
  const found: unknown[] = [];
  load(withoutFooter(stream, 'oldest')).entries.walk((entry) => found.push(entry.id) > 0);
  t.same(found, ids);
});

t.test('fields with long names come back', async (t) => {
  const stream = new Stream();
  const name = 'n'.repeat(5000);
  stream.append({ ms: 1, seq: 1 }, StreamFields.of([name, 'v', '7', '-8']));
  const found: unknown[] = [];
  load(withoutFooter(stream, 'oldest')).entries.walk((entry) => {
    found.push(...entry.fields());
    return true;
  });
  t.same(found, [name, 'v', '7', '-8']);
});
