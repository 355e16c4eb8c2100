import t from 'tap';
import { Harness } from '../harness.ts';

t.test('DEL and UNLINK answer how many keys there were', async (t) => {
  for (const name of ['DEL', 'UNLINK']) {
    const h = new Harness();
    h.call('MSET', 'a', '1', 'b', '2', 'c', '3');
    t.equal(h.call(name, 'a', 'b', 'none', 'a'), 2);
    t.same(h.call('KEYS', '*'), ['c']);
  }
});

t.test('an expired key is not there to be deleted', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v', 'PX', '5');
  h.pass(5);
  t.equal(h.call('DEL', 'k'), 0);
});
