import t from 'tap';
import { NullArrayReply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function withGroup(entries = 5): Harness {
  const h = new Harness();
  for (let i = 1; i <= entries; i++) h.call('XADD', 's', `${i}`, 'f', `v${i}`);
  h.call('XGROUP', 'CREATE', 's', 'g', '0', 'MKSTREAM');
  return h;
}

function read(h: Harness, consumer: string, from: string, ...options: string[]): unknown {
  const reply = h.call('XREADGROUP', 'GROUP', 'g', consumer, ...options, 'STREAMS', 's', from);
  if (!Array.isArray(reply)) return reply;
  const [[, entries]] = reply;
  return entries.map(([id, fields]: unknown[]) => (fields === null ? `${id} gone` : id));
}

t.test('new entries are delivered once, to whoever asks first', async (t) => {
  const h = withGroup();
  t.same(h.call('XREADGROUP', 'GROUP', 'g', 'a', 'COUNT', '1', 'STREAMS', 's', '>'), [
    ['s', [['1-0', ['f', 'v1']]]],
  ]);
  t.same(read(h, 'b', '>', 'COUNT', '2'), ['2-0', '3-0']);
  t.same(read(h, 'a', '>'), ['4-0', '5-0']);
  t.ok(h.reply('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>') instanceof NullArrayReply);
  t.same(h.call('XPENDING', 's', 'g'), [
    5,
    '1-0',
    '5-0',
    [
      ['a', '3'],
      ['b', '2'],
    ],
  ]);
});

t.test('an id gives a consumer its own pending entries, and counts as a delivery', async (t) => {
  const h = withGroup();
  read(h, 'a', '>', 'COUNT', '2');
  read(h, 'b', '>');
  h.pass(100);
  t.same(read(h, 'a', '0'), ['1-0', '2-0']);
  t.same(read(h, 'a', '1-0'), ['2-0']);
  t.same(read(h, 'b', '0', 'COUNT', '1'), ['3-0']);
  t.same(read(h, 'c', '0'), []);
  t.same(h.call('XPENDING', 's', 'g', '-', '+', '3'), [
    ['1-0', 'a', 0, 2],
    ['2-0', 'a', 0, 3],
    ['3-0', 'b', 0, 2],
  ]);
});

t.test('a pending entry that was deleted has no fields, and is not delivered again', async (t) => {
  const h = withGroup(2);
  read(h, 'a', '>');
  h.call('XDEL', 's', '1');
  h.pass(10);
  t.same(read(h, 'a', '0'), ['1-0 gone', '2-0']);
  t.same(h.call('XPENDING', 's', 'g', '-', '+', '9'), [
    ['1-0', 'a', 10, 1],
    ['2-0', 'a', 0, 2],
  ]);
});

t.test('NOACK delivers without making anything pending', async (t) => {
  const h = withGroup(2);
  t.same(read(h, 'a', '>', 'NOACK'), ['1-0', '2-0']);
  t.same(h.call('XPENDING', 's', 'g'), [0, null, null, null]);
  t.equal(read(h, 'a', '>'), null);
});

t.test('an entry delivered again after SETID changes hands', async (t) => {
  const h = withGroup(2);
  read(h, 'a', '>');
  h.call('XGROUP', 'SETID', 's', 'g', '1');
  h.pass(7);
  t.same(read(h, 'b', '>'), ['2-0']);
  t.same(h.call('XPENDING', 's', 'g', '-', '+', '9'), [
    ['1-0', 'a', 7, 1],
    ['2-0', 'b', 0, 1],
  ]);
});

t.test('a consumer exists from its first call on, with something to read or not', async (t) => {
  const h = withGroup(0);
  t.equal(read(h, 'a', '>'), null);
  t.match(h.call('XINFO', 'CONSUMERS', 's', 'g'), [['name', 'a', 'pending', 0]]);
});

t.test('the greatest id means new entries', async (t) => {
  const h = withGroup(1);
  t.same(read(h, 'a', '18446744073709551615-18446744073709551615'), ['1-0']);
});

t.test('nothing is read if one of the groups is not there', async (t) => {
  const h = withGroup(1);
  h.call('XADD', 't', '1', 'f', 'v');
  t.same(h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', 't', '>', '>'), {
    error: "NOGROUP No such key 't' or consumer group 'g' in XREADGROUP with GROUP option",
  });
  t.same(h.call('XINFO', 'CONSUMERS', 's', 'g'), []);
  t.match(h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', 's', '>', 'x'), {
    error: /^ERR Invalid stream ID/,
  });
  t.same(h.call('XINFO', 'CONSUMERS', 's', 'g'), []);
});

t.test('XREADGROUP needs a group, and ids that mean something to one', async (t) => {
  const h = withGroup(1);
  t.same(h.call('XREADGROUP', 'COUNT', '1', 'NOACK', 'STREAMS', 's', '>', '>'), {
    error:
      "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.",
  });
  t.same(h.call('XREADGROUP', 'COUNT', '1', 'NOACK', 'STREAMS', 's', '>'), {
    error: 'ERR Missing GROUP option for XREADGROUP',
  });
  for (const id of ['$', '+']) {
    t.match(h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', id), {
      error: `ERR The ${id} ID is meaningless in the context of XREADGROUP: `,
    });
  }
  t.match(h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '-'), {
    error: /^ERR Invalid stream ID/,
  });
});
