import t from 'tap';
import { Harness } from '../harness.ts';

const INVALID = { error: 'ERR Invalid stream ID specified as stream command argument' };

t.test('XDEL counts the entries that were there', async (t) => {
  const h = new Harness();
  for (const id of ['1', '2', '3-5']) h.call('XADD', 's', id, 'f', 'v');
  t.equal(h.call('XDEL', 's', '1-0', '1', '3-5', '3'), 2);
  t.equal(h.call('XLEN', 's'), 1);
  t.equal(h.call('XDEL', 'none', '1'), 0);
});

t.test('XDEL deletes nothing if one of the ids is none', async (t) => {
  const h = new Harness();
  h.call('XADD', 's', '1', 'f', 'v');
  t.same(h.call('XDEL', 's', '1', 'x'), INVALID);
  t.same(h.call('XDEL', 's', '-'), INVALID);
  t.equal(h.call('XLEN', 's'), 1);
  t.equal(h.call('XDEL', 'none', 'x'), 0);
});

t.test('XDEL leaves an empty stream, which goes on with its ids', async (t) => {
  const h = new Harness();
  h.call('XADD', 's', '5', 'f', 'v');
  h.call('XDEL', 's', '5');
  t.equal(h.call('EXISTS', 's'), 1);
  t.equal(h.call('XADD', 's', '5-*', 'f', 'v'), '5-1');
});
