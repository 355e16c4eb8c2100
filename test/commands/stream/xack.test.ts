import t from 'tap';
import { Harness } from '../harness.ts';

t.test('XACK counts the entries that were pending', async (t) => {
  const h = new Harness();
  for (const id of ['1', '2', '3']) h.call('XADD', 's', id, 'f', 'v');
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>');
  t.equal(h.call('XACK', 's', 'g', '1', '3-0', '3', '9'), 2);
  t.same(h.call('XPENDING', 's', 'g'), [1, '2-0', '2-0', [['a', '1']]]);
});

t.test('XACK looks at ids only where there is a group', async (t) => {
  const h = new Harness();
  t.equal(h.call('XACK', 'none', 'g', 'x'), 0);
  h.call('XADD', 's', '1', 'f', 'v');
  t.equal(h.call('XACK', 's', 'g', 'x'), 0);
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  t.match(h.call('XACK', 's', 'g', 'x'), { error: /^ERR Invalid stream ID/ });
  h.call('SET', 'string', 'x');
  t.match(h.call('XACK', 'string', 'g', '1'), { error: /^WRONGTYPE/ });
});
