import t from 'tap';
import { ReplyWriter } from '../../../src/resp/encoder.ts';
import { Harness } from '../harness.ts';

function encoded(h: Harness, protocol: 2 | 3, ...words: string[]): string {
  const writer = new ReplyWriter();
  writer.write(h.reply(...words), protocol);
  return writer.view().toString('latin1');
}

t.test('ZCARD, ZSCORE and ZMSCORE answer from what is there', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '-2.5', 'b');
  t.equal(h.call('ZCARD', 'z'), 2);
  t.equal(h.call('ZCARD', 'none'), 0);
  t.equal(h.call('ZSCORE', 'z', 'b'), '-2.5');
  t.equal(h.call('ZSCORE', 'z', 'c'), null);
  t.equal(h.call('ZSCORE', 'none', 'c'), null);
  t.same(h.call('ZMSCORE', 'z', 'a', 'x', 'b'), ['1', null, '-2.5']);
  t.same(h.call('ZMSCORE', 'none', 'a', 'x'), [null, null]);
});

t.test('scores are bulk strings in RESP2 and doubles in RESP3', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', 'inf', 'a', '0.1', 'b', '1e20', 'c', '1e21', 'd');
  t.equal(encoded(h, 2, 'ZSCORE', 'z', 'a'), '$3\r\ninf\r\n');
  t.equal(encoded(h, 2, 'ZSCORE', 'z', 'b'), '$3\r\n0.1\r\n');
  t.equal(encoded(h, 3, 'ZSCORE', 'z', 'b'), ',0.1\r\n');
  t.equal(encoded(h, 3, 'ZSCORE', 'z', 'x'), '_\r\n');
});

t.test('ZCOUNT counts by score', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '2', 'b', '2', 'c', '3', 'd', 'inf', 'e');
  t.equal(h.call('ZCOUNT', 'z', '2', '3'), 3);
  t.equal(h.call('ZCOUNT', 'z', '(2', '3'), 1);
  t.equal(h.call('ZCOUNT', 'z', '-inf', '+inf'), 5);
  t.equal(h.call('ZCOUNT', 'z', '-inf', '(inf'), 4);
  t.equal(h.call('ZCOUNT', 'z', '3', '2'), 0);
  t.equal(h.call('ZCOUNT', 'none', '1', '2'), 0);
  t.same(h.call('ZCOUNT', 'z', 'x', '2'), { error: 'ERR min or max is not a float' });
});

t.test('ZLEXCOUNT counts by bytes', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '0', 'a', '0', 'b', '0', 'c', '0', 'd');
  t.equal(h.call('ZLEXCOUNT', 'z', '-', '+'), 4);
  t.equal(h.call('ZLEXCOUNT', 'z', '[b', '(d'), 2);
  t.equal(h.call('ZLEXCOUNT', 'z', '(b', '[bb'), 0);
  t.equal(h.call('ZLEXCOUNT', 'none', '-', '+'), 0);
  t.same(h.call('ZLEXCOUNT', 'z', 'b', '+'), {
    error: 'ERR min or max not valid string range item',
  });
});

t.test('bounds are looked at before the type', async (t) => {
  const h = new Harness();
  h.call('SET', 'text', 'x');
  t.match(h.call('ZCOUNT', 'text', 'x', '1'), { error: /^ERR min/ });
  for (const words of [
    ['ZCARD', 'text'],
    ['ZSCORE', 'text', 'a'],
    ['ZMSCORE', 'text', 'a'],
    ['ZCOUNT', 'text', '0', '1'],
    ['ZLEXCOUNT', 'text', '-', '+'],
  ]) {
    t.match(h.call(...words), { error: /^WRONGTYPE/ });
  }
});
