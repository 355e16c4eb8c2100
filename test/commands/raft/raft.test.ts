import t from 'tap';
import {
  ErrorReply,
  MapReply,
  NullArrayReply,
  type Reply,
  SetReply,
} from '../../../src/resp/reply.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

const NO_CLUSTER = new ErrorReply('NOCLUSTER No Raft Cluster');
const MOVED = new ErrorReply('MOVED 0 10.0.0.2:6380');

function arity(name: string): string {
  return `-ERR wrong number of arguments for '${name}' command\r\n`;
}

t.test('RAFT.CLUSTER INIT makes a cluster', async (t) => {
  const id = 'x'.repeat(32);
  for (const [line, call] of [
    ['RAFT.CLUSTER INIT', 'init null'],
    [`raft.cluster init ${id}`, `init ${id}`],
    ['RAFT.CLUSTER i', 'init null'],
  ] as const) {
    const context = new FakeContext();
    t.equal(context.wire(line), '(later)');
    t.same(context.node.admin.calls, [call]);
    t.equal(context.later.length, 1);
  }
});

t.test('RAFT.CLUSTER takes an empty word for INIT', async (t) => {
  const context = new FakeContext();
  context.call('RAFT.CLUSTER', '');
  t.same(context.node.admin.calls, ['init null']);
});

t.test('RAFT.CLUSTER JOIN takes several addresses', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.CLUSTER j a:1 fe80::2:2'), '(later)');
  t.same(context.node.admin.calls, ['join a 1, fe80::2 2']);
});

t.test('RAFT.CLUSTER checks what it is given', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.CLUSTER'), arity('raft.cluster'));
  t.equal(context.wire('RAFT.CLUSTER INIT a b'), arity('raft.cluster'));
  t.equal(context.wire('RAFT.CLUSTER JOIN'), arity('raft.cluster'));
  t.equal(context.wire('RAFT.CLUSTER INIT short'), '-ERR cluster id must be 32 characters\r\n');
  t.equal(context.wire('RAFT.CLUSTER JOIN a:1 b'), '-ERR invalid node address\r\n');
  t.equal(context.wire('RAFT.CLUSTER foo'), '-RAFT.CLUSTER supports INIT / JOIN only\r\n');
  t.equal(context.wire('RAFT.CLUSTER INITX'), '-RAFT.CLUSTER supports INIT / JOIN only\r\n');
  t.same(context.node.admin.calls, []);
});

t.test('RAFT.CLUSTER looks at the state before the sub-command', async (t) => {
  const context = new FakeContext();
  context.node.admin.uninitialized = new ErrorReply('ERR Already cluster member');
  t.equal(context.wire('RAFT.CLUSTER'), arity('raft.cluster'));
  for (const word of ['foo', 'INIT short', 'JOIN', 'JOIN bad']) {
    t.equal(context.wire(`RAFT.CLUSTER ${word}`), '-ERR Already cluster member\r\n', word);
  }
});

t.test('RAFT.NODE adds and removes', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.NODE ADD 0 a:1'), '(later)');
  t.equal(context.wire('RAFT.NODE add 2147483647 a:1'), '(later)');
  t.equal(context.wire('RAFT.NODE r 5'), '(later)');
  t.same(context.node.admin.calls, ['add 0 a 1', 'add 2147483647 a 1', 'remove 5']);
});

t.test('RAFT.NODE checks id, use of the id, address, in this order', async (t) => {
  const context = new FakeContext();
  context.node.admin.used = [3, 2, 1];
  t.equal(context.wire('RAFT.NODE ADD x bad'), '-ERR invalid node id\r\n');
  t.equal(context.wire('RAFT.NODE ADD -1 a:1'), '-ERR invalid node id\r\n');
  t.equal(context.wire('RAFT.NODE ADD 2147483648 a:1'), '-ERR invalid node id\r\n');
  t.equal(
    context.wire('RAFT.NODE ADD 2 bad'),
    '-ERR node id has already been used in this cluster\r\n',
  );
  t.equal(context.wire('RAFT.NODE ADD 4 bad'), '-ERR invalid node address\r\n');
  t.equal(context.wire('RAFT.NODE REMOVE x'), '-ERR invalid node id\r\n');
  t.equal(context.wire('RAFT.NODE REMOVE 0'), '-ERR invalid node id\r\n');
  t.equal(context.wire('RAFT.NODE REMOVE -1'), '-ERR invalid node id\r\n');
  t.equal(context.wire('RAFT.NODE ADD 4'), arity('raft.node'));
  t.equal(context.wire('RAFT.NODE ADD 4 a:1 x'), arity('raft.node'));
  t.equal(context.wire('RAFT.NODE REMOVE'), arity('raft.node'));
  t.equal(context.wire('RAFT.NODE foo'), '-ERR RAFT.NODE supports ADD / REMOVE only\r\n');
  t.same(context.node.admin.calls, []);
});

