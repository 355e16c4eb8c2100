import t from 'tap';
import { Harness } from '../harness.ts';

function members(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `member-${i}`);
}

type Page = [cursor: string, members: string[]];

t.test('SSCAN answers a small set whole, whatever the cursor', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', '1', '2', '3');
  t.same(h.call('SSCAN', 's', '0', 'COUNT', '1'), ['0', ['1', '2', '3']]);
  t.same(h.call('SSCAN', 's', '18446744073709551615'), ['0', ['1', '2', '3']]);
  t.same(h.call('SSCAN', 'none', '0'), ['0', []]);
});

t.test('SSCAN finds all that is there throughout while others come and go', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', ...members(1000));
  const seen = new Set<string>();
  let cursor = '0';
  let calls = 0;
  do {
    const [next, found] = h.call('SSCAN', 's', cursor, 'COUNT', '7') as Page;
    for (const member of found) seen.add(member);
    cursor = next;
    h.call('SREM', 's', `member-${(calls * 37) % 500}`);
    h.call('SADD', 's', `new-${calls++}`);
  } while (cursor !== '0');
  t.equal(calls, Math.ceil(1000 / 7));
  for (const member of members(1000).slice(500)) t.ok(seen.has(member));
});

t.test('SSCAN goes on from a cursor beyond the members, and takes any count', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', ...members(600));
  const [cursor, found] = h.call('SSCAN', 's', '99999999999') as Page;
  t.equal(cursor, '590');
  t.equal(found.length, 10);
  const [end, all] = h.call('SSCAN', 's', '0', 'COUNT', '9223372036854775807') as Page;
  t.equal(end, '0');
  t.equal(all.length, 600);
});

t.test('SSCAN answers members that match', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'ab', 'ac', 'b');
  t.same(h.call('SSCAN', 's', '0', 'match', 'a*'), ['0', ['ab', 'ac']]);
  t.same(h.call('SSCAN', 's', '0', 'MATCH', '*'), ['0', ['ab', 'ac', 'b']]);
});

t.test('SSCAN says what is wrong with the cursor first, with options only of a set', async (t) => {
  const h = new Harness();
  const cursor = { error: 'ERR invalid cursor' };
  const syntax = { error: 'ERR syntax error' };
  h.call('SADD', 's', 'a');
  h.call('SET', 'text', 'x');
  t.same(h.call('SSCAN', 'none', 'x'), cursor);
  t.same(h.call('SSCAN', 's', '18446744073709551616'), cursor);
  t.same(h.call('SSCAN', 'none', '0', 'NOPE'), ['0', []]);
  t.match(h.call('SSCAN', 'text', '0', 'NOPE'), { error: /^WRONGTYPE/ });
  for (const options of [['NOPE'], ['COUNT'], ['COUNT', '0'], ['TYPE', 'set'], ['NOVALUES']]) {
    t.same(h.call('SSCAN', 's', '0', ...options), syntax);
  }
  t.same(h.call('SSCAN', 's', '0', 'COUNT', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
});
