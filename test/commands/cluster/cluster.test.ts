import t from 'tap';
import { asNodeId } from '../../../src/base/ids.ts';
import { ErrorReply } from '../../../src/resp/reply.ts';
import { fakeCluster, NAMES } from '../../support/fake-facts.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

const [ONE, TWO, THREE] = NAMES;

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

t.test('CLUSTER SLOTS has one range, the leader first', async (t) => {
  const context = new FakeContext();
  const nodes = (empty: string): string =>
    [
      `*4\r\n$8\r\n10.0.0.2\r\n:6380\r\n$40\r\n${TWO}\r\n${empty}`,
      `*4\r\n$8\r\n10.0.0.1\r\n:6379\r\n$40\r\n${ONE}\r\n${empty}`,
      `*4\r\n$8\r\n10.0.0.3\r\n:6381\r\n$40\r\n${THREE}\r\n${empty}`,
    ].join('');
  t.equal(context.wire('CLUSTER SLOTS'), `*1\r\n*5\r\n:0\r\n:16383\r\n${nodes('*0\r\n')}`);
  context.session.protocol = 3;
  t.equal(context.wire('cluster slots'), `*1\r\n*5\r\n:0\r\n:16383\r\n${nodes('%0\r\n')}`);
});

t.test('CLUSTER SHARDS has one shard', async (t) => {
  const context = new FakeContext();
  const node = (id: number, name = '', role = '', health = ''): string =>
    [
      bulk('id') + bulk(name),
      `$4\r\nport\r\n:${6378 + id}\r\n`,
      bulk('ip') + bulk(`10.0.0.${id}`),
      bulk('endpoint') + bulk(`10.0.0.${id}`),
      bulk('role') + bulk(role),
      '$18\r\nreplication-offset\r\n:0\r\n',
      bulk('health') + bulk(health),
    ].join('');
  const texts = [
    node(2, TWO, 'master', 'online'),
    node(1, ONE, 'replica', 'online'),
    node(3, THREE, 'replica', 'fail'),
  ];
  const two = `*1\r\n*4\r\n$5\r\nslots\r\n*2\r\n:0\r\n:16383\r\n$5\r\nnodes\r\n*3\r\n`;
  t.equal(context.wire('CLUSTER SHARDS'), two + texts.map((text) => `*14\r\n${text}`).join(''));
  context.session.protocol = 3;
  const three = two.replace('*4', '%2');
  t.equal(context.wire('CLUSTER SHARDS'), three + texts.map((text) => `%7\r\n${text}`).join(''));
});

t.test('CLUSTER NODES has a line per node', async (t) => {
  const context = new FakeContext();
  const text = [
    `${TWO} 10.0.0.2:6380@6380 master - 0 0 5 connected 0-16383\n`,
    `${ONE} 10.0.0.1:6379@6379 myself,slave ${TWO} 0 0 5 connected\n`,
    `${THREE} 10.0.0.3:6381@6381 slave ${TWO} 0 0 5 disconnected\n`,
  ].join('');
  t.equal(context.wire('CLUSTER NODES'), bulk(text));
});

t.test('without a leader the node itself stands for it', async (t) => {
  const context = new FakeContext();
  const [two, one] = fakeCluster().nodes;
  t.ok(one !== undefined && two !== undefined);
  if (one === undefined || two === undefined) return;
  const nodes = [one, { ...two, leader: false }];
  context.node.facts = fakeCluster({ nodes, leaderKnown: false });
  t.match(context.wire('CLUSTER NODES'), `${ONE} 10.0.0.1:6379@6379 myself,master - 0 0 5 `);
  t.match(context.wire('CLUSTER SLOTS'), '*4\r\n:0\r\n:16383\r\n*4\r\n$8\r\n10.0.0.1\r\n:6379');
});

t.test('a host that is a name stands where Redis 7 has names, too', async (t) => {
  const context = new FakeContext();
  const node = { name: ONE ?? '', myself: true, leader: true, connected: true, port: 7000 };
  const names: Record<string, string> = {
    'db-1.example': 'db-1.example:7000@7000,db-1.example ',
    'fe80::1': 'fe80::1:7000@7000 ',
    '10.1.2.3': '10.1.2.3:7000@7000 ',
  };
  for (const [host, text] of Object.entries(names)) {
    context.node.facts = fakeCluster({ nodes: [{ ...node, host, id: asNodeId(1) }] });
    t.match(context.wire('CLUSTER NODES'), `${ONE} ${text}`);
  }
});

t.test('CLUSTER INFO is ok until commands are not held any more', async (t) => {
  const context = new FakeContext();
  const text = (state: string, ok: number, fail: number): string =>
    [
      `cluster_state:${state}`,
      'cluster_slots_assigned:16384',
      `cluster_slots_ok:${ok}`,
      'cluster_slots_pfail:0',
      `cluster_slots_fail:${fail}`,
      'cluster_known_nodes:3',
      'cluster_size:1',
      'cluster_current_epoch:5',
      'cluster_my_epoch:5',
      'cluster_raft_commit_index:42',
      'cluster_raft_has_leader:1',
      '',
    ].join('\r\n');
  t.equal(context.wire('CLUSTER INFO'), bulk(text('ok', 16384, 0)));
  context.node.facts = fakeCluster({ healthy: false });
  t.equal(context.wire('CLUSTER INFO'), bulk(text('fail', 0, 16384)));
});

t.test('CLUSTER MYID is the name of this node', async (t) => {
  t.equal(new FakeContext().wire('CLUSTER MYID'), bulk(ONE ?? ''));
});

t.test('CLUSTER KEYSLOT counts only what is tagged', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('CLUSTER KEYSLOT a{b}'), ':3300\r\n');
  t.equal(context.wire('CLUSTER KEYSLOT b'), ':3300\r\n');
  t.equal(context.encode(context.call('CLUSTER', 'KEYSLOT', '')), ':0\r\n');
});

t.test('before there is a cluster only KEYSLOT and HELP know anything', async (t) => {
  const context = new FakeContext();
  const unavailable = new ErrorReply('NOCLUSTER No Raft Cluster');
  context.node.facts = fakeCluster({ unavailable, nodes: [] });
  for (const word of ['SLOTS', 'SHARDS', 'NODES', 'INFO', 'MYID']) {
    t.equal(context.wire(`CLUSTER ${word}`), '-NOCLUSTER No Raft Cluster\r\n', word);
  }
  t.equal(context.wire('CLUSTER KEYSLOT b'), ':3300\r\n');
  t.match(context.wire('CLUSTER HELP'), '+SHARDS\r\n');
});

t.test('what Redis Cluster does by other means is refused with the way to do it', async (t) => {
  const context = new FakeContext();
  t.equal(
    context.wire('CLUSTER MEET 10.0.0.9 6379'),
    '-ERR CLUSTER MEET is not supported, use RAFT.CLUSTER JOIN on the new node\r\n',
  );
  t.equal(
    context.wire('CLUSTER FAILOVER'),
    '-ERR CLUSTER FAILOVER is not supported, use RAFT.TRANSFER_LEADER on the leader\r\n',
  );
  t.match(context.wire('CLUSTER RESET HARD'), '-ERR CLUSTER RESET is not supported');
  t.equal(
    context.wire('CLUSTER ADDSLOTS 1'),
    "-ERR unknown subcommand 'ADDSLOTS'. Try CLUSTER HELP.\r\n",
  );
});