t.test('RAFT.NODE looks at state, then leader, before the sub-command', async (t) => {
  const context = new FakeContext();
  context.node.admin.leader = MOVED;
  t.equal(context.wire('RAFT.NODE'), arity('raft.node'));
  t.equal(context.wire('RAFT.NODE foo'), '-MOVED 0 10.0.0.2:6380\r\n');
  t.equal(context.wire('RAFT.NODE REMOVE x'), '-MOVED 0 10.0.0.2:6380\r\n');
  context.node.admin.state = NO_CLUSTER;
  t.equal(context.wire('RAFT.NODE foo'), '-NOCLUSTER No Raft Cluster\r\n');
});

t.test('RAFT.TRANSFER_LEADER goes to a node or to any', async (t) => {
  const context = new FakeContext();
  context.node.admin.leader = MOVED;
  for (const line of ['', ' 2', ' -5', ' 0']) {
    t.equal(context.wire(`RAFT.TRANSFER_LEADER${line}`), '(later)');
  }
  t.same(
    context.node.admin.calls,
    ['transfer 0', 'transfer 2', 'transfer -5', 'transfer -1'],
    '0 is the id of nobody',
  );
});

t.test('RAFT.TRANSFER_LEADER reads the id before it looks at the state', async (t) => {
  const context = new FakeContext();
  context.node.admin.state = NO_CLUSTER;
  t.equal(context.wire('RAFT.TRANSFER_LEADER 1 2'), arity('raft.transfer_leader'));
  t.equal(context.wire('RAFT.TRANSFER_LEADER x'), '-ERR invalid target node id\r\n');
  t.equal(context.wire('RAFT.TRANSFER_LEADER 2147483648'), '-ERR invalid target node id\r\n');
  t.equal(context.wire('RAFT.TRANSFER_LEADER 2'), '-NOCLUSTER No Raft Cluster\r\n');
});

t.test('RAFT.TIMEOUT_NOW starts an election', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.TIMEOUT_NOW'), '+OK\r\n');
  t.equal(context.wire('RAFT.TIMEOUT_NOW x'), arity('raft.timeout_now'));
  context.node.admin.state = NO_CLUSTER;
  t.equal(context.wire('RAFT.TIMEOUT_NOW'), '-NOCLUSTER No Raft Cluster\r\n');
});

t.test('RAFT.NODESHUTDOWN stops only the node it names', async (t) => {
  const context = new FakeContext();
  context.node.admin.state = NO_CLUSTER;
  t.equal(context.wire('RAFT.NODESHUTDOWN'), arity('raft.nodeshutdown'));
  t.equal(context.wire('RAFT.NODESHUTDOWN 1 2'), arity('raft.nodeshutdown'));
  t.equal(context.wire('RAFT.NODESHUTDOWN x'), '-invalid node id\r\n');
  t.equal(context.wire('RAFT.NODESHUTDOWN 2'), '-invalid node id\r\n');
  t.equal(context.wire('RAFT.NODESHUTDOWN 1'), '', 'in any state, without a reply');
});

t.test('RAFT <command> goes through the log', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT SET k v'), '(later)');
  t.equal(context.wire('raft ping'), '(later)');
  t.equal(context.wire('RAFT CLIENT UNBLOCK 5'), '(later)');
  t.same(context.logged, ['SET k v', 'ping', 'CLIENT UNBLOCK 5']);
});

t.test('RAFT refuses itself alone, and CLIENT', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT'), arity('raft'));
  for (const line of ['RAFT CLIENT', 'RAFT client id']) {
    t.equal(context.wire(line), '-ERR RedisRaft should only handle CLIENT UNBLOCK commands\r\n');
  }
});

