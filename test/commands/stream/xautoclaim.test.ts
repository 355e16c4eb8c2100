import t from 'tap';
import { Harness } from '../harness.ts';

/** So many entries, all pending for a since 100 ms. */
function withPending(entries: number): Harness {
  const h = new Harness();
  for (let i = 1; i <= entries; i++) h.call('XADD', 's', `${i}`, 'f', `v${i}`);
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>');
  h.pass(100);
  return h;
}

function claim(h: Harness, ...words: string[]): unknown {
  return h.call('XAUTOCLAIM', 's', 'g', 'b', ...words);
}

t.test('XAUTOCLAIM goes through what is pending, call by call', async (t) => {
  const h = withPending(5);
  t.same(claim(h, '0', '0', 'COUNT', '2'), [
    '3-0',
    [
      ['1-0', ['f', 'v1']],
      ['2-0', ['f', 'v2']],
    ],
    [],
  ]);
  t.same(claim(h, '0', '3', 'COUNT', '2', 'JUSTID'), ['5-0', ['3-0', '4-0'], []]);
  t.same(claim(h, '0', '(4', 'JUSTID'), ['0-0', ['5-0'], []]);
  t.same(h.call('XPENDING', 's', 'g', '1', '3', '9'), [
    ['1-0', 'b', 0, 2],
    ['2-0', 'b', 0, 2],
    ['3-0', 'b', 0, 1],
  ]);
});

t.test('XAUTOCLAIM takes only what was idle long enough', async (t) => {
  const h = withPending(3);
  claim(h, '0', '0', 'COUNT', '1');
  t.same(claim(h, '100', '0', 'JUSTID'), ['0-0', ['2-0', '3-0'], []]);
  t.same(claim(h, '100', '0', 'JUSTID'), ['0-0', [], []]);
});

t.test('XAUTOCLAIM drops entries that were deleted, and says which', async (t) => {
  const h = withPending(4);
  h.call('XDEL', 's', '1', '3');
  t.same(claim(h, '0', '0', 'COUNT', '3', 'JUSTID'), ['4-0', ['2-0'], ['1-0', '3-0']]);
  t.match(h.call('XPENDING', 's', 'g'), [2, '2-0', '4-0']);
});

t.test('XAUTOCLAIM looks at ten entries for each that is wanted', async (t) => {
  const h = withPending(50);
  claim(h, '0', '0', 'COUNT', '30');
  t.same(claim(h, '50', '0', 'COUNT', '2'), ['21-0', [], []]);
  t.same(claim(h, '50', '21', 'COUNT', '2', 'JUSTID'), ['33-0', ['31-0', '32-0'], []]);
});

t.test('XAUTOCLAIM claims 100 entries if not told otherwise', async (t) => {
  const h = withPending(150);
  t.match(claim(h, '0', '0', 'JUSTID'), ['101-0', { length: 100 }, []]);
});

t.test('XAUTOCLAIM checks its arguments before the group', async (t) => {
  const h = withPending(1);
  t.same(h.call('XAUTOCLAIM', 'none', 'g', 'b', 'x', '0'), {
    error: 'ERR Invalid min-idle-time argument for XAUTOCLAIM',
  });
  t.match(claim(h, '0', 'x'), { error: /^ERR Invalid stream ID/ });
  for (const count of ['0', '-1', 'x', '576460752303423488', '9223372036854775808']) {
    t.same(claim(h, '0', '0', 'COUNT', count), { error: 'ERR COUNT must be > 0' }, count);
  }
  t.same(claim(h, '0', '0', 'FOO'), { error: 'ERR syntax error' });
  t.same(h.call('XAUTOCLAIM', 's', 'none', 'b', '0', '0'), {
    error: "NOGROUP No such key 's' or consumer group 'none'",
  });
});
