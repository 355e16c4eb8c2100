import t from 'tap';
import { Harness } from '../harness.ts';

function elements(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `element-${from + i}`);
}

t.test('PFMERGE adds what others have seen, and makes the destination', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'a', ...elements(0, 5));
  h.call('PFADD', 'b', ...elements(3, 8));
  t.equal(h.call('PFMERGE', 'new', 'a', 'b', 'none'), 'OK');
  t.equal(h.call('PFCOUNT', 'new'), 8);
  t.equal(h.call('PFMERGE', 'a', 'b'), 'OK');
  t.equal(h.call('PFCOUNT', 'a'), 8);
  t.equal(h.call('PFMERGE', 'empty'), 'OK');
  t.equal(h.call('PFCOUNT', 'empty'), 0);
});

t.test('PFMERGE of sparse ones is sparse, of a dense one dense', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'sparse', ...elements(0, 100));
  h.call('PFADD', 'dense', ...elements(50, 150));
  h.call('PFDEBUG', 'TODENSE', 'dense');
  h.call('PFMERGE', 'one', 'sparse');
  h.call('PFMERGE', 'both', 'sparse', 'dense');
  h.call('PFMERGE', 'dense', 'sparse');
  t.equal(h.call('GET', 'one'), h.call('GET', 'sparse'));
  t.equal(h.call('PFDEBUG', 'ENCODING', 'both'), 'dense');
  t.equal(h.call('GET', 'dense'), h.call('GET', 'both'));
  t.equal(h.call('PFCOUNT', 'both'), h.call('PFCOUNT', 'sparse', 'dense'));
});

t.test('PFMERGE keeps the time to live of the destination', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'a', 'x');
  h.call('EXPIRE', 'a', '10');
  h.call('PFMERGE', 'a');
  t.equal(h.call('TTL', 'a'), 10);
});

t.test('PFMERGE refuses what is no HyperLogLog or corrupt, and changes nothing', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'a', 'x');
  const before = h.call('GET', 'a');
  h.call('SET', 'text', 'x');
  h.call('SADD', 'set', 'x');
  h.call('SET', 'corrupt', `HYLL\x01${'\0'.repeat(10)}\x80\x00`);
  t.match(h.call('PFMERGE', 'a', 'text'), { error: /^WRONGTYPE Key/ });
  t.match(h.call('PFMERGE', 'text', 'a'), { error: /^WRONGTYPE Key/ });
  t.match(h.call('PFMERGE', 'a', 'set'), { error: /^WRONGTYPE Operation/ });
  t.match(h.call('PFMERGE', 'a', 'corrupt'), { error: /^INVALIDOBJ/ });
  t.equal(h.call('GET', 'a'), before);
});
