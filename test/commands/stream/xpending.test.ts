import t from 'tap';
import { Harness } from '../harness.ts';

/** Entries 1 to 6: 1, 2 and 3 pending for a since 100 ms, 4 and 5 for b since 50 ms. */
function withPending(): Harness {
  const h = new Harness();
  for (let i = 1; i <= 6; i++) h.call('XADD', 's', `${i}`, 'f', 'v');
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'COUNT', '3', 'STREAMS', 's', '>');
  h.pass(50);
  h.call('XREADGROUP', 'GROUP', 'g', 'b', 'COUNT', '2', 'STREAMS', 's', '>');
  h.pass(50);
  return h;
}

function ids(reply: unknown): unknown {
  return Array.isArray(reply) ? reply.map(([id]) => id) : reply;
}

t.test('XPENDING sums up a group', async (t) => {
  const h = withPending();
  h.call('XGROUP', 'CREATECONSUMER', 's', 'g', 'idle');
  t.same(h.call('XPENDING', 's', 'g'), [
    5,
    '1-0',
    '5-0',
    [
      ['a', '3'],
      ['b', '2'],
    ],
  ]);
  h.call('XGROUP', 'CREATE', 's', 'h', '0');
  t.same(h.call('XPENDING', 's', 'h'), [0, null, null, null]);
});

t.test('XPENDING lists a range, of all consumers or of one', async (t) => {
  const h = withPending();
  t.same(h.call('XPENDING', 's', 'g', '3', '(5-0', '10'), [
    ['3-0', 'a', 100, 1],
    ['4-0', 'b', 50, 1],
  ]);
  t.same(ids(h.call('XPENDING', 's', 'g', '-', '+', '2')), ['1-0', '2-0']);
  t.same(ids(h.call('XPENDING', 's', 'g', '2', '+', '10', 'a')), ['2-0', '3-0']);
  t.same(ids(h.call('XPENDING', 's', 'g', '-', '+', '10', 'nobody')), []);
  t.same(ids(h.call('XPENDING', 's', 'g', '-', '+', '0')), []);
  t.same(ids(h.call('XPENDING', 's', 'g', '-', '+', '-5')), []);
});

t.test('XPENDING IDLE leaves out what was delivered lately', async (t) => {
  const h = withPending();
  t.same(ids(h.call('XPENDING', 's', 'g', 'IDLE', '51', '-', '+', '10')), ['1-0', '2-0', '3-0']);
  t.same(ids(h.call('XPENDING', 's', 'g', 'IDLE', '50', '-', '+', '10', 'b')), ['4-0', '5-0']);
  t.same(ids(h.call('XPENDING', 's', 'g', 'IDLE', '101', '-', '+', '10')), []);
});

t.test('XPENDING checks its arguments before the key', async (t) => {
  const h = new Harness();
  const syntax = { error: 'ERR syntax error' };
  t.same(h.call('XPENDING', 'none', 'g', '-'), syntax);
  t.same(h.call('XPENDING', 'none', 'g', 'IDLE', '5', '-', '+'), syntax);
  t.same(h.call('XPENDING', 'none', 'g', '-', '+', '5', 'a', 'b', 'c', 'd'), syntax);
  t.match(h.call('XPENDING', 'none', 'g', '-', '+', 'x'), {
    error: /^ERR value is not an integer/,
  });
  t.match(h.call('XPENDING', 'none', 'g', 'x', '+', '5'), { error: /^ERR Invalid stream ID/ });
  t.same(h.call('XPENDING', 'none', 'g', '-', '+', '5'), {
    error: "NOGROUP No such key 'none' or consumer group 'g'",
  });
});
