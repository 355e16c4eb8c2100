import t from 'tap';
import { getKeys } from '../../../src/commands/key-positions.ts';
import { sort, sortRo } from '../../../src/commands/keys/sort.ts';
import { Args } from '../../../src/resp/args.ts';
import { Harness } from '../harness.ts';

const SYNTAX_ERROR = { error: 'ERR syntax error' };
const NOT_AN_INTEGER = { error: 'ERR value is not an integer or out of range' };
const WRONG_TYPE = { error: /^WRONGTYPE/ };
const NOT_A_DOUBLE = { error: "ERR One or more scores can't be converted into double" };

function listOf(...elements: string[]): Harness {
  const h = new Harness();
  h.call('RPUSH', 'l', ...elements);
  return h;
}

t.test('SORT orders by number, by text, and backwards', async (t) => {
  const h = listOf('10', '9', '2.5', '-1');
  t.same(h.call('SORT', 'l'), ['-1', '2.5', '9', '10']);
  t.same(h.call('SORT_RO', 'l', 'desc'), ['10', '9', '2.5', '-1']);
  t.same(h.call('SORT', 'l', 'ALPHA'), ['-1', '10', '2.5', '9']);
  t.same(h.call('SORT', 'l', 'DESC', 'asc'), ['-1', '2.5', '9', '10']);
});

t.test('SORT takes sets and sorted sets, and nothing else', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', '3', '1', '2');
  h.call('ZADD', 'z', '1', '30', '2', '20', '3', '10');
  h.call('SET', 'k', 'v');
  t.same(h.call('SORT', 's'), ['1', '2', '3']);
  t.same(h.call('SORT', 'z'), ['10', '20', '30']);
  t.match(h.call('SORT', 'k'), WRONG_TYPE);
  t.match(h.call('SORT_RO', 'k'), WRONG_TYPE);
  t.same(h.call('SORT', 'none'), []);
  t.same(h.call('SORT_RO', 'none'), []);
});

t.test('LIMIT cuts out a part of what is in order', async (t) => {
  const h = listOf('3', '1', '2', '4');
  t.same(h.call('SORT', 'l', 'LIMIT', '1', '2'), ['2', '3']);
  t.same(h.call('SORT', 'l', 'LIMIT', '-5', '2'), ['1', '2']);
  t.same(h.call('SORT', 'l', 'LIMIT', '2', '-1'), ['3', '4']);
  t.same(h.call('SORT', 'l', 'LIMIT', '9', '2'), []);
  t.same(h.call('SORT', 'l', 'LIMIT', '1', '9223372036854775807'), ['2', '3', '4']);
});

t.test('BY orders by the weights of elements', async (t) => {
  const h = listOf('1', '2', '3', '4');
  h.call('MSET', 'w_1', '5', 'w_2', '-5', 'w_4', '5');
  h.call('HSET', 'h_2', 'f', 'b');
  h.call('HSET', 'h_4', 'f', 'a');
  t.same(h.call('SORT', 'l', 'BY', 'w_*'), ['2', '3', '1', '4']);
  t.same(h.call('SORT', 'l', 'BY', 'w_*', 'DESC'), ['4', '1', '3', '2']);
  t.same(h.call('SORT', 'l', 'BY', 'h_*->f', 'ALPHA'), ['1', '3', '4', '2']);
});

t.test('GET answers what is found for each element, in the order of the GETs', async (t) => {
  const h = listOf('2', '1');
  h.call('SET', 'v_1', 'one');
  h.call('HSET', 'h_2', 'f', 'two');
  const reply = h.call('SORT_RO', 'l', 'GET', 'v_*', 'GET', '#', 'GET', 'h_*->f', 'GET', 'none');
  t.same(reply, ['one', '1', null, null, null, '2', 'two', null]);
});

