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

function all(h: Harness): unknown {
  return h.call('LRANGE', 'k', '0', '-1');
}

/** Whether a command counts as a change of the list. */
function changes(h: Harness, ...words: string[]): boolean {
  const db = h.keyspace.database(0);
  const version = db.version('k');
  h.call(...words);
  return db.version('k') > version;
}

t.test('LINSERT puts an element beside the first pivot', async (t) => {
  const h = listOf('a', 'p', 'b', 'p');
  t.equal(h.call('LINSERT', 'k', 'BEFORE', 'p', 'x'), 5);
  t.equal(h.call('LINSERT', 'k', 'after', 'p', 'y'), 6);
  t.same(all(h), ['a', 'x', 'p', 'y', 'b', 'p']);
  t.ok(changes(h, 'LINSERT', 'k', 'AFTER', 'p', 'z'));
});

t.test('LINSERT needs a list and a pivot', async (t) => {
  const h = listOf('a');
  t.equal(h.call('LINSERT', 'none', 'BEFORE', 'a', 'x'), 0);
  t.equal(h.call('LINSERT', 'k', 'BEFORE', 'q', 'x'), -1);
  t.notOk(changes(h, 'LINSERT', 'k', 'BEFORE', 'q', 'x'));
  t.same(h.call('LINSERT', 's', 'BESIDE', 'a', 'x'), SYNTAX_ERROR);
  t.match(h.call('LINSERT', 's', 'BEFORE', 'a', 'x'), WRONG_TYPE);
});

t.test('LREM removes from the head, from the tail, or all', async (t) => {
  const h = listOf('x', 'a', 'x', 'b', 'x', 'c', 'x', 'd', 'x');
  t.equal(h.call('LREM', 'k', '1', 'x'), 1);
  t.same(all(h), ['a', 'x', 'b', 'x', 'c', 'x', 'd', 'x']);
  t.equal(h.call('LREM', 'k', '-2', 'x'), 2);
  t.same(all(h), ['a', 'x', 'b', 'x', 'c', 'd']);
  t.equal(h.call('LREM', 'k', '0', 'x'), 2);
  t.same(all(h), ['a', 'b', 'c', 'd']);
});

t.test('LREM of the last element deletes the key, of none changes nothing', async (t) => {
  const h = listOf('a', 'a');
  t.notOk(changes(h, 'LREM', 'k', '0', 'z'));
  t.equal(h.call('LREM', 'k', '-9223372036854775808', 'a'), 2);
  t.equal(h.call('EXISTS', 'k'), 0);
  t.equal(h.call('LREM', 'k', '0', 'a'), 0);
  t.same(h.call('LREM', 's', 'x', 'a'), NOT_AN_INTEGER);
  t.match(h.call('LREM', 's', '0', 'a'), WRONG_TYPE);
});

t.test('LTRIM keeps a range that may reach beyond the list', async (t) => {
  const spans: readonly [string, string, string][] = [
    ['1', '2', 'bc'],
    ['-2', '-1', 'de'],
    ['0', '100', 'abcde'],
    ['-100', '1', 'ab'],
    ['-9223372036854775808', '9223372036854775807', 'abcde'],
  ];
  for (const [start, stop, left] of spans) {
    const h = listOf('a', 'b', 'c', 'd', 'e');
    t.equal(h.call('LTRIM', 'k', start, stop), 'OK');
    t.same(all(h), left.split(''), `${start} ${stop}`);
  }
});

t.test('LTRIM to nothing deletes the key', async (t) => {
  for (const [start, stop] of [
    ['2', '1'],
    ['5', '9'],
    ['0', '-9'],
  ] as const) {
    const h = listOf('a', 'b', 'c');
    t.equal(h.call('LTRIM', 'k', start, stop), 'OK');
    t.equal(h.call('EXISTS', 'k'), 0);
  }
});

t.test('LTRIM counts as a change even if it removes nothing', async (t) => {
  t.ok(changes(listOf('a'), 'LTRIM', 'k', '0', '-1'));
});

t.test('LTRIM looks at its numbers first', async (t) => {
  const h = listOf('a');
  t.same(h.call('LTRIM', 's', 'x', '1'), NOT_AN_INTEGER);
  t.same(h.call('LTRIM', 's', '1', 'x'), NOT_AN_INTEGER);
  t.match(h.call('LTRIM', 's', '0', '1'), WRONG_TYPE);
  t.equal(h.call('LTRIM', 'none', '0', '1'), 'OK');
});
