import t from 'tap';
import {
  belowLexMin,
  belowMin,
  type LexBound,
  withinLexMax,
  withinMax,
} from '../../src/keyspace/sorted-set-range.ts';

t.test('scores are below, within or above a range', async (t) => {
  const closed = { min: 1, minOpen: false, max: 3, maxOpen: false };
  const open = { min: 1, minOpen: true, max: 3, maxOpen: true };
  const scores = [0, 1, 2, 3, 4];
  const ask = (isBelow: (score: number, member: string) => boolean): string =>
    scores.map((score) => (isBelow(score, '') ? 'y' : 'n')).join('');
  t.equal(ask(belowMin(closed)), 'ynnnn');
  t.equal(ask(belowMin(open)), 'yynnn');
  t.equal(ask(withinMax(closed)), 'yyyyn');
  t.equal(ask(withinMax(open)), 'yyynn');
});

t.test('members are below, within or above a range', async (t) => {
  const ask = (bound: LexBound): string[] => {
    const range = { min: bound, max: bound };
    return [belowLexMin(range), withinLexMax(range)].map((isBelow) =>
      ['a', 'b', 'c'].map((member) => (isBelow(0, member) ? 'y' : 'n')).join(''),
    );
  };
  t.same(ask({ member: 'b', open: false }), ['ynn', 'yyn']);
  t.same(ask({ member: 'b', open: true }), ['yyn', 'ynn']);
  t.same(ask('least'), ['nnn', 'nnn']);
  t.same(ask('greatest'), ['yyy', 'yyy']);
});
