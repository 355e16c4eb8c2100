import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

function withTexts(): Harness {
  const h = new Harness();
  h.call('MSET', 'key1', 'ohmytext', 'key2', 'mynewtext');
  return h;
}

t.test('LCS answers the longest common subsequence', async (t) => {
  const h = withTexts();
  t.equal(h.call('LCS', 'key1', 'key2'), 'mytext');
  t.equal(h.call('LCS', 'key1', 'none'), '');
});

t.test('LCS LEN answers its length', async (t) => {
  const h = withTexts();
  t.equal(h.call('LCS', 'key1', 'key2', 'LEN'), 6);
  t.equal(h.call('LCS', 'none', 'none', 'LEN'), 0);
});

t.test('LCS IDX answers where it stands, the last match first', async (t) => {
  const h = withTexts();
  const ranges = [
    [
      [4, 7],
      [5, 8],
    ],
    [
      [2, 3],
      [0, 1],
    ],
  ];
  t.same(h.call('LCS', 'key1', 'key2', 'IDX'), ['matches', ranges, 'len', 6]);
  t.same(h.call('LCS', 'key1', 'key2', 'IDX', 'MINMATCHLEN', '4', 'WITHMATCHLEN'), [
    'matches',
    [[[4, 7], [5, 8], 4]],
    'len',
    6,
  ]);
});

t.test('LCS refuses what it cannot do', async (t) => {
  const h = withTexts();
  h.keyspace.database(0).set('list', new FakeCollection([]));
  t.same(h.call('LCS', 'key1', 'key2', 'LEN', 'IDX'), {
    error: 'ERR If you want both the length and indexes, please just use IDX.',
  });
  t.same(h.call('LCS', 'key1', 'key2', 'MINMATCHLEN'), { error: 'ERR syntax error' });
  t.same(h.call('LCS', 'key1', 'list'), {
    error: 'ERR The specified keys must contain string values',
  });
  // The keys are looked at before the options.
  t.same(h.call('LCS', 'key1', 'list', 'LEN', 'IDX'), {
    error: 'ERR The specified keys must contain string values',
  });
  h.call('SETRANGE', 'a', '20000', 'x');
  t.match(h.call('LCS', 'a', 'a'), { error: /^ERR Insufficient memory/ });
});
