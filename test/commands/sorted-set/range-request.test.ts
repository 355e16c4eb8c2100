import t from 'tap';
import {
  parseRange,
  type RangeForm,
  spanOf,
} from '../../../src/commands/sorted-set/range-request.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { SortedSet } from '../../../src/keyspace/sorted-set.ts';
import { Args } from '../../../src/resp/args.ts';
import { ErrorReply } from '../../../src/resp/reply.ts';

const FREE: RangeForm = { keyAt: 1, by: 'any', reverse: 'any', store: false };

/** Of the elements 0 to 9, which have these scores too. */
function spanFor(line: string, form: RangeForm = FREE): unknown {
  const set = new SortedSet(new KeyHash({ high: 0, low: 0 }));
  for (let i = 0; i < 10; i++) set.set(String(i), i);
  const request = parseRange(Args.of(`zrange key ${line}`.split(' ')), form);
  if (request instanceof ErrorReply) return request.text;
  const { first, count } = spanOf(set, request);
  return [first, count];
}

t.test('ranks count from the end that comes first', async (t) => {
  t.same(spanFor('2 4'), [2, 3]);
  t.same(spanFor('2 4 REV'), [5, 3]);
  t.same(spanFor('0 -1 rev'), [0, 10]);
});

t.test('scores are given from the end that comes first, and limited from there', async (t) => {
  t.same(spanFor('2 5 BYSCORE'), [2, 4]);
  t.same(spanFor('5 2 BYSCORE REV'), [2, 4]);
  t.same(spanFor('2 5 BYSCORE LIMIT 1 2'), [3, 2]);
  t.same(spanFor('5 2 REV BYSCORE LIMIT 1 2'), [3, 2]);
  t.same(spanFor('5 2 REV BYSCORE LIMIT 0 1'), [5, 1]);
  t.same(spanFor('2 5 BYSCORE LIMIT 1 -1'), [3, 3]);
  t.same(spanFor('2 5 BYSCORE LIMIT 4 1'), [2, 0]);
  t.same(spanFor('2 5 BYSCORE LIMIT -1 1'), [2, 0]);
  t.same(spanFor('2 5 BYSCORE LIMIT 0 0'), [2, 0]);
});

t.test('members are given in the same way', async (t) => {
  t.same(spanFor('[2 (5 BYLEX'), [2, 3]);
  t.same(spanFor('+ (5 BYLEX REV LIMIT 0 2'), [8, 2]);
});

t.test('a name that says how to select leaves no choice', async (t) => {
  const form: RangeForm = { keyAt: 1, by: 'score', reverse: true, store: false };
  t.same(spanFor('5 2', form), [2, 4]);
  t.equal(spanFor('5 2 BYSCORE', form), 'ERR syntax error');
  t.equal(spanFor('5 2 REV', form), 'ERR syntax error');
  t.equal(spanFor('1 2 WITHSCORES', { ...FREE, store: true }), 'ERR syntax error');
});

t.test('options that do not go together are refused', async (t) => {
  const limit = /^ERR syntax error, LIMIT is only supported/;
  t.match(spanFor('0 1 LIMIT 0 1'), limit);
  t.match(spanFor('- + BYLEX WITHSCORES'), /^ERR syntax error, WITHSCORES not supported/);
  t.equal(spanFor('0 1 BYSCORE BYLEX'), 'ERR syntax error');
  t.equal(spanFor('0 1 BYSCORE LIMIT 1'), 'ERR syntax error');
  t.equal(spanFor('0 1 BYSCORE LIMIT 1 x'), 'ERR value is not an integer or out of range');
  t.equal(spanFor('0 x'), 'ERR value is not an integer or out of range');
});
