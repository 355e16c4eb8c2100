import t from 'tap';
import { Harness } from '../harness.ts';

t.test('PFDEBUG DECODE shows the runs of a sparse one', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'k');
  t.equal(h.call('PFDEBUG', 'decode', 'k'), 'Z:16384');
  h.call('SET', 'k', `HYLL\x01${'\0'.repeat(10)}\x80\x85\x3f\x7f\xbd`);
  t.equal(h.call('PFDEBUG', 'DECODE', 'k'), 'v:2,2 z:64 Z:16318');
  h.call('PFDEBUG', 'TODENSE', 'k');
  t.same(h.call('PFDEBUG', 'DECODE', 'k'), { error: 'ERR HLL encoding is not sparse' });
});

t.test('PFDEBUG GETREG answers all registers and makes it dense', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', `HYLL\x01${'\0'.repeat(10)}\x80\x85\x3f\x7f\xbd`);
  const registers = h.call('PFDEBUG', 'GETREG', 'k') as number[];
  t.equal(registers.length, 16_384);
  t.same(registers.slice(0, 4), [2, 2, 0, 0]);
  t.equal(h.call('PFDEBUG', 'ENCODING', 'k'), 'dense');
  t.same(h.call('PFDEBUG', 'GETREG', 'k'), registers);
});

t.test('PFDEBUG TODENSE answers whether it was sparse', async (t) => {
  const h = new Harness();
  h.call('PFADD', 'k', 'a');
  t.equal(h.call('PFDEBUG', 'ENCODING', 'k'), 'sparse');
  t.equal(h.call('PFDEBUG', 'TODENSE', 'k'), 1);
  t.equal(h.call('PFDEBUG', 'TODENSE', 'k'), 0);
  t.equal(h.call('PFCOUNT', 'k'), 1);
});

t.test('PFDEBUG looks at the key before the sub-command', async (t) => {
  const h = new Harness();
  h.call('SADD', 'set', 'a');
  h.call('PFADD', 'k', 'a');
  h.call('SET', 'corrupt', `HYLL\x01${'\0'.repeat(10)}\x80\x00`);
  t.same(h.call('PFDEBUG', 'nope', 'none'), { error: 'ERR The specified key does not exist' });
  t.match(h.call('PFDEBUG', 'nope', 'set'), { error: /^WRONGTYPE Operation/ });
  t.same(h.call('PFDEBUG', 'nope', 'k'), { error: "ERR Unknown PFDEBUG subcommand 'nope'" });
  t.match(h.call('PFDEBUG', 'GETREG', 'corrupt'), { error: /^INVALIDOBJ/ });
  t.match(h.call('PFDEBUG', 'TODENSE', 'corrupt'), { error: /^INVALIDOBJ/ });
});
