import t from 'tap';
import { NULL_ARRAY } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function filled(): Harness {
  const h = new Harness();
  h.call('ZADD', 'z', '1', 'a', '2', 'b', '3', 'c', '4', 'd');
  return h;
}

t.test('ZPOPMIN and ZPOPMAX take from the ends', async (t) => {
  const h = filled();
  t.same(h.call('ZPOPMIN', 'z'), ['a', '1']);
  t.same(h.call('ZPOPMAX', 'z', '2'), ['d', '4', 'c', '3']);
  t.same(h.call('ZPOPMIN', 'z', '0'), []);
  t.same(h.call('ZPOPMIN', 'z', '9223372036854775807'), ['b', '2']);
  t.equal(h.call('EXISTS', 'z'), 0);
  t.same(h.call('ZPOPMAX', 'z'), []);
});

t.test('ZPOPMIN refuses counts that are none', async (t) => {
  const h = filled();
  h.call('SET', 'text', 'x');
  const range = { error: 'ERR value is out of range, must be positive' };
  t.same(h.call('ZPOPMIN', 'text', '-1'), range);
  t.same(h.call('ZPOPMAX', 'z', 'x'), range);
  t.same(h.call('ZPOPMAX', 'z', '1', '2'), { error: 'ERR syntax error' });
  t.match(h.call('ZPOPMIN', 'text', '0'), { error: /^WRONGTYPE/ });
});

t.test('ZMPOP takes from the first set that is there', async (t) => {
  const h = filled();
  t.same(h.call('ZMPOP', '2', 'none', 'z', 'MIN'), ['z', [['a', '1']]]);
  t.same(h.call('ZMPOP', '1', 'z', 'max', 'COUNT', '10'), [
    'z',
    [
      ['d', '4'],
      ['c', '3'],
      ['b', '2'],
    ],
  ]);
  t.equal(h.call('EXISTS', 'z'), 0);
  t.equal(h.reply('ZMPOP', '2', 'z', 'none', 'MIN'), NULL_ARRAY);
});

t.test('ZMPOP refuses what makes no sense', async (t) => {
  const h = filled();
  h.call('SET', 'text', 'x');
  const syntax = { error: 'ERR syntax error' };
  const keys = { error: 'ERR numkeys should be greater than 0' };
  const count = { error: 'ERR count should be greater than 0' };
  t.same(h.call('ZMPOP', '0', 'z', 'MIN'), keys);
  t.same(h.call('ZMPOP', 'x', 'z', 'MIN'), keys);
  t.same(h.call('ZMPOP', '2', 'z', 'MIN'), syntax);
  t.same(h.call('ZMPOP', '9223372036854775807', 'z', 'MIN'), syntax);
  t.same(h.call('ZMPOP', '1', 'z', 'MID'), syntax);
  t.same(h.call('ZMPOP', '1', 'z', 'MIN', 'COUNT'), syntax);
  t.same(h.call('ZMPOP', '1', 'z', 'MIN', 'COUNT', '0'), count);
  t.same(h.call('ZMPOP', '1', 'z', 'MIN', 'COUNT', '1', 'COUNT', '1'), syntax);
  t.match(h.call('ZMPOP', '2', 'text', 'z', 'MIN'), { error: /^WRONGTYPE/ });
  t.same(h.call('ZMPOP', '2', 'z', 'text', 'MIN'), ['z', [['a', '1']]]);
});
