import t from 'tap';
import { fakeClient } from '../../support/fake-facts.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

t.test('CLIENT ID, SETNAME and GETNAME are about this connection', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT ID'), ':7\r\n');
  t.equal(context.wire('CLIENT GETNAME'), '$-1\r\n');
  t.equal(context.wire('CLIENT SETNAME bull:cXVldWU=:w:one'), '+OK\r\n');
  t.equal(context.wire('client getname'), '$19\r\nbull:cXVldWU=:w:one\r\n');
  t.equal(context.encode(context.call('CLIENT', 'SETNAME', '')), '+OK\r\n');
  t.equal(context.wire('CLIENT GETNAME'), '$-1\r\n', 'an empty name takes it away');
});

t.test('CLIENT SETNAME refuses what would not be one word', async (t) => {
  const context = new FakeContext();
  for (const name of ['a b', 'a\n', '\x7f', '\xff', 'a\0']) {
    t.equal(
      context.encode(context.call('CLIENT', 'SETNAME', name)),
      '-ERR Client names cannot contain spaces, newlines or special characters.\r\n',
    );
  }
  t.equal(context.session.name, '');
});

t.test('CLIENT SETINFO notes the library', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT SETINFO LIB-NAME ioredis'), '+OK\r\n');
  t.equal(context.wire('client setinfo lib-ver 5.11.1'), '+OK\r\n');
  t.equal(context.session.libraryName, 'ioredis');
  t.equal(context.session.libraryVersion, '5.11.1');
  t.equal(context.wire('CLIENT SETINFO foo x'), "-ERR Unrecognized option 'foo'\r\n");
  t.equal(
    context.encode(context.call('CLIENT', 'SETINFO', 'lib-name', 'a b')),
    '-ERR lib-name cannot contain spaces, newlines or special characters.\r\n',
  );
});

const LINE =
  'id=7 addr=127.0.0.1:50007 laddr=127.0.0.1:6379 fd=-1 name=me age=3 idle=1 flags=N db=2 sub=0 ' +
  'psub=0 ssub=0 multi=-1 watch=0 qbuf=26 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 ' +
  'oll=0 omem=0 tot-mem=26 events=r cmd=client|list user=default redir=-1 resp=3 ' +
  'lib-name=ioredis lib-ver=6.0.0\n';

function withOne(): FakeContext {
  const context = new FakeContext();
  context.node.connections = [
    fakeClient({
      name: 'me',
      ageSeconds: 3,
      idleSeconds: 1,
      db: 2,
      queryBuffer: 26,
      protocol: 3,
      libraryName: 'ioredis',
      libraryVersion: '6.0.0',
    }),
  ];
  return context;
}

t.test('CLIENT LIST and INFO write the line of Redis 7.4', async (t) => {
  const context = withOne();
  t.equal(context.wire('CLIENT LIST'), `$${LINE.length}\r\n${LINE}\r\n`);
  t.equal(context.wire('CLIENT INFO'), `$${LINE.length}\r\n${LINE}\r\n`);
  context.session.protocol = 3;
  t.equal(context.wire('CLIENT LIST'), `=${LINE.length + 4}\r\ntxt:${LINE}\r\n`);
});

t.test('a connection with output waiting is shown so', async (t) => {
  const context = new FakeContext();
  context.node.connections = [fakeClient({ queryBuffer: 1, outputBuffer: 500 })];
  t.match(context.wire('CLIENT LIST'), ' obl=500 oll=0 omem=500 tot-mem=501 events=rw ');
});

function withSeveral(): FakeContext {
  const context = new FakeContext();
  context.node.connections = [
    fakeClient({ id: 3, address: '10.0.0.9:1000', ageSeconds: 100 }),
    fakeClient({ id: 7 }),
    fakeClient({ id: 9, address: '10.0.0.9:1001', type: 'pubsub', localAddress: '10.0.0.1:1' }),
    fakeClient({ id: 12, address: '10.0.0.8:1001', type: 'replica', ageSeconds: 50 }),
  ];
  return context;
}

function ids(context: FakeContext, line: string): string[] {
  return [...context.wire(line).matchAll(/^id=(\d+) /gm)].map((match) => match[1] ?? '');
}

t.test('CLIENT LIST filters by type or by ids', async (t) => {
  const context = withSeveral();
  t.same(ids(context, 'CLIENT LIST'), ['3', '7', '9', '12']);
  t.same(ids(context, 'CLIENT LIST TYPE normal'), ['3', '7']);
  t.same(ids(context, 'CLIENT LIST TYPE PUBSUB'), ['9']);
  t.same(ids(context, 'CLIENT LIST TYPE slave'), ['12']);
  t.same(ids(context, 'CLIENT LIST TYPE replica'), ['12']);
  t.same(ids(context, 'CLIENT LIST ID 9 3 99 9'), ['9', '3', '9']);
  t.equal(context.wire('CLIENT LIST TYPE master'), '$0\r\n\r\n');
});

t.test('CLIENT KILL by address closes that connection, also this one', async (t) => {
  const context = withSeveral();
  t.equal(context.wire('CLIENT KILL 10.0.0.9:1001'), '+OK\r\n');
  t.equal(context.wire('CLIENT KILL 127.0.0.1:50007'), '+OK\r\n');
  t.same(context.node.calls, ['kill 9', 'kill 7']);
  t.equal(context.session.closing, true);
  t.equal(context.wire('CLIENT KILL 1.2.3.4:5'), '-ERR No such client\r\n');
});

