import t from 'tap';
import { ReplyWriter } from '../../../src/resp/encoder.ts';
import { Harness } from '../harness.ts';

function filled(): Harness {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '2', 'b', '3', 'c', '4', 'd');
  h.call('ZADD', 'lex', '0', 'a', '0', 'b', '0', 'c', '0', 'd');
  return h;
}

t.test('ZRANGE selects by rank, score or bytes, in either direction', async (t) => {
  const h = filled();
  t.same(h.call('ZRANGE', 'z', '1', '2'), ['b', 'c']);
  t.same(h.call('ZRANGE', 'z', '0', '1', 'REV', 'WITHSCORES'), ['d', '4', 'c', '3']);
  t.same(h.call('ZRANGE', 'z', '(1', '3', 'BYSCORE'), ['b', 'c']);
  t.same(h.call('ZRANGE', 'z', '+inf', '2', 'BYSCORE', 'REV', 'LIMIT', '1', '1'), ['c']);
  t.same(h.call('ZRANGE', 'lex', '[b', '+', 'BYLEX', 'LIMIT', '1', '-1'), ['c', 'd']);
  t.same(h.call('ZRANGE', 'none', '0', '-1'), []);
});

t.test('the older commands do the same', async (t) => {
  const h = filled();
  t.same(h.call('ZREVRANGE', 'z', '0', '1'), ['d', 'c']);
  t.same(h.call('ZRANGEBYSCORE', 'z', '2', '3', 'WITHSCORES'), ['b', '2', 'c', '3']);
  t.same(h.call('ZREVRANGEBYSCORE', 'z', '3', '2', 'LIMIT', '0', '1'), ['c']);
  t.same(h.call('ZRANGEBYLEX', 'lex', '-', '(c'), ['a', 'b']);
  t.same(h.call('ZREVRANGEBYLEX', 'lex', '(c', '-'), ['b', 'a']);
  t.same(h.call('ZREVRANGE', 'z', '0', '1', 'REV'), { error: 'ERR syntax error' });
});

t.test('scores are flat in RESP2 and in pairs in RESP3', async (t) => {
  const h = filled();
  const writer = new ReplyWriter();
  writer.write(h.reply('ZRANGE', 'z', '0', '0', 'WITHSCORES'), 2);
  t.equal(writer.view().toString('latin1'), '*2\r\n$1\r\na\r\n$1\r\n1\r\n');
  writer.reset();
  writer.write(h.reply('ZRANGE', 'z', '0', '0', 'WITHSCORES'), 3);
  t.equal(writer.view().toString('latin1'), '*1\r\n*2\r\n$1\r\na\r\n,1\r\n');
});

t.test('ZRANGESTORE stores what ZRANGE would answer', async (t) => {
  const h = filled();
  h.call('SET', 'to', 'text', 'EX', '100');
  t.equal(h.call('ZRANGESTORE', 'to', 'z', '0', '1', 'REV'), 2);
  t.same(h.call('ZRANGE', 'to', '0', '-1', 'WITHSCORES'), ['c', '3', 'd', '4']);
  t.equal(h.call('TTL', 'to'), -1);
  t.equal(h.call('ZRANGESTORE', 'z', 'z', '2', '+inf', 'BYSCORE', 'LIMIT', '1', '1'), 1);
  t.same(h.call('ZRANGE', 'z', '0', '-1'), ['c']);
});

t.test('ZRANGESTORE of nothing deletes', async (t) => {
  const h = filled();
  t.equal(h.call('ZRANGESTORE', 'z', 'lex', '5', '6'), 0);
  t.equal(h.call('EXISTS', 'z'), 0);
  t.equal(h.call('ZRANGESTORE', 'lex', 'none', '0', '-1'), 0);
  t.equal(h.call('EXISTS', 'lex'), 0);
});

t.test('a range over a large set is the same', async (t) => {
  const h = new Harness();
  for (let i = 0; i < 1000; i++) h.call('ZADD', 'z', String(i), `m${i}`);
  t.same(h.call('ZRANGE', 'z', '500', '502'), ['m500', 'm501', 'm502']);
  t.same(h.call('ZRANGE', 'z', '(700', '703', 'BYSCORE'), ['m701', 'm702', 'm703']);
  t.same(h.call('ZREVRANGEBYSCORE', 'z', '3', '-inf', 'LIMIT', '1', '2'), ['m2', 'm1']);
  t.equal(h.call('ZRANGESTORE', 'to', 'z', '0', '-1'), 1000);
  t.equal(h.call('OBJECT', 'ENCODING', 'to'), 'skiplist');
  t.equal(h.call('ZRANGESTORE', 'to', 'z', '0', '99'), 100);
  t.equal(h.call('OBJECT', 'ENCODING', 'to'), 'listpack');
});

t.test('other types are refused', async (t) => {
  const h = filled();
  h.call('SET', 'text', 'x');
  t.match(h.call('ZRANGE', 'text', '0', '-1'), { error: /^WRONGTYPE/ });
  t.match(h.call('ZRANGESTORE', 'z', 'text', '0', '-1'), { error: /^WRONGTYPE/ });
  t.equal(h.call('ZCARD', 'z'), 4);
});
