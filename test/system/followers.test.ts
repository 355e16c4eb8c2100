import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { encodeCommand } from '../../src/resp/encoder.ts';
import { isError, type Reply } from '../../src/resp/reply.ts';
import { exchange } from '../support/raw.ts';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';
import type { RespClient } from '../support/resp-client.ts';

t.setTimeout(90_000);

function textOf(reply: Reply): string {
  return isError(reply) ? reply.text : String(reply);
}

/** Waits until the node has noticed that its leader is gone. What it relays before that is lost. */
async function missesLeader(node: RealNode): Promise<void> {
  const { raft_current_term: term } = await node.info('raft_general');
  await eventually('the follower to miss its leader', async () => {
    const info = await node.info('raft_general');
    const missing = info['raft_leader_id'] === '-1' || info['raft_current_term'] !== term;
    return missing ? true : undefined;
  });
}

async function oneFollower(cluster: RealCluster): Promise<RealNode> {
  const [follower] = await cluster.followers();
  if (follower === undefined) throw new Error('there are followers');
  return follower;
}

t.test('a follower that redirects', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());

  await t.test(
    'MOVED names the slot of the key and the leader as CLUSTER SLOTS spells it',
    async (t) => {
      const follower = await oneFollower(cluster);
      const leader = await cluster.leader();
      for (const node of cluster.nodes) {
        const slots = await node.call('CLUSTER', 'SLOTS');
        const [range] = Array.isArray(slots) ? slots : [];
        const [from, to, first] = Array.isArray(range) ? range : [];
        t.same([from, to], [0, 16383]);
        const [host, port] = Array.isArray(first) ? first : [];
        for (const [key, slot] of [
          ['foo', 12182],
          ['bar', 5061],
          ['{user1000}.following', 3443],
          ['{user1000}.followers', 3443],
          ['foo{}{bar}', 8363],
          ['foo{{bar}}zap', 4015],
        ]) {
          t.equal(await follower.say('GET', `${key}`), `MOVED ${slot} ${host}:${port}`);
        }
        t.equal(port, leader.port);
      }
    },
  );

  await t.test('keyless commands are relayed, not redirected', async (t) => {
    const follower = await oneFollower(cluster);
    const leader = await cluster.leader();
    await leader.call('SET', 'only', '1');
    t.equal(await follower.call('DBSIZE'), 1);
    t.same(await follower.call('KEYS', '*'), ['only']);
    t.equal(await follower.call('RANDOMKEY'), 'only');
    t.same(await follower.call('SCAN', '0'), ['0', ['only']]);
    await follower.call('FLUSHALL');
    t.equal(await leader.call('DBSIZE'), 0);
  });

  await t.test('READONLY lets it answer reads itself, and READWRITE ends that', async (t) => {
    const leader = await cluster.leader();
    const follower = await oneFollower(cluster);
    await leader.call('SET', 'here', 'too');
    await cluster.converged();
    const client = await follower.client();
    t.match(textOf(await client.call('GET', 'here')), /^MOVED /);
    await client.ok('READONLY');
    t.equal(await client.call('GET', 'here'), 'too');
    t.match(textOf(await client.call('SET', 'here', '2')), /^MOVED /);
    await client.ok('READWRITE');
    t.match(textOf(await client.call('GET', 'here')), /^MOVED /);
    client.close();
  });

  await t.test('a command sent while there is no leader waits and is redirected', async (t) => {
    const follower = await oneFollower(cluster);
    const leader = await cluster.leader();
    const client = await follower.client();
    await leader.stop('SIGKILL');
    await missesLeader(follower);
    const reply = await client.call('SET', 'foo', '1');
    const next = await cluster.leader();
    if (next === follower) t.notOk(isError(reply));
    else t.equal(textOf(reply), `MOVED 12182 127.0.0.1:${next.port}`);
    client.close();
    await leader.start();
  });
});

