import t from 'tap';
import { Harness } from '../harness.ts';

function members(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `member-${i}`);
}

function strings(reply: unknown): string[] {
  return reply as string[];
}

t.test('SRANDMEMBER answers one member, which stays', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a', 'b');
  t.ok(['a', 'b'].includes(String(h.call('SRANDMEMBER', 's'))));
  t.equal(h.call('SCARD', 's'), 2);
  t.equal(h.call('SRANDMEMBER', 'none'), null);
});

t.test('SRANDMEMBER with a count answers as many different members, or all', async (t) => {
  const h = new Harness();
  for (const size of [10, 1000]) {
    h.call('SADD', 's', ...members(size));
    for (const count of [1, size / 5, size / 2, size - 1]) {
      t.equal(new Set(strings(h.call('SRANDMEMBER', 's', String(count)))).size, count);
    }
    const all = strings(h.call('SRANDMEMBER', 's', '9223372036854775807'));
    t.same(all.sort(), members(size).sort());
  }
});

t.test('SRANDMEMBER with a negative count answers as many that may be equal', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a', 'b', 'c');
  const drawn = strings(h.call('SRANDMEMBER', 's', '-3000'));
  t.equal(drawn.length, 3000);
  for (const member of ['a', 'b', 'c']) {
    t.ok(Math.abs(drawn.filter((one) => one === member).length - 1000) < 150);
  }
});

t.test('SRANDMEMBER with a count answers an array, never a set', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a');
  t.same(h.reply('SRANDMEMBER', 's', '5'), ['a']);
  t.same(h.reply('SRANDMEMBER', 's', '-1'), ['a']);
  t.same(h.reply('SRANDMEMBER', 's', '0'), []);
  t.same(h.reply('SRANDMEMBER', 'none', '5'), []);
});

t.test('SRANDMEMBER refuses counts out of range', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a');
  t.same(h.call('SRANDMEMBER', 's', '-9223372036854775808'), {
    error:
      'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
  });
  t.same(h.call('SRANDMEMBER', 's', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
  t.same(h.call('SRANDMEMBER', 's', '1', '2'), { error: 'ERR syntax error' });
  h.call('SET', 'text', 'x');
  t.match(h.call('SRANDMEMBER', 'text'), { error: /^WRONGTYPE/ });
});

t.test('SRANDMEMBER never answers more than fits in memory', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'x'.repeat(1024 * 1024));
  const error = { error: 'ERR value is out of range' };
  t.same(h.call('SRANDMEMBER', 's', '-9223372036854775807'), error);
  t.same(h.call('SRANDMEMBER', 's', '-600'), error);
  t.equal(strings(h.call('SRANDMEMBER', 's', '-500')).length, 500);
});