t.test('CLIENT KILL with filters closes what matches all of them', async (t) => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['ID 9', [9]],
    ['id 7', []],
    ['ID 7 SKIPME no', [7]],
    ['ADDR 10.0.0.9:1000', [3]],
    ['LADDR 10.0.0.1:1', [9]],
    ['LADDR 127.0.0.1:6379', [3, 12]],
    ['TYPE normal', [3]],
    ['TYPE normal SKIPME NO', [3, 7]],
    ['TYPE master', []],
    ['USER default TYPE pubsub', [9]],
    ['SKIPME yes', [3, 9, 12]],
    ['MAXAGE 50', [3, 12]],
    ['MAXAGE 51 SKIPME yes', [3]],
    ['ID 9 ADDR 10.0.0.9:1000', []],
    ['ID 99999999999999999', []],
  ];
  for (const [filters, killed] of cases) {
    const context = withSeveral();
    t.equal(context.wire(`CLIENT KILL ${filters}`), `:${killed.length}\r\n`, filters);
    t.same(
      context.node.calls,
      killed.map((id) => `kill ${id}`),
      filters,
    );
  }
});

t.test('CLIENT KILL reads its filters before it kills', async (t) => {
  const errors: Record<string, string> = {
    'ID 0': 'ERR client-id should be greater than 0',
    'ID x': 'ERR client-id should be greater than 0',
    'TYPE foo': "ERR Unknown client type 'foo'",
    'USER foo': "ERR No such user 'foo'",
    'SKIPME maybe': 'ERR syntax error',
    'FOO x': 'ERR syntax error',
    'ID 9 ADDR': 'ERR syntax error',
    'MAXAGE x': 'ERR maxage is not an integer or out of range',
    'MAXAGE 0': 'ERR maxage should be greater than 0',
  };
  for (const [filters, text] of Object.entries(errors)) {
    const context = withSeveral();
    t.equal(context.wire(`CLIENT KILL ${filters}`), `-${text}\r\n`, filters);
    t.same(context.node.calls, []);
  }
});

t.test('CLIENT NO-EVICT and NO-TOUCH are switches', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT NO-EVICT on'), '+OK\r\n');
  t.equal(context.wire('CLIENT NO-TOUCH on'), '+OK\r\n');
  t.same([context.session.noEvict, context.session.noTouch], [true, true]);
  t.equal(context.wire('CLIENT NO-EVICT OFF'), '+OK\r\n');
  t.equal(context.wire('CLIENT NO-TOUCH OFF'), '+OK\r\n');
  t.same([context.session.noEvict, context.session.noTouch], [false, false]);
  t.equal(context.wire('CLIENT NO-TOUCH maybe'), '-ERR syntax error\r\n');
});

t.test('CLIENT REPLY switches replies', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT REPLY SKIP'), '');
  t.equal(context.session.replyMode, 'skip-next');
  t.equal(context.wire('CLIENT REPLY OFF'), '');
  t.equal(context.session.replyMode, 'off');
  t.equal(context.wire('CLIENT REPLY SKIP'), '');
  t.equal(context.session.replyMode, 'off', 'skipping does not switch replies on');
  t.equal(context.wire('CLIENT REPLY ON'), '+OK\r\n');
  t.equal(context.session.replyMode, 'on');
  t.equal(context.wire('CLIENT REPLY foo'), '-ERR syntax error\r\n');
});

t.test('tracking is off and stays off', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT TRACKING off'), '+OK\r\n');
  t.equal(context.wire('CLIENT TRACKING off BCAST PREFIX a'), '+OK\r\n');
  t.equal(context.wire('CLIENT TRACKING on'), '-ERR client side caching is not supported\r\n');
  t.equal(context.wire('CLIENT TRACKING maybe'), '-ERR syntax error\r\n');
  t.equal(context.wire('CLIENT TRACKING on foo'), '-ERR syntax error\r\n');
  t.equal(context.wire('CLIENT TRACKING off REDIRECT'), '-ERR syntax error\r\n');
  t.equal(context.wire('CLIENT GETREDIR'), ':-1\r\n');
  context.session.protocol = 3;
  t.equal(
    context.wire('CLIENT TRACKINGINFO'),
    '%3\r\n$5\r\nflags\r\n~1\r\n$3\r\noff\r\n$8\r\nredirect\r\n:-1\r\n$8\r\nprefixes\r\n*0\r\n',
  );
});

t.test('CLIENT UNBLOCK finds nobody to wake', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT UNBLOCK 9'), ':0\r\n');
  t.equal(context.wire('CLIENT UNBLOCK 9 ERROR'), ':0\r\n');
});

t.test('what Valkey and Redis 8 clients try is answered cleanly', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLIENT CAPA redirect'), '+OK\r\n');
  t.equal(
    context.wire('CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type external-ip'),
    "-ERR unknown subcommand 'MAINT_NOTIFICATIONS'. Try CLIENT HELP.\r\n",
  );
});

t.test('HELP has a line for every sub-command of every container', async (t) => {
  const context = new FakeContext();
  for (const command of context.table.list()) {
    if (command.kind !== 'container') continue;
    if (!command.subcommands.some((sub) => sub.name === `${command.name}|help`)) continue;
    const text = context.wire(`${command.name} HELP`);
    for (const sub of command.subcommands) {
      const word = sub.name.slice(command.name.length + 1).toUpperCase();
      t.match(text, new RegExp(`^\\+${word}\\b`, 'm'), sub.name);
    }
  }
});