t.test('BY a pattern without a star keeps the order of a list', async (t) => {
  const h = listOf('3', 'x', '2');
  t.same(h.call('SORT', 'l', 'BY', 'nosort'), ['3', 'x', '2']);
  t.same(h.call('SORT', 'l', 'BY', '#', 'DESC'), ['2', 'x', '3']);
  t.same(h.call('SORT', 'l', 'BY', 'nosort', 'LIMIT', '1', '5'), ['x', '2']);
  t.same(h.call('SORT', 'l', 'BY', 'nosort', 'DESC', 'LIMIT', '0', '1'), ['2']);
  t.same(
    h.call('SORT', 'l', 'BY', 'nosort', 'BY', 'w_*'),
    ['3', 'x', '2'],
    'even if another follows',
  );
});

t.test('BY a pattern without a star keeps the order of a sorted set', async (t) => {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'c', '2', 'a', '3', 'd', '4', 'b');
  t.same(h.call('SORT', 'z', 'BY', 'nosort'), ['c', 'a', 'd', 'b']);
  t.same(h.call('SORT_RO', 'z', 'BY', 'nosort', 'DESC', 'LIMIT', '1', '2'), ['d', 'a']);
});

t.test('a set that is stored is ordered by text', async (t) => {
  const h = new Harness();
  h.call('SADD', 's', '10', '9', 'x', 'a');
  t.equal(h.call('SORT', 's', 'BY', 'nosort', 'STORE', 'k'), 4);
  t.same(h.call('LRANGE', 'k', '0', '-1'), ['10', '9', 'a', 'x']);
  t.same([...(h.call('SORT', 's', 'BY', 'nosort') as string[])].sort(), ['10', '9', 'a', 'x']);
});

t.test('STORE makes a list of what would be answered, without nulls', async (t) => {
  const h = listOf('2', '1');
  h.call('SET', 'v_1', '17');
  h.call('SET', 'k', 'v', 'EX', '100');
  t.equal(h.call('SORT', 'l', 'GET', '#', 'GET', 'v_*', 'STORE', 'k'), 4);
  t.same(h.call('LRANGE', 'k', '0', '-1'), ['1', '17', '2', '']);
  t.equal(h.call('TTL', 'k'), -1);
  t.equal(h.call('SORT', 'l', 'STORE', 'l'), 2);
  t.same(h.call('LRANGE', 'l', '0', '-1'), ['1', '2']);
});

t.test('STORE of nothing deletes the destination', async (t) => {
  const h = listOf('1');
  h.call('SET', 'k', 'v');
  t.equal(h.call('SORT', 'none', 'STORE', 'k'), 0);
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('a number that cannot be read leaves the destination as it is', async (t) => {
  const h = listOf('1', 'x');
  h.call('SET', 'k', 'v');
  t.same(h.call('SORT', 'l', 'STORE', 'k'), NOT_A_DOUBLE);
  t.equal(h.call('GET', 'k'), 'v');
});

t.test('wrong options are refused before the key is looked at', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  for (const options of [['foo'], ['BY'], ['GET'], ['LIMIT', '0'], ['STORE']]) {
    t.same(h.call('SORT', 'k', ...options), SYNTAX_ERROR, options.join(' '));
  }
  t.same(h.call('SORT_RO', 'k', 'STORE', 'x'), SYNTAX_ERROR);
  t.same(h.call('SORT', 'k', 'LIMIT', 'x', '1'), NOT_AN_INTEGER);
  t.same(h.call('SORT', 'k', 'LIMIT', '1', '9223372036854775808'), NOT_AN_INTEGER);
});

t.test('keys are the source and the destination of the last STORE', async (t) => {
  const keys = (...words: string[]) => getKeys(sort, Args.of(['SORT', ...words]));
  t.same(keys('l'), [1]);
  t.same(keys('l', 'ALPHA', 'store', 'd'), [1, 4]);
  t.same(keys('l', 'STORE', 'a', 'STORE', 'b'), [1, 5]);
  t.same(keys('l', 'BY', 'store', 'GET', 'store'), [1]);
  t.same(keys('l', 'LIMIT', 'store', '1', 'store', 'x'), [1, 6]);
  t.same(keys('l', 'STORE'), [1]);
  t.same(getKeys(sortRo, Args.of(['SORT_RO', 'l', 'STORE', 'd'])), [1]);
});
