import t from 'tap';
import { Harness } from '../harness.ts';

const NAMES = ['TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME'];

t.test('a key without a deadline answers -1, an absent one -2', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  for (const name of NAMES) {
    t.equal(h.call(name, 'k'), -1);
    t.equal(h.call(name, 'none'), -2);
  }
});

t.test('TTL is what is left, rounded to seconds', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v', 'PX', '10000');
  h.pass(8501);
  t.equal(h.call('PTTL', 'k'), 1499);
  t.equal(h.call('TTL', 'k'), 1);
  h.pass(1000);
  t.equal(h.call('TTL', 'k'), 0);
  h.pass(499);
  for (const name of NAMES) t.equal(h.call(name, 'k'), -2);
});

t.test('PERSIST tells whether there was a deadline to take away', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v', 'EX', '10');
  t.equal(h.call('PERSIST', 'k'), 1);
  t.equal(h.call('TTL', 'k'), -1);
  t.equal(h.call('PERSIST', 'k'), 0);
  t.equal(h.call('PERSIST', 'none'), 0);
});
