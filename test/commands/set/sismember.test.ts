import t from 'tap';
import { SetReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

t.test('SISMEMBER and SMISMEMBER tell what is a member', async (t) => {
  const h = new Harness();
  h.call('SADD', 'small', '1', '2');
  h.call('SADD', 'large', ...Array.from({ length: 600 }, (_, i) => `m${i}`));
  t.equal(h.call('SISMEMBER', 'small', '2'), 1);
  t.equal(h.call('SISMEMBER', 'small', '02'), 0);
  t.equal(h.call('SISMEMBER', 'large', 'm599'), 1);
  t.equal(h.call('SISMEMBER', 'none', 'a'), 0);
  t.same(h.call('SMISMEMBER', 'large', 'm1', 'x', 'm1'), [1, 0, 1]);
  t.same(h.call('SMISMEMBER', 'none', 'a', 'b'), [0, 0]);
});

t.test('SCARD counts the members', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', 'a', 'b');
  t.equal(h.call('SCARD', 's'), 2);
  t.equal(h.call('SCARD', 'none'), 0);
});

t.test('SMEMBERS answers a set', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', '3', '1', '2');
  t.same(h.reply('SMEMBERS', 's'), new SetReply(['1', '2', '3']));
  t.same(h.reply('SMEMBERS', 'none'), new SetReply([]));
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 'text', 'x');
  for (const command of [
    ['SISMEMBER', 'text', 'a'],
    ['SMISMEMBER', 'text', 'a'],
    ['SCARD', 'text'],
    ['SMEMBERS', 'text'],
  ]) {
    t.match(h.call(...command), { error: /^WRONGTYPE/ });
  }
});
