import t from 'tap';
import { Harness } from '../harness.ts';

const SYNTAX_ERROR = { error: 'ERR syntax error' };
const WRONG_TYPE = { error: /^WRONGTYPE/ };

function lists(): Harness {
  const h = new Harness();
  h.call('RPUSH', 'from', 'a', 'b', 'c');
  h.call('RPUSH', 'to', 'x');
  h.call('SET', 's', 'v');
  return h;
}

t.test('LMOVE moves an element between any two ends', async (t) => {
  const h = lists();
  t.equal(h.call('LMOVE', 'from', 'to', 'LEFT', 'RIGHT'), 'a');
  t.equal(h.call('LMOVE', 'from', 'to', 'right', 'left'), 'c');
  t.same(h.call('LRANGE', 'to', '0', '-1'), ['c', 'x', 'a']);
  t.same(h.call('LRANGE', 'from', '0', '-1'), ['b']);
});

t.test('LMOVE of the last element deletes the source, and makes the destination', async (t) => {
  const h = lists();
  for (let i = 0; i < 3; i++) h.call('LMOVE', 'from', 'new', 'LEFT', 'LEFT');
  t.equal(h.call('EXISTS', 'from'), 0);
  t.same(h.call('LRANGE', 'new', '0', '-1'), ['c', 'b', 'a']);
});

t.test('a list is rotated within itself', async (t) => {
  const h = lists();
  t.equal(h.call('LMOVE', 'from', 'from', 'LEFT', 'RIGHT'), 'a');
  t.same(h.call('LRANGE', 'from', '0', '-1'), ['b', 'c', 'a']);
  t.equal(h.call('RPOPLPUSH', 'to', 'to'), 'x');
  t.same(h.call('LRANGE', 'to', '0', '-1'), ['x']);
});

t.test('RPOPLPUSH moves from the tail to the head', async (t) => {
  const h = lists();
  t.equal(h.call('RPOPLPUSH', 'from', 'to'), 'c');
  t.same(h.call('LRANGE', 'to', '0', '-1'), ['c', 'x']);
});

t.test('a move keeps the time to live of the destination', async (t) => {
  const h = lists();
  h.call('EXPIRE', 'to', '10');
  h.call('RPOPLPUSH', 'from', 'to');
  t.equal(h.call('TTL', 'to'), 10);
});

t.test('a move changes nothing where it is refused', async (t) => {
  const h = lists();
  t.same(h.call('LMOVE', 's', 'to', 'LEFT', 'UP'), SYNTAX_ERROR);
  t.match(h.call('LMOVE', 's', 'to', 'LEFT', 'LEFT'), WRONG_TYPE);
  t.match(h.call('LMOVE', 'from', 's', 'LEFT', 'LEFT'), WRONG_TYPE);
  t.match(h.call('RPOPLPUSH', 'from', 's'), WRONG_TYPE);
  t.equal(h.call('LMOVE', 'none', 's', 'LEFT', 'LEFT'), null);
  t.equal(h.call('LLEN', 'from'), 3);
});

t.test('a long element is moved whole', async (t) => {
  const h = lists();
  const long = 'y'.repeat(20_000);
  h.call('RPUSH', 'from', long);
  t.equal(h.call('RPOPLPUSH', 'from', 'new'), long);
  t.equal(h.call('LINDEX', 'new', '0'), long);
  t.equal(h.call('OBJECT', 'ENCODING', 'new'), 'quicklist');
});
