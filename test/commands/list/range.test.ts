import t from 'tap';
import { Harness } from '../harness.ts';

const NOT_AN_INTEGER = { error: 'ERR value is not an integer or out of range' };
const SYNTAX_ERROR = { error: 'ERR syntax error' };
const WRONG_TYPE = { error: /^WRONGTYPE/ };

function listOf(...elements: string[]): Harness {
  const h = new Harness();
  h.call('RPUSH', 'k', ...elements);
  h.call('SET', 's', 'v');
  return h;
}

t.test('LRANGE answers what a range holds of the list', async (t) => {
  const h = listOf('a', 'b', 'c', 'd', 'e');
  const spans: readonly [string, string, string][] = [
    ['0', '-1', 'abcde'],
    ['1', '1', 'b'],
    ['-2', '100', 'de'],
    ['-100', '-4', 'ab'],
    ['3', '2', ''],
    ['5', '9', ''],
    ['-9223372036854775808', '9223372036854775807', 'abcde'],
  ];
  for (const [start, stop, found] of spans) {
    t.same(h.call('LRANGE', 'k', start, stop), found.split(''), `${start} ${stop}`);
  }
});

t.test('LRANGE looks at its numbers first', async (t) => {
  const h = listOf('a');
  t.same(h.call('LRANGE', 's', 'x', '1'), NOT_AN_INTEGER);
  t.match(h.call('LRANGE', 's', '0', '1'), WRONG_TYPE);
  t.same(h.call('LRANGE', 'none', '0', '1'), []);
});

t.test('LPOS answers the place of the first match', async (t) => {
  const h = listOf('a', 'b', 'c', '1', '2', '3', 'c', 'c');
  t.equal(h.call('LPOS', 'k', 'c'), 2);
  t.equal(h.call('LPOS', 'k', 'c', 'RANK', '2'), 6);
  t.equal(h.call('LPOS', 'k', 'c', 'RANK', '-1'), 7);
  t.equal(h.call('LPOS', 'k', 'c', 'RANK', '4'), null);
  t.equal(h.call('LPOS', 'k', 'z'), null);
});

t.test('LPOS with COUNT answers places in the order they are found', async (t) => {
  const h = listOf('a', 'b', 'c', '1', '2', '3', 'c', 'c');
  t.same(h.call('LPOS', 'k', 'c', 'COUNT', '2'), [2, 6]);
  t.same(h.call('LPOS', 'k', 'c', 'count', '0'), [2, 6, 7]);
  t.same(h.call('LPOS', 'k', 'c', 'COUNT', '2', 'RANK', '-1'), [7, 6]);
  t.same(h.call('LPOS', 'k', 'c', 'COUNT', '9223372036854775807', 'RANK', '-2'), [6, 2]);
  t.same(h.call('LPOS', 'k', 'z', 'COUNT', '1'), []);
});

t.test('LPOS with MAXLEN looks at so many elements', async (t) => {
  const h = listOf('a', 'b', 'c', '1', '2', '3', 'c', 'c');
  t.equal(h.call('LPOS', 'k', 'c', 'MAXLEN', '2'), null);
  t.equal(h.call('LPOS', 'k', 'c', 'MAXLEN', '3'), 2);
  t.same(h.call('LPOS', 'k', 'c', 'COUNT', '0', 'RANK', '-1', 'MAXLEN', '2'), [7, 6]);
  t.same(h.call('LPOS', 'k', 'c', 'COUNT', '0', 'MAXLEN', '0'), [2, 6, 7]);
});

t.test('of an option of LPOS that is given twice the last counts', async (t) => {
  const h = listOf('a', 'a', 'a');
  t.equal(h.call('LPOS', 'k', 'a', 'RANK', '3', 'RANK', '2'), 1);
});

t.test('LPOS answers for an absent key and refuses another type', async (t) => {
  const h = listOf('a');
  t.equal(h.call('LPOS', 'none', 'a'), null);
  t.same(h.call('LPOS', 'none', 'a', 'COUNT', '1'), []);
  t.match(h.call('LPOS', 's', 'a'), WRONG_TYPE);
});

t.test('LPOS refuses wrong options before it looks at the key', async (t) => {
  const h = listOf('a');
  const zero = { error: /^ERR RANK can't be zero: use 1 to start from the first match, 2 from/ };
  t.match(h.call('LPOS', 's', 'a', 'RANK', '0'), zero);
  t.same(h.call('LPOS', 's', 'a', 'RANK', 'x'), NOT_AN_INTEGER);
  t.same(h.call('LPOS', 's', 'a', 'RANK', '-9223372036854775808'), {
    error:
      'ERR value is out of range, ' +
      'value must between -9223372036854775807 and 9223372036854775807',
  });
  for (const count of ['-1', 'x']) {
    t.same(h.call('LPOS', 's', 'a', 'COUNT', count), { error: "ERR COUNT can't be negative" });
    t.same(h.call('LPOS', 's', 'a', 'MAXLEN', count), { error: "ERR MAXLEN can't be negative" });
  }
  t.same(h.call('LPOS', 's', 'a', 'RANK'), SYNTAX_ERROR);
  t.same(h.call('LPOS', 's', 'a', 'FOO', '1'), SYNTAX_ERROR);
});
