import t from 'tap';
import { Harness } from '../harness.ts';

function withFields(count: number): Harness {
  const h = new Harness();
  for (let i = 0; i < count; i++) h.call('HSET', 'h', `f${i}`, `v${i}`);
  return h;
}

function page(reply: unknown): { cursor: string; items: string[] } {
  if (!Array.isArray(reply)) throw new Error('not a page');
  return { cursor: reply[0], items: reply[1] };
}

t.test('HSCAN answers a small hash at once, whatever the cursor', async (t) => {
  const h = withFields(3);
  const all = ['0', ['f0', 'v0', 'f1', 'v1', 'f2', 'v2']];
  t.same(h.call('HSCAN', 'h', '0'), all);
  t.same(h.call('HSCAN', 'h', '18446744073709551615', 'COUNT', '1'), all);
  t.same(h.call('HSCAN', 'none', '0'), ['0', []]);
});

t.test('HSCAN goes through a large hash in pages', async (t) => {
  const h = withFields(1000);
  const seen = new Map<string, string>();
  let cursor = '0';
  let calls = 0;
  do {
    const { cursor: next, items } = page(h.call('HSCAN', 'h', cursor, 'COUNT', '100'));
    for (let i = 0; i < items.length; i += 2) seen.set(items[i] ?? '', items[i + 1] ?? '');
    cursor = next;
    calls++;
  } while (cursor !== '0');
  t.equal(calls, 10);
  t.equal(seen.size, 1000);
  t.equal(seen.get('f77'), 'v77');
});

t.test('MATCH filters and NOVALUES leaves the values out', async (t) => {
  const h = withFields(30);
  t.same(h.call('HSCAN', 'h', '0', 'MATCH', '*7'), ['0', ['f7', 'v7', 'f17', 'v17', 'f27', 'v27']]);
  t.same(h.call('HSCAN', 'h', '0', 'novalues', 'MATCH', 'f?', 'COUNT', '5'), [
    '0',
    Array.from({ length: 10 }, (_, i) => `f${i}`),
  ]);
  t.equal(page(h.call('HSCAN', 'h', '0', 'MATCH', '*', 'NOVALUES')).items.length, 30);
});

t.test('cursors and options are checked in the order of Redis', async (t) => {
  const h = withFields(3);
  h.call('SET', 's', 'x');
  for (const cursor of ['x', '', '1.5', '18446744073709551616']) {
    t.same(h.call('HSCAN', 's', cursor), { error: 'ERR invalid cursor' });
  }
  t.match(h.call('HSCAN', 's', '0', 'FOO'), { error: /^WRONGTYPE/ });
  t.same(h.call('HSCAN', 'none', '0', 'FOO'), ['0', []]);
  for (const options of [['FOO'], ['COUNT'], ['MATCH'], ['COUNT', '0'], ['TYPE', 'hash']]) {
    t.same(h.call('HSCAN', 'h', '0', ...options), { error: 'ERR syntax error' });
  }
  t.same(h.call('HSCAN', 'h', '0', 'COUNT', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
});

t.test('any count is taken', async (t) => {
  const h = withFields(300);
  const { cursor, items } = page(h.call('HSCAN', 'h', '0', 'COUNT', '9223372036854775807'));
  t.equal(cursor, '0');
  t.equal(items.length, 600);
});
