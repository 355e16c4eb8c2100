import t from 'tap';
import { SetReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function members(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `member-${i}`);
}

function strings(reply: unknown): string[] {
  return reply as string[];
}

t.test('SPOP removes one member, and the key with the last', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a', 'b');
  const first = h.call('SPOP', 's');
  t.ok(first === 'a' || first === 'b');
  t.equal(h.call('SISMEMBER', 's', String(first)), 0);
  h.call('SPOP', 's');
  t.equal(h.call('EXISTS', 's'), 0);
  t.equal(h.call('SPOP', 's'), null);
});

t.test('SPOP with a count removes as many different members', async (t) => {
  for (const size of [10, 100, 1000]) {
    for (const part of [0.1, 0.5, 0.9, 1]) {
      const h = new Harness();
      h.call('SADD', 's', ...members(size));
      const count = size * part;
      const gone = strings(h.call('SPOP', 's', String(count)));
      t.equal(new Set(gone).size, count);
      const left = strings(h.call('SMEMBERS', 's'));
      t.same([...gone, ...left].sort(), members(size).sort());
      t.equal(h.call('EXISTS', 's'), part === 1 ? 0 : 1);
    }
  }
});

t.test('SPOP with a count answers a set', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a');
  t.same(h.reply('SPOP', 's', '0'), new SetReply([]));
  t.same(h.reply('SPOP', 'none', '3'), new SetReply([]));
  t.same(h.reply('SPOP', 's', '9223372036854775807'), new SetReply(['a']));
  t.equal(h.call('EXISTS', 's'), 0);
});

t.test('SPOP chooses all members equally often', async (t) => {
  const h = new Harness();
  const times = new Map<string, number>();
  for (let i = 0; i < 3000; i++) {
    h.call('SADD', 's', ...members(10));
    for (const member of strings(h.call('SPOP', 's', '9'))) {
      times.set(member, (times.get(member) ?? 0) + 1);
    }
  }
  for (const member of members(10)) t.ok(Math.abs((times.get(member) ?? 0) - 2700) < 120);
});

t.test('SPOP of most of a large set does not break a scan', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', ...members(2000));
  const seen = new Set<string>();
  let cursor = '0';
  for (let call = 0; call === 0 || cursor !== '0'; call++) {
    const [next, found] = h.call('SSCAN', 's', cursor, 'COUNT', '100') as [string, string[]];
    for (const member of found) seen.add(member);
    cursor = next;
    if (call === 5) h.call('SPOP', 's', '1700');
  }
  for (const member of strings(h.call('SMEMBERS', 's'))) t.ok(seen.has(member));
});

t.test('SPOP of nothing is no change', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a');
  const version = h.keyspace.database(0).version('s');
  h.call('SPOP', 's', '0');
  t.equal(h.keyspace.database(0).version('s'), version);
});

t.test('SPOP refuses counts that are none', async (t) => {
  const h = new Harness();
  const error = 'ERR value is out of range, must be positive';
  for (const count of ['-1', 'x', '9223372036854775808', '']) {
    t.same(h.call('SPOP', 's', count), { error });
  }
  t.same(h.call('SPOP', 's', '1', '2'), { error: 'ERR syntax error' });
  h.call('SET', 'text', 'x');
  t.match(h.call('SPOP', 'text'), { error: /^WRONGTYPE/ });
  t.match(h.call('SPOP', 'text', '0'), { error: /^WRONGTYPE/ });
});