t.test('RAFT.CONFIG is CONFIG with the older names', async (t) => {
  const context = new FakeContext();
  context.session.protocol = 3;
  t.equal(
    context.wire('RAFT.CONFIG GET raft-*'),
    '*4\r\n$13\r\nraft-interval\r\n$3\r\n100\r\n$14\r\nraft-log-fsync\r\n$3\r\nyes\r\n',
    'flat in RESP3 as well',
  );
  t.equal(context.wire('RAFT.CONFIG SET raft-interval 50'), '+OK\r\n');
  t.equal(
    context.wire('RAFT.CONFIG SET raft-interval'),
    "-ERR 'raft-interval' requires a value\r\n",
  );
  t.same(context.node.calls, ['legacy raft-interval=50', 'legacy raft-interval=null']);
  t.equal(context.wire('RAFT.CONFIG'), arity('raft.config'));
  t.equal(context.wire('RAFT.CONFIG GET'), arity('raft.config'));
  t.equal(context.wire('RAFT.CONFIG SET a b c'), arity('raft.config'));
  t.equal(context.wire('RAFT.CONFIG foo'), '-ERR RAFT.CONFIG supports GET / SET only\r\n');
});

t.test('RAFT.INFO is a text', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.INFO'), '$19\r\n# Raft\r\nnode_id:1\r\n\r\n');
});

t.test('RAFT.PEER hands its greeting over as UTF-8', async (t) => {
  const context = new FakeContext();
  t.equal(context.encode(context.call('RAFT.PEER', '{"host":"\xc3\xa4"}')), '(later)');
  t.same(context.node.admin.calls, ['peer {"host":"ä"}']);
  t.equal(context.wire('RAFT.PEER'), arity('raft.peer'));
});

function sorted(reply: Reply, protocol: 2 | 3 = 2): string {
  const context = new FakeContext();
  context.session.protocol = protocol;
  context.node.admin.local = reply;
  return context.wire('RAFT._SORT_REPLY KEYS *');
}

t.test('RAFT._SORT_REPLY orders by bytes', async (t) => {
  t.equal(
    sorted(['b', '\xff', 'a', Buffer.from('aa'), '', 'B']),
    '*6\r\n$0\r\n\r\n$1\r\nB\r\n$1\r\na\r\n$2\r\naa\r\n$1\r\nb\r\n$1\r\n\xff\r\n',
  );
  t.equal(sorted(new SetReply(['b', 'a']), 3), '~2\r\n$1\r\na\r\n$1\r\nb\r\n');
  const map = new MapReply([
    ['b', 1],
    ['a', 2],
  ]);
  t.equal(sorted(map, 3), '%2\r\n$1\r\na\r\n:2\r\n$1\r\nb\r\n:1\r\n');
  t.equal(sorted(map), '*4\r\n$1\r\na\r\n:2\r\n$1\r\nb\r\n:1\r\n');
});

t.test('RAFT._SORT_REPLY refuses what has no order', async (t) => {
  t.equal(sorted('text'), '-ERR unknown type to sort\r\n');
  t.equal(sorted([['nested']]), '-ERR unknown type to sort\r\n');
  t.equal(sorted(new NullArrayReply()), '-ERR unknown type to sort\r\n');
  t.equal(sorted(new ErrorReply('WRONGTYPE x')), '-ERR failed to generate sorted reply\r\n');
});

t.test('RAFT._SORT_REPLY takes only commands without order', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT._SORT_REPLY'), arity('raft._sort_reply'));
  for (const line of ['GET k', 'nosuch', 'SET k v', 'CLIENT LIST']) {
    t.equal(context.wire(`RAFT._SORT_REPLY ${line}`), '-ERR not a sortable command\r\n');
  }
  t.same(context.node.admin.calls, []);
});

t.test('RAFT._REJECT_RANDOM_COMMAND always refuses', async (t) => {
  const text = '-Cannot run a command with random results in this context\r\n';
  t.equal(new FakeContext().wire('RAFT._REJECT_RANDOM_COMMAND'), text);
  t.equal(new FakeContext().wire('RAFT._REJECT_RANDOM_COMMAND TIME'), text);
});
