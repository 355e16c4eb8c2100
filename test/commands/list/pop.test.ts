import t from 'tap';
import { NULL_ARRAY } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

const NOT_POSITIVE = { error: 'ERR value is out of range, must be positive' };
const WRONG_TYPE = { error: /^WRONGTYPE/ };
const SYNTAX_ERROR = { error: 'ERR syntax error' };

function listOf(...elements: string[]): Harness {
  const h = new Harness();
  h.call('RPUSH', 'k', ...elements);
  return h;
}

t.test('LPOP and RPOP take one element', async (t) => {
  const h = listOf('a', 'b', 'c');
  t.equal(h.call('LPOP', 'k'), 'a');
  t.equal(h.call('RPOP', 'k'), 'c');
  t.equal(h.call('RPOP', 'k'), 'b');
  t.equal(h.call('EXISTS', 'k'), 0);
  t.equal(h.reply('LPOP', 'k'), null);
});

t.test('LPOP and RPOP with a count answer an array, the outermost element first', async (t) => {
  const h = listOf('a', 'b', 'c', 'd', 'e');
  t.same(h.call('LPOP', 'k', '2'), ['a', 'b']);
  t.same(h.call('RPOP', 'k', '1'), ['e']);
  t.same(h.call('RPOP', 'k', '0'), []);
  t.same(h.call('RPOP', 'k', '9223372036854775807'), ['d', 'c']);
  t.equal(h.call('EXISTS', 'k'), 0);
  t.equal(h.reply('LPOP', 'k', '2'), NULL_ARRAY);
  t.equal(h.reply('RPOP', 'k', '0'), NULL_ARRAY);
});

t.test('a pop of none is no change', async (t) => {
  const h = listOf('a');
  const db = h.keyspace.database(0);
  const version = db.version('k');
  h.call('LPOP', 'k', '0');
  t.equal(db.version('k'), version);
});

t.test(
  'a count that is no number or negative is refused before the key is looked at',
  async (t) => {
    const h = new Harness();
    h.call('SET', 'k', 'v');
    for (const count of ['x', '-1', '', '9223372036854775808']) {
      t.same(h.call('LPOP', 'k', count), NOT_POSITIVE, count);
      t.same(h.call('RPOP', 'none', count), NOT_POSITIVE, count);
    }
    t.match(h.call('LPOP', 'k', '1'), WRONG_TYPE);
    t.match(h.call('RPOP', 'k'), WRONG_TYPE);
    t.same(h.call('LPOP', 'k', '1', '2'), {
      error: "ERR wrong number of arguments for 'lpop' command",
    });
  },
);

t.test('LMPOP takes from the first list that is there', async (t) => {
  const h = listOf('a', 'b', 'c', 'd');
  t.same(h.call('LMPOP', '3', 'none', 'k', 'other', 'LEFT'), ['k', ['a']]);
  t.same(h.call('LMPOP', '1', 'k', 'right', 'COUNT', '2'), ['k', ['d', 'c']]);
  t.same(h.call('LMPOP', '1', 'k', 'LEFT', 'count', '100'), ['k', ['b']]);
  t.equal(h.call('EXISTS', 'k'), 0);
  t.equal(h.reply('LMPOP', '2', 'k', 'none', 'LEFT'), NULL_ARRAY);
});

t.test('LMPOP stops at a key of another type', async (t) => {
  const h = listOf('a');
  h.call('SET', 's', 'v');
  t.match(h.call('LMPOP', '2', 's', 'k', 'LEFT'), WRONG_TYPE);
  t.same(h.call('LMPOP', '2', 'k', 's', 'LEFT'), ['k', ['a']]);
});

t.test('LMPOP refuses wrong numbers and options', async (t) => {
  const h = listOf('a');
  const numkeys = { error: 'ERR numkeys should be greater than 0' };
  const count = { error: 'ERR count should be greater than 0' };
  t.same(h.call('LMPOP', '0', 'k', 'LEFT'), numkeys);
  t.same(h.call('LMPOP', 'x', 'k', 'LEFT'), numkeys);
  t.same(h.call('LMPOP', '2', 'k', 'LEFT'), SYNTAX_ERROR);
  t.same(h.call('LMPOP', '9223372036854775807', 'k', 'LEFT'), SYNTAX_ERROR);
  t.same(h.call('LMPOP', '1', 'k', 'UP'), SYNTAX_ERROR);
  t.same(h.call('LMPOP', '1', 'k', 'LEFT', 'COUNT'), SYNTAX_ERROR);
  t.same(h.call('LMPOP', '1', 'k', 'LEFT', 'LIMIT', '1'), SYNTAX_ERROR);
  t.same(h.call('LMPOP', '1', 'k', 'LEFT', 'COUNT', '0'), count);
  t.same(h.call('LMPOP', '1', 'k', 'LEFT', 'COUNT', 'x', 'y'), count);
  t.same(h.call('LMPOP', '1', 'k', 'LEFT', 'COUNT', '1', 'COUNT', '1'), SYNTAX_ERROR);
  t.equal(h.call('LLEN', 'k'), 1);
});
