import os from 'node:os';
import t, { type Test } from 'tap';
import { exchange } from '../support/raw.ts';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';
import { RespClient, replyText } from '../support/resp-client.ts';

t.setTimeout(60_000);

const PASSWORD = 'opensesame';
const LOCKED = ['--requirepass', PASSWORD, '--raft.cluster-password', PASSWORD];

t.test('a cluster with a password', async (t) => {
  const cluster = await RealCluster.start(3, LOCKED, PASSWORD);
  t.teardown(() => cluster.stop());

  async function stranger(t: Test): Promise<RespClient> {
    const client = await RespClient.connect((await cluster.leader()).port);
    t.teardown(() => client.close());
    return client;
  }

  await t.test('nothing is served before AUTH', async (t) => {
    const client = await stranger(t);
    for (const words of [['GET', 'a'], ['PING'], ['INFO'], ['RAFT.PEER', '{}'], ['SHUTDOWN']]) {
      t.equal(
        replyText(await client.call(...words)),
        'NOAUTH Authentication required.',
        words.join(' '),
      );
    }
    t.match(replyText(await client.call('HELLO', '3')), /^NOAUTH /);
  });

  await t.test('AUTH takes the password and nothing else', async (t) => {
    const client = await stranger(t);
    t.match(replyText(await client.call('AUTH', 'wrong')), /^WRONGPASS /);
    t.match(replyText(await client.call('AUTH', 'nobody', PASSWORD)), /^WRONGPASS /);
    t.match(replyText(await client.call('GET', 'a')), /^NOAUTH /);
    await client.ok('AUTH', PASSWORD);
    await client.ok('SET', 'a', '1');
    t.equal(await client.ok('GET', 'a'), '1');
  });

  await t.test('HELLO logs in on the way', async (t) => {
    const client = await stranger(t);
    t.match(replyText(await client.call('HELLO', '3', 'AUTH', 'default', 'wrong')), /^WRONGPASS /);
    const hello = await client.ok('HELLO', '3', 'AUTH', 'default', PASSWORD, 'SETNAME', 'me');
    t.equal((hello as { kind: string }).kind, 'map');
    t.equal(await client.ok('CLIENT', 'GETNAME'), 'me');
  });

  await t.test('who has not logged in cannot send much', async (t) => {
    const { port } = await cluster.leader();
    t.same(await exchange(port, '*11\r\n'), {
      text: '-ERR Protocol error: unauthenticated multibulk length\r\n',
      closed: true,
    });
    t.same(await exchange(port, '*1\r\n$16385\r\n'), {
      text: '-ERR Protocol error: unauthenticated bulk length\r\n',
      closed: true,
    });
  });

  await t.test('it elects', async (t) => {
    const leader = await cluster.leader();
    await leader.call('SET', 'kept', 'yes');
    await leader.stop('SIGKILL');
    t.equal(await (await cluster.leader()).call('GET', 'kept'), 'yes');
    await leader.start();
    await cluster.converged();
  });

  await t.test('a node with another password cannot join', async (t) => {
    const newcomer = await cluster.newcomer([
      ...['--requirepass', PASSWORD, '--raft.cluster-password', 'wrong'],
    ]);
    await newcomer.start();
    const { port } = await cluster.leader();
    t.match(
      await newcomer.say('RAFT.CLUSTER', 'JOIN', `127.0.0.1:${port}`),
      /^ERR failed to connect to cluster for join/,
    );
    t.match(newcomer.log, /join: .*WRONGPASS/);
    await newcomer.stop('SIGKILL');
  });

  await t.test('a member with another password is refused, and says so', async (t) => {
    const member = await cluster.follower();
    await member.stop('SIGTERM');
    member.words = [...member.words, '--raft.cluster-password', 'wrong'];
    member.log = '';
    await member.start();
    const info = await eventually('failing links', async () => {
      const fields = Object.entries(await member.info('raft_general'));
      const links = fields.filter(([name]) => /^raft_node\d/.test(name)).map(([, text]) => text);
      return links.length === 2 && links.every((text) => text.includes('state=connect_error'))
        ? links.join(' ')
        : undefined;
    });
    t.match(info, /conn_errors=[1-9]/);
    t.match(member.log, /link to node \d+ .*refused: WRONGPASS/);
    await member.stop('SIGTERM');
    member.words = member.words.slice(0, -2);
    await member.start();
    await cluster.converged();
  });

  await t.test('masterauth stands in for the password between nodes', async (t) => {
    const member = await cluster.follower();
    await member.stop('SIGTERM');
    const { words } = member;
    member.words = [...words, '--raft.cluster-password', '', '--masterauth', PASSWORD];
    await member.start();
    await cluster.converged();
    t.equal((await cluster.followers()).length, 2);
    member.words = words;
  });
});

/** An address of this machine that is not loopback. */
function outerAddress(): string | undefined {
  const all = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

const outer = outerAddress();

t.test(
  'protected mode turns away who comes from another machine without a password',
  { skip: outer === undefined ? 'this machine has no interface but loopback' : false },
  async (t) => {
    const extra = ['--bind', '127.0.0.1', outer ?? '', '--protected-mode', 'yes'];
    const cluster = await RealCluster.unformed(1, extra);
    t.teardown(() => cluster.stop());
    const [node] = cluster.nodes as [RealNode];
    const fromOutside = async (): Promise<string> => {
      const { text } = await exchange(node.port, 'ECHO hello\r\n', '\r\n', { host: outer ?? '' });
      return text;
    };
    t.match(await fromOutside(), /^-DENIED .*protected mode/);
    t.equal(await node.call('ECHO', 'hello'), 'hello');
    await node.call('CONFIG', 'SET', 'requirepass', PASSWORD);
    t.match(await fromOutside(), /^-NOAUTH /);
    node.password = PASSWORD;
    await node.call('CONFIG', 'SET', 'requirepass', '');
    node.password = null;
    await node.call('CONFIG', 'SET', 'protected-mode', 'no');
    t.match(await fromOutside(), /hello/);
  },
);
