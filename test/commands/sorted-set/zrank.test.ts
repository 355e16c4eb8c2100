import t from 'tap';
import { NULL_ARRAY } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

t.test('ZRANK counts from below, ZREVRANK from above', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '2', 'b', '3', 'c');
  t.equal(h.call('ZRANK', 'z', 'a'), 0);
  t.equal(h.call('ZRANK', 'z', 'c'), 2);
  t.equal(h.call('ZREVRANK', 'z', 'a'), 2);
  t.equal(h.call('ZRANK', 'z', 'x'), null);
  t.equal(h.call('ZREVRANK', 'none', 'x'), null);
});

t.test('WITHSCORE makes it a pair, or a null array', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '2.5', 'b');
  t.same(h.call('ZRANK', 'z', 'b', 'withscore'), [1, '2.5']);
  t.same(h.call('ZREVRANK', 'z', 'b', 'WITHSCORE'), [0, '2.5']);
  t.equal(h.reply('ZRANK', 'z', 'x', 'WITHSCORE'), NULL_ARRAY);
  t.equal(h.reply('ZRANK', 'none', 'x', 'WITHSCORE'), NULL_ARRAY);
});

t.test('ZRANK refuses other words and other types', async (t) => {
  const h = new Harness();
  h.call('SET', 'text', 'x');
  t.same(h.call('ZRANK', 'text', 'a', 'WITHSCORES'), { error: 'ERR syntax error' });
  t.same(h.call('ZREVRANK', 'z', 'a', 'WITHSCORE', 'x'), {
    error: "ERR wrong number of arguments for 'zrevrank' command",
  });
  t.match(h.call('ZRANK', 'text', 'a'), { error: /^WRONGTYPE/ });
});
