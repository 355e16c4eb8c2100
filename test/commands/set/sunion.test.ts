import t from 'tap';
import { SetReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function withSets(): Harness {
  const h = new Harness();
  h.call('SADD', 'a', '1', '2', '3');
  h.call('SADD', 'b', '2', '3', '4');
  h.call('SADD', 'words', 'x', '3');
  h.call('SET', 'text', 'x');
  return h;
}

t.test('SUNION answers the members of all sets, each once', async (t) => {
  const h = withSets();
  t.same(h.reply('SUNION', 'a', 'none', 'b'), new SetReply(['1', '2', '3', '4']));
  t.same(h.reply('SUNION', 'none', 'words'), new SetReply(['x', '3']));
  t.same(h.reply('SUNION', 'a', 'a'), new SetReply(['1', '2', '3']));
  t.same(h.reply('SUNION', 'none'), new SetReply([]));
});

t.test('SDIFF answers what the first set alone has', async (t) => {
  const h = withSets();
  t.same(h.reply('SDIFF', 'a', 'b'), new SetReply(['1']));
  t.same(h.reply('SDIFF', 'a', 'none', 'words'), new SetReply(['1', '2']));
  t.same(h.reply('SDIFF', 'none', 'a'), new SetReply([]));
  t.same(h.reply('SDIFF', 'a', 'b', 'a'), new SetReply([]));
});

t.test('SUNIONSTORE and SDIFFSTORE replace any value and answer the size', async (t) => {
  const h = withSets();
  t.equal(h.call('SUNIONSTORE', 'text', 'a', 'words'), 4);
  t.same(h.call('SMEMBERS', 'text'), ['1', '2', '3', 'x']);
  t.equal(h.call('SDIFFSTORE', 'text', 'a', 'b'), 1);
  t.same(h.call('SMEMBERS', 'text'), ['1']);
  t.equal(h.call('SDIFFSTORE', 'text', 'a', 'a'), 0);
  t.equal(h.call('EXISTS', 'text'), 0);
  t.equal(h.call('SUNIONSTORE', 'a', 'none'), 0);
  t.equal(h.call('EXISTS', 'a'), 0);
});

t.test(
  'a stored difference that came about by removals keeps the form of a large set',
  async (t) => {
    const h = new Harness();
    const numbers = Array.from({ length: 600 }, (_, i) => String(i));
    h.call('SADD', 'a', ...numbers);
    for (const [i, key] of ['b', 'c', 'd'].entries()) {
      h.call('SADD', key, ...numbers.slice(196 * i, 196 * (i + 1)));
    }
    t.equal(h.call('SDIFFSTORE', 'removed', 'a', 'b', 'c', 'd'), 12);
    t.equal(h.call('OBJECT', 'ENCODING', 'removed'), 'hashtable');
    h.call('SADD', 'e', ...numbers.slice(12));
    t.equal(h.call('SDIFFSTORE', 'looked-up', 'a', 'e'), 12);
    t.equal(h.call('OBJECT', 'ENCODING', 'looked-up'), 'intset');
  },
);

t.test('other types are refused', async (t) => {
  const h = withSets();
  for (const name of ['SUNION', 'SDIFF']) {
    t.match(h.call(name, 'none', 'text'), { error: /^WRONGTYPE/ });
  }
  for (const name of ['SUNIONSTORE', 'SDIFFSTORE']) {
    t.match(h.call(name, 'd', 'none', 'text'), { error: /^WRONGTYPE/ });
  }
});
