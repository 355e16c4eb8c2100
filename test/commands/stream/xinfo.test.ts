import t from 'tap';
import { MapReply, type Reply } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

/** Entries 1 to 3, a group that has read two, and a consumer who has acknowledged one. */
function withGroup(): Harness {
  const h = new Harness();
  for (let i = 1; i <= 3; i++) h.call('XADD', 's', `${i}`, 'f', `v${i}`);
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'COUNT', '2', 'STREAMS', 's', '>');
  h.call('XACK', 's', 'g', '1');
  return h;
}

function keysOf(reply: Reply | undefined): unknown {
  return reply instanceof MapReply ? reply.pairs.map(([key]) => key) : reply;
}

t.test('XINFO STREAM says what a stream holds', async (t) => {
  const h = withGroup();
  h.call('XDEL', 's', '1');
  t.same(h.call('XINFO', 'STREAM', 's'), [
    'length',
    2,
    'radix-tree-keys',
    1,
    'radix-tree-nodes',
    2,
    'last-generated-id',
    '3-0',
    'max-deleted-entry-id',
    '1-0',
    'entries-added',
    3,
    'recorded-first-entry-id',
    '2-0',
    'groups',
    1,
    'first-entry',
    ['2-0', ['f', 'v2']],
    'last-entry',
    ['3-0', ['f', 'v3']],
  ]);
});

t.test('XINFO STREAM of an empty stream has no entries to show', async (t) => {
  const h = new Harness();
  h.call('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
  const reply = h.call('XINFO', 'STREAM', 's');
  t.match(reply, { 1: 0, 3: 0, 5: 1, 7: '0-0', 13: '0-0', 17: null, 19: null });
});

t.test('XINFO STREAM FULL says everything', async (t) => {
  const h = withGroup();
  const now = Math.floor(h.now);
  t.same(h.call('XINFO', 'STREAM', 's', 'FULL'), [
    'length',
    3,
    'radix-tree-keys',
    1,
    'radix-tree-nodes',
    2,
    'last-generated-id',
    '3-0',
    'max-deleted-entry-id',
    '0-0',
    'entries-added',
    3,
    'recorded-first-entry-id',
    '1-0',
    'entries',
    [
      ['1-0', ['f', 'v1']],
      ['2-0', ['f', 'v2']],
      ['3-0', ['f', 'v3']],
    ],
    'groups',
    [
      [
        'name',
        'g',
        'last-delivered-id',
        '2-0',
        'entries-read',
        2,
        'lag',
        1,
        'pel-count',
        1,
        'pending',
        [['2-0', 'a', now, 1]],
        'consumers',
        [
          [
            'name',
            'a',
            'seen-time',
            now,
            'active-time',
            now,
            'pel-count',
            1,
            'pending',
            [['2-0', now, 1]],
          ],
        ],
      ],
    ],
  ]);
});

t.test('XINFO STREAM FULL shows ten of everything, or COUNT', async (t) => {
  const h = new Harness();
  for (let i = 1; i <= 30; i++) h.call('XADD', 's', `${i}`, 'f', 'v');
  const shown = (...words: string[]) => {
    const reply = h.call('XINFO', 'STREAM', 's', 'FULL', ...words);
    return Array.isArray(reply) ? reply[15].length : reply;
  };
  t.same(
    [shown(), shown('COUNT', '3'), shown('COUNT', '0'), shown('COUNT', '-1')],
    [10, 3, 30, 10],
  );
});

t.test('XINFO GROUPS and CONSUMERS list in the order of names', async (t) => {
  const h = withGroup();
  h.call('XGROUP', 'CREATE', 's', 'b', '2');
  h.pass(30);
  h.call('XGROUP', 'CREATECONSUMER', 's', 'g', 'Z');
  t.same(h.call('XINFO', 'GROUPS', 's'), [
    [
      'name',
      'b',
      'consumers',
      0,
      'pending',
      0,
      'last-delivered-id',
      '2-0',
      'entries-read',
      null,
      'lag',
      null,
    ],
    [
      'name',
      'g',
      'consumers',
      2,
      'pending',
      1,
      'last-delivered-id',
      '2-0',
      'entries-read',
      2,
      'lag',
      1,
    ],
  ]);
  t.same(h.call('XINFO', 'CONSUMERS', 's', 'g'), [
    ['name', 'Z', 'pending', 0, 'idle', 0, 'inactive', -1],
    ['name', 'a', 'pending', 1, 'idle', 30, 'inactive', 30],
  ]);
});

t.test('a consumer that asks and gets nothing is seen, not active', async (t) => {
  const h = withGroup();
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>');
  h.pass(10);
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>');
  h.pass(10);
  t.match(h.call('XINFO', 'CONSUMERS', 's', 'g'), [{ 5: 10, 7: 20 }]);
});

t.test('what has names is a map', async (t) => {
  const h = withGroup();
  const full = h.reply('XINFO', 'STREAM', 's', 'FULL');
  t.match(keysOf(full), { length: 9 });
  const groups = full instanceof MapReply ? full.pairs[8]?.[1] : undefined;
  t.same(keysOf(Array.isArray(groups) ? groups[0] : undefined), [
    'name',
    'last-delivered-id',
    'entries-read',
    'lag',
    'pel-count',
    'pending',
    'consumers',
  ]);
});

t.test('XINFO checks the key, then the options', async (t) => {
  const h = withGroup();
  h.call('SET', 'string', 'x');
  const wrongUse = {
    error: "ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.",
  };
  t.same(h.call('XINFO', 'STREAM', 'none', 'FOO'), { error: 'ERR no such key' });
  t.match(h.call('XINFO', 'GROUPS', 'string'), { error: /^WRONGTYPE/ });
  for (const words of [
    ['FOO'],
    ['FULL', 'COUNT'],
    ['FULL', 'FOO', '1'],
    ['FULL', 'COUNT', '1', '2'],
  ]) {
    t.same(h.call('XINFO', 'STREAM', 's', ...words), wrongUse, words.join(' '));
  }
  t.match(h.call('XINFO', 'STREAM', 's', 'FULL', 'COUNT', 'x'), {
    error: /^ERR value is not an integer/,
  });
  t.same(h.call('XINFO', 'CONSUMERS', 's', 'none'), {
    error: "NOGROUP No such consumer group 'none' for key name 's'",
  });
});
