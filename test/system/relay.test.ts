import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { encodeCommand } from '../../src/resp/command-encoder.ts';
import { exchange } from '../support/raw.ts';
import { missesLeader, RealCluster, type RealNode } from '../support/real-cluster.ts';
import { type RespClient, replyText } from '../support/resp-client.ts';

t.setTimeout(90_000);

t.test('a follower that relays', async (t) => {
  const cluster = await RealCluster.start(3, ['--raft.follower-proxy', 'yes']);
  t.teardown(() => cluster.stop());

  await t.test('its replies are those of the leader, byte for byte', async (t) => {
    const leader = await cluster.leader();
    const follower = await cluster.follower();
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
    const follower = await cluster.follower();
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
    const follower = await cluster.follower();
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
      const follower = await cluster.follower();
      const leader = await cluster.leader();
      await leader.call('SET', 'waiting', '0');
      const clients = await Promise.all(Array.from({ length: 5 }, () => follower.client()));
      await leader.stop('SIGKILL');
      await missesLeader(follower);
      const begin = performance.now();
      const replies = await Promise.all(clients.map((client) => client.call('INCR', 'waiting')));
      t.comment(`answered after ${Math.round(performance.now() - begin)} ms`);
      t.same(replies.map(replyText).sort(), ['1', '2', '3', '4', '5']);
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
      else if (replyText(reply).startsWith('TIMEOUT')) timeouts++;
      else if (DEFINITE.test(replyText(reply))) refused++;
      else strange.push(replyText(reply));
    }
  }
  return { done, timeouts, refused, strange };
}
