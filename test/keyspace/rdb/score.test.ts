import t from 'tap';
import { Malformed } from '../../../src/keyspace/rdb/malformed.ts';
import { parseScore } from '../../../src/keyspace/rdb/score.ts';

t.test('scores are read as C prints them', async (t) => {
  for (const [text, score] of [
    ['1.5', 1.5],
    ['-0', -0],
    ['3.0000000000000001e+20', 3e20],
    ['1e-300', 1e-300],
    ['inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['1.1000000000000001', 1.1],
  ] as const) {
    t.equal(parseScore(text), score, text);
  }
});

t.test('what is no number is no score', async (t) => {
  for (const text of [
    '',
    'nan',
    '-nan',
    '1 ',
    ' 1',
    '1x',
    '0x10',
    '1e',
    '.',
    `1${'0'.repeat(200)}`,
  ]) {
    t.throws(() => parseScore(text), Malformed, text);
  }
});