t.test('a node without a quorum and without patience', async (t) => {
  const cluster = await RealCluster.start(3, ['--raft.election-hold', '0']);
  t.teardown(() => cluster.stop());
  const leader = await cluster.leader();
  const [left, other] = await cluster.followers();
  if (left === undefined || other === undefined) throw new Error('there are followers');

  await t.test('a leader that loses its followers answers who waits TIMEOUT', async (t) => {
    const writer = await leader.client();
    const reader = await leader.client();
    left.pause();
    other.pause();
    const begin = performance.now();
    const replies = await Promise.all([writer.call('SET', 'a', '1'), reader.call('GET', 'a')]);
    t.same(replies.map(textOf), ['TIMEOUT not committed yet', 'TIMEOUT no quorum for read']);
    t.comment(`answered after ${Math.round(performance.now() - begin)} ms`);
    t.equal(textOf(await writer.call('SET', 'a', '1')), 'CLUSTERDOWN No raft leader');
    left.proceed();
    other.proceed();
    writer.close();
    reader.close();
    await cluster.leader();
  });

  await t.test('CLUSTERDOWN is the answer when no leader can be elected', async (t) => {
    const leader = await cluster.leader();
    const [left, other] = await cluster.followers();
    await Promise.all([leader.stop('SIGKILL'), other?.stop('SIGKILL')]);
    const node = left as RealNode;
    await eventually('no leader', async () => {
      const { raft_leader_id: id } = await node.info('raft_general');
      return id === '-1' ? true : undefined;
    });
    for (const words of [
      ['GET', 'a'],
      ['SET', 'a', '1'],
      ['DBSIZE'],
      ['RAFT.NODE', 'REMOVE', '1'],
    ]) {
      t.equal(await node.say(...words), 'CLUSTERDOWN No raft leader', words.join(' '));
    }
    t.match(await node.say('CLUSTER', 'INFO'), /cluster_state:fail/);
    t.equal(await node.say('RAFT.TRANSFER_LEADER'), 'ERR not leader');
    const slots = await node.call('CLUSTER', 'SLOTS');
    t.equal(
      JSON.stringify(slots).indexOf(`${node.port}`),
      JSON.stringify(slots).search(/\d{5},"[0-9a-f]{40}/),
      'it lists itself first',
    );
    await Promise.all([leader.start(), other?.start()]);
  });
});

t.test('a follower that relays', async (t) => {
  const cluster = await RealCluster.start(3, ['--raft.follower-proxy', 'yes']);
  t.teardown(() => cluster.stop());

  await t.test('its replies are those of the leader, byte for byte', async (t) => {
    const leader = await cluster.leader();
    const follower = await oneFollower(cluster);
    const commands = [
      ['SET', 'r:a', 'ohmytext'],
      ['SET', 'r:b', 'mynewtext'],
      ['GET', 'r:a'],
      ['GET', 'r:none'],
      ['STRLEN', 'r:a'],
      ['MGET', 'r:a', 'r:none'],
      ['LCS', 'r:a', 'r:b', 'IDX'],
      ['INCR', 'r:a'],
      ['INCRBYFLOAT', 'r:f', '0'],
      ['SET', 'r:a'],
      ['SET', 'r:a', 'b', 'NONSENSE'],
      ['NOSUCHCOMMAND', 'x'],
      ['TTL', 'r:a'],
      ['OBJECT', 'ENCODING', 'r:a'],
    ];
    const bytes = Buffer.concat(commands.map((words) => encodeCommand(words)));
    for (const hello of ['', 'HELLO 3\r\n']) {
      const all = Buffer.concat([
        Buffer.from(hello),
        Buffer.from('PING begin\r\n'),
        bytes,
        Buffer.from('PING the-end\r\n'),
      ]);
      const [direct, relayed] = await Promise.all(
        [leader, follower].map(async (node) => {
          const { text } = await exchange(node.port, all, 'the-end');
          return text.slice(text.indexOf('begin'));
        }),
      );
      t.equal(relayed, direct);
      t.match(direct, /-ERR value is not an integer/);
      if (hello !== '') t.match(direct, /%2\r\n\$7\r\nmatches/);
    }
  });

  await t.test('a pipeline is answered in order', async (t) => {
    const follower = await oneFollower(cluster);
    const client = await follower.client();
    const commands: string[][] = [];
    const expected: string[] = [];
    for (let i = 0; i < 1000; i++) {
      commands.push(['SET', 'p', `${i}`], ['GET', 'p'], ['PING', `${i}`], ['INCR', 'p']);
      expected.push('OK', `${i}`, `${i}`, `${i + 1}`);
    }
    const replies = await client.pipeline(commands);
    t.same(
      replies.map((reply) => (typeof reply === 'object' ? 'OK' : String(reply))),
      expected,
    );
    client.close();
  });

  await t.test('the database of a client goes with its commands', async (t) => {
    const follower = await oneFollower(cluster);
    const client = await follower.client();
    await client.ok('SELECT', '3');
    await client.ok('SET', 'in', 'three');
    await client.ok('SELECT', '0');
    t.equal(await client.ok('GET', 'in'), null);
    const direct = await (await cluster.leader()).client();
    await direct.ok('SELECT', '3');
    t.equal(await direct.ok('GET', 'in'), 'three');
    client.close();
    direct.close();
  });

  await t.test(
    'a command sent when the leader has died is answered after the election',
    async (t) => {
      const follower = await oneFollower(cluster);
      const leader = await cluster.leader();
      await leader.call('SET', 'waiting', '0');
      const clients = await Promise.all(Array.from({ length: 5 }, () => follower.client()));
      await leader.stop('SIGKILL');
      await missesLeader(follower);
      const begin = performance.now();
      const replies = await Promise.all(clients.map((client) => client.call('INCR', 'waiting')));
      t.comment(`answered after ${Math.round(performance.now() - begin)} ms`);
      t.same(replies.map(textOf).sort(), ['1', '2', '3', '4', '5']);
      for (const client of clients) client.close();
      await leader.start();
    },
  );

  await t.test('relayed writes happen at most once when the leader is killed', async (t) => {
    const leader = await cluster.leader();
    const followers = await cluster.followers();
    const clients = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (followers[i % 2] as RealNode).client()),
    );
    const tallies = clients.map((client, i) => counted(client, `once:${i}`, 400));
    await sleep(10);
    await leader.stop('SIGKILL');
    const results = await Promise.all(tallies);
    for (const client of clients) client.close();
    let unknown = 0;
    for (const [i, { done, timeouts, refused, strange }] of results.entries()) {
      const value = Number(await (await cluster.leader()).call('GET', `once:${i}`));
      t.ok(
        value >= done && value <= done + timeouts,
        `${done} done, ${timeouts} unknown: ${value}`,
      );
      t.same(strange, []);
      t.equal(done + timeouts + refused, 400, 'each got a reply');
      unknown += timeouts;
    }
    t.comment(`${unknown} of 3200 unknown`);
    await leader.start();
    await cluster.converged();
    await cluster.digest();
  });
});

