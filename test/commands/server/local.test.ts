import t from 'tap';
import { ErrorReply } from '../../../src/resp/reply.ts';
import { fakeCluster } from '../../support/fake-facts.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

t.test('INFO passes its sections on in lower case', async (t) => {
  const context = new FakeContext();
  const text = '# Sections\r\nasked:raft_log,raft_stats\r\n';
  t.equal(context.wire('INFO raft_log RAFT_STATS'), `$${text.length}\r\n${text}\r\n`);
  context.session.protocol = 3;
  t.equal(context.wire('INFO'), '=24\r\ntxt:# Sections\r\nasked:\r\n\r\n');
});

t.test('TIME tells seconds and microseconds', async (t) => {
  const context = new FakeContext();
  context.node.clock = 1_700_000_000_003.25;
  t.equal(context.wire('TIME'), '*2\r\n$10\r\n1700000000\r\n$4\r\n3250\r\n');
  context.node.clock = 1_700_000_000_000;
  t.equal(context.wire('TIME'), '*2\r\n$10\r\n1700000000\r\n$1\r\n0\r\n');
});

t.test('CONFIG GET answers a map', async (t) => {
  const context = new FakeContext();
  const pairs = '$3\r\ndir\r\n$12\r\nvalue of dir\r\n$1\r\n*\r\n$10\r\nvalue of *\r\n';
  t.equal(context.wire('CONFIG GET dir *'), `*4\r\n${pairs}`);
  context.session.protocol = 3;
  t.equal(context.wire('CONFIG GET dir *'), `%2\r\n${pairs}`);
});

t.test('CONFIG SET hands over all pairs at once', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CONFIG SET raft.trace all maxmemory 0'), '+OK\r\n');
  t.same(context.node.calls, ['set raft.trace=all maxmemory=0']);
  t.equal(context.wire('CONFIG SET a b c'), '-ERR syntax error\r\n');
  context.node.refusal = new ErrorReply('ERR CONFIG SET failed');
  t.equal(context.wire('CONFIG SET a b'), '-ERR CONFIG SET failed\r\n');
});

t.test('CONFIG RESETSTAT and REWRITE reach the node', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CONFIG RESETSTAT'), '+OK\r\n');
  t.equal(context.wire('CONFIG REWRITE'), '+OK\r\n');
  t.same(context.node.calls, ['reset', 'rewrite']);
  context.node.refusal = new ErrorReply('ERR The server is running without a config file');
  t.equal(context.wire('CONFIG REWRITE'), '-ERR The server is running without a config file\r\n');
});

t.test('SHUTDOWN reads its options', async (t) => {
  const modes: Record<string, string> = {
    SHUTDOWN: '{"save":false,"now":false,"force":false}',
    'shutdown nosave': '{"save":false,"now":false,"force":false}',
    'SHUTDOWN SAVE FORCE': '{"save":true,"now":false,"force":true}',
    'SHUTDOWN now nosave': '{"save":false,"now":true,"force":false}',
  };
  for (const [line, mode] of Object.entries(modes)) {
    const context = new FakeContext();
    t.equal(context.wire(line), '(later)', 'a node that stops says nothing');
    t.same(context.later, []);
    t.same(context.node.calls, [`shutdown ${mode}`]);
  }
});

t.test('SHUTDOWN refuses options that contradict each other', async (t) => {
  const context = new FakeContext();
  for (const line of ['SAVE NOSAVE', 'foo', 'ABORT NOW', 'NOSAVE ABORT']) {
    t.equal(context.wire(`SHUTDOWN ${line}`), '-ERR syntax error\r\n', line);
  }
  t.same(context.node.calls, []);
});

t.test('SHUTDOWN ABORT answers why there is nothing to give up', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('SHUTDOWN ABORT'), '+OK\r\n');
  context.node.refusal = new ErrorReply('ERR No shutdown in progress.');
  t.equal(context.wire('SHUTDOWN ABORT'), '-ERR No shutdown in progress.\r\n');
});

t.test('ROLE on a leader lists the followers', async (t) => {
  const context = new FakeContext();
  t.equal(
    context.wire('ROLE'),
    [
      '*3\r\n$6\r\nmaster\r\n:42\r\n*2\r\n',
      '*3\r\n$8\r\n10.0.0.2\r\n$4\r\n6380\r\n$2\r\n41\r\n',
      '*3\r\n$8\r\n10.0.0.3\r\n$4\r\n6381\r\n$1\r\n0\r\n',
    ].join(''),
  );
});

t.test('ROLE on a follower tells the leader', async (t) => {
  const context = new FakeContext();
  context.node.role = 'follower';
  t.equal(
    context.wire('ROLE'),
    '*5\r\n$5\r\nslave\r\n$8\r\n10.0.0.2\r\n:6380\r\n$9\r\nconnected\r\n:42\r\n',
  );
});

t.test('ROLE of a node without a leader is not master', async (t) => {
  const context = new FakeContext();
  context.node.role = 'other';
  context.node.facts = fakeCluster({ nodes: [] });
  t.equal(context.wire('ROLE'), '*5\r\n$5\r\nslave\r\n$0\r\n\r\n:0\r\n$7\r\nconnect\r\n:42\r\n');
});

t.test('LOLWUT draws and tells the version', async (t) => {
  const context = new FakeContext();
  t.match(context.wire('LOLWUT'), 'balsa ver. 0.1.0 (Redis ver. 7.4.0)\n\r\n');
  t.match(context.wire('LOLWUT VERSION 5'), 'balsa ver.');
  t.equal(context.wire('LOLWUT VERSION x'), '-ERR value is not an integer or out of range\r\n');
});

t.test('MODULE LIST is empty', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('MODULE LIST'), '*0\r\n');
  t.equal(
    context.wire('MODULE LOAD /x.so'),
    "-ERR unknown subcommand 'LOAD'. Try MODULE HELP.\r\n",
  );
});

t.test('ACL knows one user', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('ACL WHOAMI'), '$7\r\ndefault\r\n');
  t.equal(context.wire('ACL USERS'), '*1\r\n$7\r\ndefault\r\n');
});

t.test('ACL CAT lists categories, or the commands of one', async (t) => {
  const context = new FakeContext();
  t.match(context.wire('ACL CAT'), '*21\r\n$8\r\nkeyspace\r\n$4\r\nread\r\n');
  const dangerous = context.call('ACL', 'CAT', 'DANGEROUS');
  t.ok(Array.isArray(dangerous));
  for (const name of ['role', 'info', 'shutdown', 'config|set', 'raft.cluster', 'client|kill']) {
    t.ok(Array.isArray(dangerous) && dangerous.includes(name), name);
  }
  t.notOk(Array.isArray(dangerous) && dangerous.includes('client|id'));
  t.equal(context.wire('ACL CAT foo'), "-ERR Unknown category 'foo'\r\n");
  t.equal(
    context.wire('ACL CAT a b'),
    "-ERR unknown subcommand or wrong number of arguments for 'CAT'. Try ACL HELP.\r\n",
  );
});
