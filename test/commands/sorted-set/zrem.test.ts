import t from 'tap';
import { Harness } from '../harness.ts';

function filled(): Harness {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '2', 'b', '3', 'c', '4', 'd');
  return h;
}

t.test('ZREM answers how many were there, and deletes what is empty', async (t) => {
  const h = filled();
  t.equal(h.call('ZREM', 'z', 'a', 'x', 'c', 'a'), 2);
  t.same(h.call('ZRANGE', 'z', '0', '-1'), ['b', 'd']);
  t.equal(h.call('ZREM', 'z', 'b', 'd'), 2);
  t.equal(h.call('EXISTS', 'z'), 0);
  t.equal(h.call('ZREM', 'z', 'b'), 0);
});

t.test('ZREMRANGEBYRANK, BYSCORE and BYLEX remove ranges', async (t) => {
  const h = filled();
  t.equal(h.call('ZREMRANGEBYRANK', 'z', '-1', '-1'), 1);
  t.equal(h.call('ZREMRANGEBYSCORE', 'z', '(1', '2'), 1);
  t.same(h.call('ZRANGE', 'z', '0', '-1'), ['a', 'c']);
  t.equal(h.call('ZREMRANGEBYSCORE', 'z', '5', '6'), 0);
  h.call('ZADD', 'lex', '0', 'a', '0', 'b', '0', 'c');
  t.equal(h.call('ZREMRANGEBYLEX', 'lex', '[b', '+'), 2);
  t.equal(h.call('ZREMRANGEBYLEX', 'lex', '-', '+'), 1);
  t.equal(h.call('EXISTS', 'lex'), 0);
  t.equal(h.call('ZREMRANGEBYRANK', 'none', '0', '-1'), 0);
});

t.test('ranges that are none are refused before the type', async (t) => {
  const h = new Harness();
  h.call('SET', 'text', 'x');
  t.match(h.call('ZREMRANGEBYRANK', 'text', 'x', '1'), { error: /^ERR value is not an integer/ });
  t.match(h.call('ZREMRANGEBYSCORE', 'text', 'x', '1'), { error: /^ERR min or max is not a/ });
  t.match(h.call('ZREMRANGEBYLEX', 'text', 'x', '+'), { error: /^ERR min or max not valid/ });
  t.match(h.call('ZREMRANGEBYLEX', 'text', '-', '+'), { error: /^WRONGTYPE/ });
  t.match(h.call('ZREM', 'text', 'a'), { error: /^WRONGTYPE/ });
});

t.test('what removes nothing is no change', async (t) => {
  const h = filled();
  const db = h.keyspace.database(0);
  const version = db.version('z');
  h.call('ZREM', 'z', 'x');
  h.call('ZREMRANGEBYRANK', 'z', '7', '8');
  t.equal(db.version('z'), version);
  h.call('ZREM', 'z', 'a');
  t.ok(db.version('z') > version);
});

t.test('a large set loses a range of many', async (t) => {
  const h = new Harness();
  for (let i = 0; i < 1000; i++) h.call('ZADD', 'z', String(i), `m${i}`);
  t.equal(h.call('ZREMRANGEBYSCORE', 'z', '100', '(900'), 800);
  t.same(h.call('ZRANGE', 'z', '99', '100'), ['m99', 'm900']);
  t.equal(h.call('ZREMRANGEBYRANK', 'z', '0', '-1'), 200);
  t.equal(h.call('EXISTS', 'z'), 0);
});
