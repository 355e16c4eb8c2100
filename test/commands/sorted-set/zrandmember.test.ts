import t from 'tap';
import { Harness } from '../harness.ts';

function filled(count: number): Harness {
  const h = new Harness();
  for (let i = 0; i < count; i++) h.call('ZADD', 'z', String(i), `m${i}`);
  return h;
}

t.test('ZRANDMEMBER answers one member, or null', async (t) => {
  for (const count of [10, 300]) {
    const h = filled(count);
    const seen = new Set<unknown>();
    for (let i = 0; i < count * 20; i++) seen.add(h.call('ZRANDMEMBER', 'z'));
    t.equal(seen.size, count);
  }
  t.equal(new Harness().call('ZRANDMEMBER', 'none'), null);
});

t.test('a positive count answers different members, at most all', async (t) => {
  const h = filled(200);
  for (const count of [1, 30, 150, 199, 200, 1000]) {
    const members = h.call('ZRANDMEMBER', 'z', String(count)) as string[];
    t.equal(members.length, Math.min(count, 200));
    t.equal(new Set(members).size, members.length);
  }
  t.same(h.call('ZRANDMEMBER', 'z', '0'), []);
  t.same(h.call('ZRANDMEMBER', 'none', '5'), []);
});

t.test('a negative count answers so many, with their scores if wanted', async (t) => {
  const h = filled(3);
  t.equal((h.call('ZRANDMEMBER', 'z', '-50') as string[]).length, 50);
  const pairs = h.call('ZRANDMEMBER', 'z', '-50', 'WITHSCORES') as string[];
  t.equal(pairs.length, 100);
  for (let i = 0; i < 100; i += 2) t.equal(pairs[i], `m${pairs[i + 1]}`);
});

t.test('counts are limited', async (t) => {
  const h = filled(3);
  const range = { error: 'ERR value is out of range' };
  t.same(h.call('ZRANDMEMBER', 'z', '-9000000000000000000'), range);
  t.same(h.call('ZRANDMEMBER', 'z', '-9223372036854775807', 'WITHSCORES'), range);
  t.same(h.call('ZRANDMEMBER', 'z', '9223372036854775807', 'WITHSCORES'), range);
  t.match(h.call('ZRANDMEMBER', 'z', '-9223372036854775808'), { error: /must between/ });
  t.match(h.call('ZRANDMEMBER', 'z', 'x'), { error: /^ERR value is not an integer/ });
  t.same(h.call('ZRANDMEMBER', 'z', '1', 'WITHSCORE'), { error: 'ERR syntax error' });
  h.call('ZADD', 'long', '1', 'x'.repeat(1_000_000));
  t.same(h.call('ZRANDMEMBER', 'long', '-1000'), range);
});
