import t from 'tap';
import {
  clampRanks,
  readLexRange,
  readScoreRange,
} from '../../../src/commands/sorted-set/ranges.ts';
import { Args } from '../../../src/resp/args.ts';
import { ErrorReply } from '../../../src/resp/reply.ts';

t.test('bounds of scores are numbers, with a bracket if they are excluded', async (t) => {
  const range = (min: string, max: string): unknown => readScoreRange(Args.of([min, max]), 0, 1);
  t.same(range('1.5', '(2'), { min: 1.5, minOpen: false, max: 2, maxOpen: true });
  t.same(range('-inf', '+inf'), {
    min: Number.NEGATIVE_INFINITY,
    minOpen: false,
    max: Number.POSITIVE_INFINITY,
    maxOpen: false,
  });
});

t.test('bounds of scores are read as loosely as C reads numbers', async (t) => {
  const bound = (text: string): unknown => {
    const range = readScoreRange(Args.of([text, '0']), 0, 1);
    return range instanceof ErrorReply ? 'error' : range.min;
  };
  t.equal(bound(''), 0);
  t.equal(bound('('), 0);
  t.equal(bound(' \t5'), 5);
  t.equal(bound('5\0x'), 5);
  t.equal(bound('1e999'), Number.POSITIVE_INFINITY);
  t.equal(bound('1e-999'), 0);
  t.equal(bound('0x10'), 16);
  for (const text of ['x', '5 ', ' ', 'nan', '((1', '[1', '1_0', '.'])
    t.equal(bound(text), 'error');
});

t.test('bounds of members have a bracket or are a sign alone', async (t) => {
  const range = (min: string, max: string): unknown => readLexRange(Args.of([min, max]), 0, 1);
  t.same(range('[a', '(b'), {
    min: { member: 'a', open: false },
    max: { member: 'b', open: true },
  });
  t.same(range('-', '+'), { min: 'least', max: 'greatest' });
  t.same(range('[', '+'), { min: { member: '', open: false }, max: 'greatest' });
  for (const text of ['', 'a', '-a', '+a']) t.ok(range(text, '+') instanceof ErrorReply);
});

t.test('ranks count from the end if they are negative, and end at the ends', async (t) => {
  t.same(clampRanks(1, 3, 10), { first: 1, count: 3 });
  t.same(clampRanks(-3, -1, 10), { first: 7, count: 3 });
  t.same(clampRanks(-100, 100, 10), { first: 0, count: 10 });
  t.same(clampRanks(5, 4, 10), { first: 0, count: 0 });
  t.same(clampRanks(9e18, 9e18, 10), { first: 0, count: 0 });
  t.same(clampRanks(0, -11, 10), { first: 0, count: 0 });
});