interface Tally {
  readonly done: number;
  readonly timeouts: number;
  readonly refused: number;
  readonly strange: string[];
}

const DEFINITE = /^(MOVED|CLUSTERDOWN|NOCLUSTER|LOADING|NOTLEADER|ERR leader transfer)/;

/** Increments a counter again and again, ten at a time, and sorts the replies. */
async function counted(client: RespClient, key: string, times: number): Promise<Tally> {
  let done = 0;
  let timeouts = 0;
  let refused = 0;
  const strange: string[] = [];
  for (let i = 0; i < times; i += 10) {
    const replies = await client.pipeline(Array.from({ length: 10 }, () => ['INCR', key]));
    for (const reply of replies) {
      if (typeof reply === 'number') done++;
      else if (textOf(reply).startsWith('TIMEOUT')) timeouts++;
      else if (DEFINITE.test(textOf(reply))) refused++;
      else strange.push(textOf(reply));
    }
  }
  return { done, timeouts, refused, strange };
}

t.test('a leader that was away', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());
  const old = await cluster.leader();
  await old.call('SET', 'x', 'old');
  const waiting = await Promise.all(Array.from({ length: 4 }, () => old.client()));
  await Promise.all(waiting.map((client) => client.call('PING')));
  old.pause();
  const [w1, w2, r1, r2] = waiting as [RespClient, RespClient, RespClient, RespClient];
  // They lie in the sockets of a process that stands still.
  const replies = [w1.call('SET', 'y', '1'), r1.call('GET', 'x')];
  const begin = performance.now();
  const next = await cluster.leader();
  t.comment(`the others had a leader after ${Math.round(performance.now() - begin)} ms`);
  t.not(next, old);
  await eventually('the new leader to serve', async () =>
    (await next.say('SET', 'x', 'new')) === undefined ? undefined : true,
  );
  old.proceed();
  replies.push(r2.call('GET', 'x'), w2.call('INCR', 'z'));
  const texts = (await Promise.all(replies)).map(textOf);
  t.comment(texts.join(' | '));
  for (const text of texts) t.match(text, /^(TIMEOUT|MOVED|CLUSTERDOWN|NOTLEADER)/);
  for (const client of waiting) client.close();
  await cluster.followers();
  t.match(await old.say('GET', 'x'), /^MOVED /);
  t.equal(await next.call('GET', 'x'), 'new');
  t.equal(await next.call('GET', 'z'), null, 'what was refused has not happened');
  await cluster.converged();
  await cluster.digest();
});
