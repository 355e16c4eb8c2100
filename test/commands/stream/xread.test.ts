import t from 'tap';
import { NullArrayReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function withEntries(): Harness {
  const h = new Harness();
  for (const id of ['1-1', '2-1', '3-1']) h.call('XADD', 's', id, 'f', id);
  h.call('XADD', 't', '2-1', 'g', 'v');
  return h;
}

t.test('XREAD returns what is behind the ids, for streams that have something', async (t) => {
  const h = withEntries();
  t.same(h.call('XREAD', 'STREAMS', 's', 't', 'none', '2-0', '2-1', '0'), [
    [
      's',
      [
        ['2-1', ['f', '2-1']],
        ['3-1', ['f', '3-1']],
      ],
    ],
  ]);
  t.same(h.call('XREAD', 'COUNT', '1', 'STREAMS', 's', 't', '0', '0'), [
    ['s', [['1-1', ['f', '1-1']]]],
    ['t', [['2-1', ['g', 'v']]]],
  ]);
});

t.test('XREAD answers a null array if there is nothing', async (t) => {
  const h = withEntries();
  t.ok(h.reply('XREAD', 'STREAMS', 's', '3-1') instanceof NullArrayReply);
  t.ok(h.reply('XREAD', 'STREAMS', 'none', '0') instanceof NullArrayReply);
  t.equal(h.call('XREAD', 'STREAMS', 's', '$'), null);
  t.equal(h.call('XREAD', 'STREAMS', 's', '18446744073709551615-18446744073709551615'), null);
});

t.test('XREAD + returns the last entry that is there', async (t) => {
  const h = withEntries();
  t.same(h.call('XREAD', 'COUNT', '5', 'STREAMS', 's', '+'), [['s', [['3-1', ['f', '3-1']]]]]);
  h.call('XDEL', 's', '3-1');
  t.same(h.call('XREAD', 'STREAMS', 's', '+'), [['s', [['2-1', ['f', '2-1']]]]]);
  h.call('XTRIM', 's', 'MAXLEN', '0');
  t.equal(h.call('XREAD', 'STREAMS', 's', 'none', '+', '+'), null);
});

t.test('XREAD takes a COUNT that is not positive for none', async (t) => {
  const h = withEntries();
  for (const count of ['0', '-1']) {
    t.match(h.call('XREAD', 'COUNT', count, 'STREAMS', 's', '0'), [['s', { length: 3 }]]);
  }
});

t.test('XREAD checks its options before any key', async (t) => {
  const h = withEntries();
  const unbalanced =
    "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.";
  t.same(h.call('XREAD', 'STREAMS', 's', 't', '0'), { error: unbalanced });
  t.same(h.call('XREAD', 'COUNT', '1', 's', '0'), { error: 'ERR syntax error' });
  t.same(h.call('XREAD', 'COUNT', '1', 'STREAMS'), { error: 'ERR syntax error' });
  t.same(h.call('XREAD', 'BLOCK', 'x', 'STREAMS', 's', '0'), {
    error: 'ERR timeout is not an integer or out of range',
  });
  t.same(h.call('XREAD', 'BLOCK', '-1', 'STREAMS', 's', '0'), {
    error: 'ERR timeout is negative',
  });
  t.match(h.call('XREAD', 'GROUP', 'g', 'c', 'STREAMS', 's', '0'), {
    error: /^ERR The GROUP option is only supported by XREADGROUP/,
  });
  t.match(h.call('XREAD', 'NOACK', 'STREAMS', 's', '0'), {
    error: /^ERR The NOACK option is only supported by XREADGROUP/,
  });
});

t.test('XREAD checks keys and ids in turn', async (t) => {
  const h = withEntries();
  h.call('SET', 'string', 'x');
  t.match(h.call('XREAD', 'STREAMS', 's', 'string', 'x', '0'), { error: /^ERR Invalid stream ID/ });
  t.match(h.call('XREAD', 'STREAMS', 'string', 's', 'x', '0'), { error: /^WRONGTYPE/ });
  t.match(h.call('XREAD', 'STREAMS', 's', '>'), { error: /^ERR The > ID can be specified only/ });
  t.match(h.call('XREAD', 'STREAMS', 's', '-'), { error: /^ERR Invalid stream ID/ });
});
