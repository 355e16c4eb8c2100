import t from 'tap';
import { Harness } from '../harness.ts';

/** Entries 1 to 4, of which 1, 2 and 3 are pending for a since 100 ms. */
function withPending(): Harness {
  const h = new Harness();
  for (let i = 1; i <= 4; i++) h.call('XADD', 's', `${i}`, 'f', `v${i}`);
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'COUNT', '3', 'STREAMS', 's', '>');
  h.pass(100);
  return h;
}

function claim(h: Harness, ...words: string[]): unknown {
  return h.call('XCLAIM', 's', 'g', 'b', ...words);
}

/** `id consumer idle count` of what is pending. */
function pending(h: Harness): string[] {
  const reply = h.call('XPENDING', 's', 'g', '-', '+', '100');
  return Array.isArray(reply) ? reply.map((parts) => parts.join(' ')) : [];
}

t.test('XCLAIM moves pending entries and counts that as a delivery', async (t) => {
  const h = withPending();
  t.same(claim(h, '0', '1', '2', '9'), [
    ['1-0', ['f', 'v1']],
    ['2-0', ['f', 'v2']],
  ]);
  t.same(pending(h), ['1-0 b 0 2', '2-0 b 0 2', '3-0 a 100 1']);
});

t.test('XCLAIM takes only what was idle long enough', async (t) => {
  const h = withPending();
  t.same(claim(h, '101', '1'), []);
  t.same(claim(h, '100', '1', 'JUSTID'), ['1-0']);
  t.same(claim(h, '1', '1', 'JUSTID'), []);
});

t.test('XCLAIM JUSTID returns ids and counts no delivery', async (t) => {
  const h = withPending();
  t.same(claim(h, '0', '1', 'JUSTID'), ['1-0']);
  t.same(pending(h)[0], '1-0 b 0 1');
});

t.test('XCLAIM sets times and counts', async (t) => {
  const h = withPending();
  claim(h, '0', '1', 'IDLE', '30', 'RETRYCOUNT', '7');
  claim(h, '0', '2', 'TIME', String(h.now - 40));
  claim(h, '0', '3', 'TIME', String(h.now + 40), 'RETRYCOUNT', '9223372036854775807');
  t.same(pending(h), ['1-0 b 30 7', '2-0 b 40 2', '3-0 b 0 9223372036854775807']);
  claim(h, '0', '1', 'IDLE', '9000000000000000000', 'RETRYCOUNT', '-1');
  t.same(pending(h)[0], '1-0 b 0 8');
});

t.test('XCLAIM FORCE makes entries pending that nobody got', async (t) => {
  const h = withPending();
  t.same(claim(h, '0', '4'), []);
  t.same(claim(h, '1000', '4', 'FORCE'), [['4-0', ['f', 'v4']]]);
  t.same(claim(h, '0', '9', 'FORCE'), []);
  t.same(pending(h)[3], '4-0 b 0 2');
});

t.test('XCLAIM drops entries that were deleted', async (t) => {
  const h = withPending();
  h.call('XDEL', 's', '1');
  t.same(claim(h, '1000', '1', '2'), []);
  t.same(pending(h), ['2-0 a 100 1', '3-0 a 100 1']);
});

t.test('XCLAIM LASTID moves the group on, never back', async (t) => {
  const h = withPending();
  claim(h, '0', '1', 'LASTID', '2');
  t.match(h.call('XINFO', 'GROUPS', 's'), [{ 7: '3-0' }]);
  claim(h, '0', '1', 'LASTID', '4');
  t.match(h.call('XINFO', 'GROUPS', 's'), [{ 7: '4-0' }]);
});

t.test('XCLAIM makes its consumer, whether or not it gets something', async (t) => {
  const h = withPending();
  claim(h, '0', '9');
  t.match(h.call('XINFO', 'CONSUMERS', 's', 'g'), [{}, { 1: 'b', 7: -1 }]);
  h.pass(5);
  claim(h, '0', '1');
  h.pass(5);
  t.match(h.call('XINFO', 'CONSUMERS', 's', 'g'), [{}, { 1: 'b', 5: 5, 7: 5 }]);
});

t.test('XCLAIM checks the group, then its arguments', async (t) => {
  const h = withPending();
  t.same(h.call('XCLAIM', 's', 'none', 'b', 'x', '1'), {
    error: "NOGROUP No such key 's' or consumer group 'none'",
  });
  t.same(claim(h, 'x', '1'), { error: 'ERR Invalid min-idle-time argument for XCLAIM' });
  t.same(claim(h, '0', '1', '2-x'), { error: "ERR Unrecognized XCLAIM option '2-x'" });
  for (const option of ['IDLE', 'TIME', 'RETRYCOUNT']) {
    t.same(claim(h, '0', '1', option, 'x'), {
      error: `ERR Invalid ${option} option argument for XCLAIM`,
    });
    t.same(claim(h, '0', '1', option), { error: `ERR Unrecognized XCLAIM option '${option}'` });
  }
  t.match(claim(h, '0', '1', 'LASTID', 'x'), { error: /^ERR Invalid stream ID/ });
  t.same(pending(h)[0], '1-0 a 100 1');
});
