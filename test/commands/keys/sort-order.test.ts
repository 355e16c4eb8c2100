import t from 'tap';
import { scoreOf, sortElements } from '../../../src/commands/keys/sort-order.ts';
import { RawString } from '../../../src/keyspace/raw-string.ts';
import type { StringValue } from '../../../src/keyspace/value.ts';
import { ErrorReply } from '../../../src/resp/reply.ts';

const NUMERIC = { alpha: false, descending: false, weightOf: undefined };

t.test('scores are read as C reads numbers', async (t) => {
  const scores: readonly [string, number][] = [
    ['', 0],
    ['17', 17],
    [' \t\n5', 5],
    ['+5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['0x10', 16],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['infinity', Number.POSITIVE_INFINITY],
    ['5\0abc', 5],
    ['\0abc', 0],
    ['9223372036854775807', 2 ** 63],
    ['2.2250738585072014e-308', 2 ** -1022],
  ];
  for (const [text, score] of scores) t.equal(scoreOf(text), score, JSON.stringify(text));
  t.equal(scoreOf(3), 3);
  t.equal(scoreOf(9223372036854775807n), 2 ** 63);
  t.equal(scoreOf(RawString.ofText('2.5')), 2.5);
});

t.test('what C would not read to its end, or not exactly enough, is no score', async (t) => {
  const wrong = ['x', '5 ', ' ', '-', '1e', '0x', 'nan', '1_0', 'inf1', '1e400', '1e-310'];
  for (const text of wrong) t.equal(scoreOf(text), undefined, JSON.stringify(text));
  t.equal(scoreOf(RawString.ofText('0'.repeat(100_000))), undefined);
});

t.test('equal scores are ordered by the elements', async (t) => {
  t.same(sortElements(['1.0', '01', '1', '-0', '0'], NUMERIC), ['-0', '0', '01', '1', '1.0']);
  const descending = { ...NUMERIC, descending: true };
  t.same(sortElements(['1.0', '01', '1', '0'], descending), ['1.0', '1', '01', '0']);
});

t.test('infinite scores are equal to themselves', async (t) => {
  const elements = ['inf', '1', '-inf', 'infinity', '-infinity'];
  t.same(sortElements(elements, NUMERIC), ['-inf', '-infinity', '1', 'inf', 'infinity']);
});

t.test('one element without a score fails the whole', async (t) => {
  const result = sortElements(['1', 'x', '2'], NUMERIC);
  t.ok(result instanceof ErrorReply);
});

t.test('texts are ordered by bytes', async (t) => {
  const alpha = { ...NUMERIC, alpha: true };
  const elements = ['b', 'a', '\xe9', 'B', 'ab', '', '10', '9', '\0'];
  t.same(sortElements([...elements], alpha), ['', '\0', '10', '9', 'B', 'a', 'ab', 'b', '\xe9']);
  t.same(sortElements([...elements], { ...alpha, descending: true }), [
    '\xe9',
    'b',
    'ab',
    'a',
    'B',
    '9',
    '10',
    '\0',
    '',
  ]);
});

t.test('elements without a weight come first by text, and count as 0 by number', async (t) => {
  const weights = new Map<string, StringValue>([
    ['a', 5],
    ['b', -5],
    ['c', '-4'],
  ]);
  const weightOf = (element: string) => weights.get(element);
  t.same(sortElements(['a', 'b', 'c', 'z'], { ...NUMERIC, weightOf }), ['b', 'c', 'z', 'a']);
  const alpha = { alpha: true, descending: false, weightOf };
  t.same(sortElements(['a', 'b', 'y', 'c', 'x'], alpha), ['y', 'x', 'c', 'b', 'a']);
  t.same(sortElements(['a', 'b', 'y', 'c', 'x'], { ...alpha, descending: true }), [
    'a',
    'b',
    'c',
    'y',
    'x',
  ]);
});
