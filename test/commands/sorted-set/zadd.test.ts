import t from 'tap';
import { Harness } from '../harness.ts';

const SYNTAX = { error: 'ERR syntax error' };
const NOT_A_FLOAT = { error: 'ERR value is not a valid float' };
const NAN = { error: 'ERR resulting score is not a number (NaN)' };

t.test('ZADD answers how many members are new, with CH how many have changed', async (t) => {
  const h = new Harness();
  t.equal(h.call('ZADD', 'z', '1', 'a', '2', 'b', '3', 'a'), 2);
  t.same(h.call('ZRANGE', 'z', '0', '-1', 'WITHSCORES'), ['b', '2', 'a', '3']);
  t.equal(h.call('ZADD', 'z', 'CH', '3', 'a', '5', 'b', '1', 'c'), 2);
  t.equal(h.call('ZADD', 'z', '7', 'a'), 0);
  t.equal(h.call('TYPE', 'z'), 'zset');
});

t.test('ZADD NX adds only, XX changes only', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a');
  t.equal(h.call('ZADD', 'z', 'NX', 'CH', '5', 'a', '2', 'b'), 1);
  t.equal(h.call('ZSCORE', 'z', 'a'), '1');
  t.equal(h.call('ZADD', 'z', 'xx', 'ch', '5', 'a', '3', 'c'), 1);
  t.equal(h.call('ZSCORE', 'z', 'c'), null);
  t.equal(h.call('ZADD', 'none', 'XX', '1', 'a'), 0);
  t.equal(h.call('EXISTS', 'none'), 0);
});

t.test('ZADD GT and LT change scores in one direction, and add', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '10', 'a');
  t.equal(h.call('ZADD', 'z', 'GT', 'CH', '9', 'a', '1', 'b'), 1);
  t.equal(h.call('ZADD', 'z', 'GT', 'CH', '11', 'a'), 1);
  t.equal(h.call('ZADD', 'z', 'LT', 'CH', '12', 'a', '11', 'a'), 0);
  t.equal(h.call('ZADD', 'z', 'LT', 'XX', 'CH', '2', 'a', '2', 'c'), 1);
  t.same(h.call('ZRANGE', 'z', '0', '-1', 'WITHSCORES'), ['b', '1', 'a', '2']);
});

t.test('ZADD INCR answers the new score, or null if the options forbid it', async (t) => {
  const h = new Harness();
  t.equal(h.call('ZADD', 'z', 'INCR', '1.5', 'a'), '1.5');
  t.equal(h.call('ZADD', 'z', 'INCR', '1', 'a'), '2.5');
  t.equal(h.call('ZADD', 'z', 'NX', 'INCR', '1', 'a'), null);
  t.equal(h.call('ZADD', 'z', 'XX', 'INCR', '1', 'b'), null);
  t.equal(h.call('ZADD', 'none', 'XX', 'INCR', '1', 'b'), null);
  t.equal(h.call('ZADD', 'z', 'GT', 'INCR', '-1', 'a'), null);
  t.equal(h.call('ZADD', 'z', 'LT', 'INCR', '-1', 'a'), '1.5');
  t.equal(h.call('ZADD', 'z', 'INCR', '0', 'a'), '1.5');
});

t.test('ZADD refuses options that exclude each other and scores that are none', async (t) => {
  const h = new Harness();
  t.same(h.call('ZADD', 'z', 'NX', 'XX', '1', 'a'), {
    error: 'ERR XX and NX options at the same time are not compatible',
  });
  for (const pair of [
    ['GT', 'LT'],
    ['GT', 'NX'],
    ['NX', 'LT'],
  ]) {
    t.same(h.call('ZADD', 'z', ...pair, '1', 'a'), {
      error: 'ERR GT, LT, and/or NX options at the same time are not compatible',
    });
  }
  t.same(h.call('ZADD', 'z', 'INCR', '1', 'a', '2', 'b'), {
    error: 'ERR INCR option supports a single increment-element pair',
  });
  t.same(h.call('ZADD', 'z', '1', 'a', '2'), SYNTAX);
  t.same(h.call('ZADD', 'z', 'NX', 'CH'), SYNTAX);
  for (const score of ['x', '', 'nan', ' 1', '1 ']) {
    t.same(h.call('ZADD', 'z', '1', 'a', score, 'b'), NOT_A_FLOAT);
  }
  t.equal(h.call('EXISTS', 'z'), 0);
});

t.test('ZINCRBY adds to a score, which is 0 at first', async (t) => {
  const h = new Harness();
  t.equal(h.call('ZINCRBY', 'z', '2', 'a'), '2');
  t.equal(h.call('ZINCRBY', 'z', '-3.5', 'a'), '-1.5');
  t.same(h.call('ZINCRBY', 'z', 'x', 'a'), NOT_A_FLOAT);
  t.same(h.call('ZINCRBY', 'z', 'nx', 'a'), SYNTAX);
});

t.test('opposite infinities do not add up, and change nothing', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', 'inf', 'a');
  t.same(h.call('ZINCRBY', 'z', '-inf', 'a'), NAN);
  t.same(h.call('ZADD', 'z', 'INCR', '-inf', 'a'), NAN);
  t.equal(h.call('ZINCRBY', 'z', 'inf', 'a'), 'Infinity');
});

t.test('only what changes a set counts as a change', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a');
  const db = h.keyspace.database(0);
  const version = db.version('z');
  h.call('ZADD', 'z', '1', 'a');
  h.call('ZADD', 'z', 'NX', '2', 'a');
  t.equal(db.version('z'), version);
  h.call('ZADD', 'z', '2', 'a');
  t.ok(db.version('z') > version);
});

t.test('a key keeps its time to live, other types are refused', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a');
  h.call('EXPIRE', 'z', '10');
  h.call('ZADD', 'z', '2', 'b');
  t.equal(h.call('TTL', 'z'), 10);
  h.call('SET', 'text', 'x');
  t.match(h.call('ZADD', 'text', '1', 'a'), { error: /^WRONGTYPE/ });
  t.match(h.call('ZADD', 'text', 'XX', '1', 'a'), { error: /^WRONGTYPE/ });
});

t.test('a new set that gets many members at once is large', async (t) => {
  const h = new Harness();
  const pairs = Array.from({ length: 129 }, () => ['1', 'same']).flat();
  t.equal(h.call('ZADD', 'z', ...pairs), 1);
  t.equal(h.call('OBJECT', 'ENCODING', 'z'), 'skiplist');
});
