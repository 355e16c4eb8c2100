import t from 'tap';
import { SetReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function withSets(): Harness {
  const h = new Harness();
  h.call('SADD', 'a', '1', '2', '3');
  h.call('SADD', 'b', '2', '3', '4');
  h.call('SADD', 'words', 'x', '3');
  h.call('SET', 'text', 'x');
  return h;
}

t.test('SINTER answers the members in common as a set', async (t) => {
  const h = withSets();
  t.same(h.reply('SINTER', 'a', 'b'), new SetReply(['2', '3']));
  t.same(h.reply('SINTER', 'a', 'b', 'words'), new SetReply(['3']));
  t.same(h.reply('SINTER', 'a', 'none'), new SetReply([]));
});

t.test('SINTER refuses other types even where another set is empty', async (t) => {
  const h = withSets();
  t.match(h.call('SINTER', 'none', 'text'), { error: /^WRONGTYPE/ });
  t.match(h.call('SINTERCARD', '2', 'none', 'text'), { error: /^WRONGTYPE/ });
  t.match(h.call('SINTERSTORE', 'd', 'none', 'text'), { error: /^WRONGTYPE/ });
});

t.test('SINTERCARD counts up to a limit', async (t) => {
  const h = withSets();
  t.equal(h.call('SINTERCARD', '2', 'a', 'b'), 2);
  t.equal(h.call('SINTERCARD', '2', 'a', 'b', 'LIMIT', '1'), 1);
  t.equal(h.call('SINTERCARD', '2', 'a', 'b', 'limit', '0'), 2);
  t.equal(h.call('SINTERCARD', '1', 'a', 'LIMIT', '1', 'LIMIT', '9'), 3);
});

t.test('SINTERCARD refuses what it cannot read', async (t) => {
  const h = withSets();
  const few = { error: 'ERR numkeys should be greater than 0' };
  for (const count of ['0', '-1', 'x', '9223372036854775808']) {
    t.same(h.call('SINTERCARD', count, 'a'), few);
  }
  t.same(h.call('SINTERCARD', '3', 'a', 'b'), {
    error: "ERR Number of keys can't be greater than number of args",
  });
  for (const limit of ['-1', 'x']) {
    t.same(h.call('SINTERCARD', '1', 'a', 'LIMIT', limit), {
      error: "ERR LIMIT can't be negative",
    });
  }
  t.same(h.call('SINTERCARD', '1', 'a', 'LIMIT'), { error: 'ERR syntax error' });
  t.same(h.call('SINTERCARD', '1', 'a', 'b'), { error: 'ERR syntax error' });
});

t.test('SINTERSTORE replaces any value, and its time to live', async (t) => {
  const h = withSets();
  h.call('SET', 'd', 'x', 'EX', '100');
  t.equal(h.call('SINTERSTORE', 'd', 'a', 'b'), 2);
  t.same(h.call('SMEMBERS', 'd'), ['2', '3']);
  t.equal(h.call('TTL', 'd'), -1);
  t.equal(h.call('SINTERSTORE', 'a', 'a', 'b'), 2);
  t.same(h.call('SMEMBERS', 'a'), ['2', '3']);
});

t.test('SINTERSTORE of nothing deletes the key', async (t) => {
  const h = withSets();
  t.equal(h.call('SINTERSTORE', 'text', 'a', 'none'), 0);
  t.equal(h.call('EXISTS', 'text'), 0);
});

t.test('SINTERSTORE of integers from a mixed set is an intset', async (t) => {
  const h = withSets();
  h.call('SINTERSTORE', 'd', 'words', 'a');
  t.equal(h.call('OBJECT', 'ENCODING', 'd'), 'intset');
});
