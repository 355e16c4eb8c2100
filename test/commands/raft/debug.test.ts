import t from 'tap';
import { ErrorReply, OK } from '../../../src/resp/reply.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

const NO_CLUSTER = new ErrorReply('NOCLUSTER No Raft Cluster');
const ARITY = "-ERR wrong number of arguments for 'raft.debug' command\r\n";

t.test('RAFT.DEBUG refuses what it does not know', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.DEBUG'), ARITY);
  for (const word of ['foo', 'EXEC', 'EXEC ping', 'COMMANDSPEC', 'COMMANDSPEC a b']) {
    t.equal(context.wire(`RAFT.DEBUG ${word}`), '-ERR invalid debug subcommand\r\n', word);
  }
});

t.test('RAFT.DEBUG COMPACT answers when it is over', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.DEBUG COMPACT'), '(later)');
  t.equal(context.wire('RAFT.DEBUG c 0'), '(later)', 'another one waits with it');
  t.same(context.later, []);
  context.node.saving.end(null);
  t.same(context.later, [OK, OK]);
  t.same(context.node.saving.calls, ['compact', 'compact']);
});

t.test('RAFT.DEBUG COMPACT answers why it failed without ERR', async (t) => {
  const context = new FakeContext();
  context.wire('RAFT.DEBUG COMPACT');
  context.node.saving.end('debug rdbSave() failed');
  t.same(context.later, [new ErrorReply('debug rdbSave() failed')]);
});

t.test('RAFT.DEBUG COMPACT answers at once if it is told to', async (t) => {
  for (const word of ['1', '-1', '9007199254740991']) {
    const context = new FakeContext();
    t.equal(context.wire(`RAFT.DEBUG COMPACT ${word}`), '+OK\r\n', word);
    context.node.saving.end('debug rdbSave() failed');
    t.same(context.later, []);
    t.same(context.node.saving.calls, ['compact later']);
  }
});

t.test('RAFT.DEBUG COMPACT refuses what cannot be done', async (t) => {
  const context = new FakeContext();
  const refused = '-ERR failed to begin compaction\r\n';
  for (const outcome of ['nothing', 'blocked'] as const) {
    context.node.saving.outcome = outcome;
    t.equal(context.wire('RAFT.DEBUG COMPACT'), refused);
    t.equal(context.wire('RAFT.DEBUG COMPACT 1'), refused);
  }
  context.node.admin.state = NO_CLUSTER;
  t.equal(context.wire('RAFT.DEBUG COMPACT'), '-NOCLUSTER No Raft Cluster\r\n');
  t.equal(context.wire('RAFT.DEBUG COMPACT x'), '-ERR invalid compact async value\r\n');
});

t.test('RAFT.DEBUG NODECFG sets flags of a node', async (t) => {
  const context = new FakeContext();
  const call = (...words: string[]): string =>
    context.encode(context.call('RAFT.DEBUG', 'NODECFG', ...words));
  t.equal(call('2', '+voting -active'), '+OK\r\n');
  t.equal(call('2', ''), '+OK\r\n');
  t.same(context.node.admin.calls, ['override 2 {"voting":true,"active":false}', 'override 2 {}']);
  t.equal(call('2', '+foo'), '-ERR invalid nodecfg option\r\n');
  t.equal(call('2', 'voting'), '-ERR invalid nodecfg option\r\n');
  t.equal(call('9', '+voting'), '-ERR node does not exist\r\n');
  t.equal(call('9', '+foo'), '-ERR node does not exist\r\n');
  t.equal(call('x', '+voting'), '-ERR invalid node id\r\n');
  t.equal(call('2'), ARITY);
});

t.test('RAFT.DEBUG tells ids in use and the digest', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.DEBUG USED_NODE_IDS'), '*0\r\n');
  context.node.admin.used = [30, 20];
  t.equal(context.wire('RAFT.DEBUG used'), '*2\r\n:30\r\n:20\r\n');
  t.equal(context.wire('RAFT.DEBUG DIGEST'), `*2\r\n$40\r\n${'d'.repeat(40)}\r\n:12\r\n`);
});

t.test('RAFT.DEBUG EXEC runs here alone', async (t) => {
  const context = new FakeContext();
  context.node.admin.local = 'v';
  t.equal(context.wire('RAFT.DEBUG EXEC GET k'), '$1\r\nv\r\n');
  t.same(context.node.admin.calls, ['execute GET k']);
  t.equal(context.wire('RAFT.DEBUG EXEC nosuch k'), '-Bad command or failed to execute\r\n');
  t.equal(context.wire('RAFT.DEBUG EXEC GET k l'), '-Bad command or failed to execute\r\n');
});

t.test('RAFT.DEBUG COMMANDSPEC tells masks', async (t) => {
  const context = new FakeContext();
  const masks: Record<string, number> = {
    get: 2,
    SET: 4,
    keys: 34,
    ttl: 66,
    scan: 66,
    randomkey: 66,
    client: 1040,
    config: 16,
    ping: 16,
    time: 80,
    info: 64,
    raft: 16,
    'raft.cluster': 16,
    lolwut: 2,
  };
  for (const [name, mask] of Object.entries(masks)) {
    t.equal(context.wire(`RAFT.DEBUG COMMANDSPEC ${name}`), `:${mask}\r\n`, name);
  }
  t.equal(context.wire('RAFT.DEBUG COMMANDSPEC nosuch'), '-ERR unknown command\r\n');
});
