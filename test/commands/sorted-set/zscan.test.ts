import t from 'tap';
import { Harness } from '../harness.ts';

t.test('ZSCAN returns a small set whole', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '0.1', 'b', 'inf', 'c');
  t.same(h.call('ZSCAN', 'z', '0', 'COUNT', '1'), ['0', ['b', '0.1', 'a', '1', 'c', 'inf']]);
  t.same(h.call('ZSCAN', 'z', '0', 'MATCH', '[ab]'), ['0', ['b', '0.1', 'a', '1']]);
  t.same(h.call('ZSCAN', 'none', '0'), ['0', []]);
});

t.test('ZSCAN goes through a large set in steps', async (t) => {
  const h = new Harness();
  for (let i = 0; i < 500; i++) h.call('ZADD', 'z', `${i}.1`, `m${i}`);
  const scores = new Map<string, string>();
  let cursor = '0';
  let calls = 0;
  do {
    const [next, items] = h.call('ZSCAN', 'z', cursor, 'COUNT', '20') as [string, string[]];
    for (let i = 0; i < items.length; i += 2) scores.set(items[i] ?? '', items[i + 1] ?? '');
    cursor = next;
    calls++;
  } while (cursor !== '0');
  t.equal(scores.size, 500);
  t.ok(calls > 5 && calls < 100);
  // In the large form with 17 digits, as Redis does.
  t.equal(scores.get('m0'), '0.10000000000000001');
});

t.test('ZSCAN refuses wrong options only where there is a set', async (t) => {
  const h = new Harness();
  h.call('SET', 'text', 'x');
  h.call('ZADD', 'z', '1', 'a');
  const syntax = { error: 'ERR syntax error' };
  for (const cursor of ['x', '-1', '', '18446744073709551616']) {
    t.same(h.call('ZSCAN', 'text', cursor), { error: 'ERR invalid cursor' });
  }
  t.match(h.call('ZSCAN', 'text', '0', 'foo'), { error: /^WRONGTYPE/ });
  t.same(h.call('ZSCAN', 'none', '0', 'foo'), ['0', []]);
  t.same(h.call('ZSCAN', 'z', '0', 'foo'), syntax);
  t.same(h.call('ZSCAN', 'z', '0', 'COUNT', '0'), syntax);
  t.match(h.call('ZSCAN', 'z', '0', 'COUNT', 'x'), { error: /^ERR value is not an integer/ });
  t.equal((h.call('ZSCAN', 'z', '18446744073709551615') as string[])[0], '0');
});
