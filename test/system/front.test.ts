import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { encodeCommand } from '../../src/resp/command-encoder.ts';
import { exchange } from '../support/raw.ts';
import { eventually, RealCluster, type RealNode } from '../support/real-cluster.ts';
import { type RespClient, replyText } from '../support/resp-client.ts';

t.setTimeout(90_000);

const MIB = 1024 * 1024;

let cluster: RealCluster;
let leader: RealNode;

t.before(async () => {
  cluster = await RealCluster.start(3);
  leader = await cluster.leader();
});
t.teardown(() => cluster.stop());

async function term(): Promise<string> {
  return (await leader.info('raft_general'))['raft_current_term'] ?? '';
}

const MALFORMED: readonly (readonly [what: string, bytes: string, reply: RegExp])[] = [
  ['something else than bulks', '*1\r\n+PING\r\n', /^-ERR Protocol error: expected '\$', got '\+'/],
  ['too many arguments', '*99999999\r\n', /^-ERR Protocol error: invalid multibulk length/],
  ['a count that is no number', '*x\r\n', /^-ERR Protocol error: invalid multibulk length/],
  ['a length that is no number', '*1\r\n$x\r\n', /^-ERR Protocol error: invalid bulk length/],
  ['a negative length', '*1\r\n$-1\r\n', /^-ERR Protocol error: invalid bulk length/],
  ['a bulk that is too long', '*1\r\n$536870913\r\n', /^-ERR Protocol error: invalid bulk length/],
  ['unbalanced quotes', 'GET "a\r\n', /^-ERR Protocol error: unbalanced quotes in request/],
  ['an endless line', 'x'.repeat(70_000), /^-ERR Protocol error: too big inline request/],
];

for (const [what, bytes, reply] of MALFORMED) {
  t.test(`${what}: a protocol error, and the connection is closed`, async (t) => {
    const { text, closed } = await exchange(leader.port, `PING\r\n${bytes}`);
    t.ok(text.startsWith('+PONG\r\n'), 'what came before is answered');
    t.match(text.slice(7), reply);
    t.ok(closed);
  });
}

t.test('a protocol error comes after the replies to what was sent before it', async (t) => {
  const writes = 'SET before 1\r\n'.repeat(100);
  const { text, closed } = await exchange(leader.port, `${writes}*x\r\n`);
  t.equal(text, `${'+OK\r\n'.repeat(100)}-ERR Protocol error: invalid multibulk length\r\n`);
  t.ok(closed);
});

t.test('a client that ends its side still gets its replies', async (t) => {
  const words = 'SET half 1\r\nGET half\r\nPING\r\n';
  const { text, closed } = await exchange(leader.port, words, null, { end: true });
  t.equal(text, '+OK\r\n$1\r\n1\r\n+PONG\r\n');
  t.ok(closed);
  const follower = cluster.ports.find((port) => port !== leader.port) ?? 0;
  const relayed = await exchange(follower, 'DBSIZE\r\nPING\r\n', null, { end: true });
  t.match(relayed.text, /^:\d+\r\n\+PONG\r\n$/, 'also of a relayed command');
  t.ok(relayed.closed);
});

t.test('a client that ends its side behind a long pipeline gets all replies', async (t) => {
  const writes = 'INCR halves\r\n'.repeat(100_000);
  const { text, closed } = await exchange(leader.port, writes, null, { end: true });
  t.ok(text.endsWith(':100000\r\n'));
  t.ok(closed);
});

t.test('inline commands are answered', async (t) => {
  const { text } = await exchange(leader.port, 'SET inl "a b"\r\nGET inl\r\nPING\r\n', 'PONG');
  t.equal(text, '+OK\r\n$3\r\na b\r\n+PONG\r\n');
});

t.test('a value of 100 MiB comes back as it was', async (t) => {
  const before = await term();
  const value = randomBytes(100 * MIB);
  const client = await leader.client();
  const begin = performance.now();
  t.equal(replyText(await client.ok('SET', 'huge', value)), 'OK');
  const written = performance.now();
  const reply = await client.ok('GET', 'huge');
  const read = performance.now();
  t.comment(
    `written in ${Math.round(written - begin)} ms, read in ${Math.round(read - written)} ms`,
  );
  const digest = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');
  t.equal(digest(Buffer.from(String(reply), 'latin1')), digest(value));
  t.equal(await term(), before, 'nobody took the leader for dead');
  await client.ok('DEL', 'huge');
  client.close();
  await cluster.converged();
  t.equal(await cluster.leader(), leader);
});

t.test('a pipeline of 100 000 reads and writes is answered in order', async (t) => {
  const client = await leader.client();
  const commands: string[][] = [];
  const expected: string[] = [];
  for (let i = 0; i < 25_000; i++) {
    const key = `mixed:${i % 10}`;
    commands.push(['GET', key], ['SET', key, `${i}`], ['GET', key], ['INCR', 'mixed:count']);
    expected.push(i < 10 ? 'null' : `${i - 10}`, 'OK', `${i}`, `${i + 1}`);
  }
  const begin = performance.now();
  const replies = (await client.pipeline(commands)).map(replyText);
  t.comment(`${Math.round(100_000 / ((performance.now() - begin) / 1000))} commands per second`);
  const wrong = replies.findIndex((reply, i) => reply !== expected[i]);
  t.equal(wrong, -1, `${commands[wrong]} gave ${replies[wrong]}, not ${expected[wrong]}`);
  client.close();
});

t.test('a client that never reads its replies does not exhaust the server', async (t) => {
  const value = 'x'.repeat(MIB);
  await leader.call('SET', 'large', value);
  const before = Number((await leader.info('memory'))['used_memory_rss']);
  const greedy = await leader.client();
  greedy.pause();
  // 3 GB of replies, if nobody stopped it.
  greedy.write(Buffer.concat(Array.from({ length: 3000 }, () => encodeCommand(['GET', 'large']))));
  let highest = 0;
  for (let i = 0; i < 20; i++) {
    await sleep(50);
    t.equal(replyText(await leader.call('SET', 'others', `${i}`)), 'OK');
    highest = Math.max(highest, Number((await leader.info('memory'))['used_memory_rss']));
  }
  const grown = Math.round((highest - before) / MIB);
  t.comment(`${grown} MiB more for a client that owes 3000`);
  t.ok(grown < 500, `${grown} MiB`);
  greedy.close();
  await leader.call('DEL', 'large');
});

t.test('a client that reads late gets all its replies', async (t) => {
  const value = 'y'.repeat(MIB);
  await leader.call('SET', 'large', value);
  const client = await leader.client();
  client.pause();
  const replies = client.pipeline(Array.from({ length: 100 }, () => ['GET', 'large']));
  await sleep(200);
  client.resume();
  t.ok((await replies).every((reply) => reply === value));
  client.close();
  await leader.call('DEL', 'large');
});

t.test('CLIENT REPLY OFF silences a client until it is ON again', async (t) => {
  const client = await leader.client();
  client.write('CLIENT REPLY OFF\r\n');
  // More than are read ahead of their replies.
  client.write('SET quiet 1\r\n'.repeat(100_000));
  client.write('INCR quiet\r\nGET quiet\r\n');
  t.equal(replyText(await client.call('CLIENT', 'REPLY', 'ON')), 'OK');
  t.equal(await client.call('GET', 'quiet'), '2');
  client.write('CLIENT REPLY SKIP\r\nGET quiet\r\n');
  t.equal(await client.call('INCR', 'quiet'), 3);
  client.close();
});

t.test('CLIENT LIST names clients and CLIENT KILL ends them', async (t) => {
  const [killer, victim] = await Promise.all([leader.client(), leader.client()]);
  await victim.ok('CLIENT', 'SETNAME', 'victim');
  const id = Number(await victim.ok('CLIENT', 'ID'));
  const list = replyText(await killer.ok('CLIENT', 'LIST'));
  const line = list.split('\n').find((text) => text.includes('name=victim')) ?? '';
  t.match(line, new RegExp(`^id=${id} addr=127\\.0\\.0\\.1:\\d+ .*cmd=client`));
  t.equal(await killer.ok('CLIENT', 'KILL', 'ID', `${id}`), 1);
  await victim.ended();
  t.equal(await killer.ok('CLIENT', 'KILL', 'ID', `${id}`), 0);
  t.equal(await killer.ok('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'), 0);
  t.equal(replyText(await killer.call('PING')), 'PONG');
  killer.close();
});

t.test('maxclients turns away one client too many, and no node', async (t) => {
  await leader.call('CONFIG', 'SET', 'maxclients', '4');
  const clients = await Promise.all(Array.from({ length: 4 }, () => leader.client()));
  const { text, closed } = await exchange(leader.port, 'PING\r\n');
  t.equal(text, '-ERR max number of clients reached\r\n');
  t.ok(closed);
  for (const client of clients) t.equal(replyText(await client.call('PING')), 'PONG');
  t.equal(await leader.call('CONFIG', 'GET', 'maxclients').then(String), 'maxclients,4');
  const follower = cluster.nodes.find((node) => node !== leader);
  await follower?.stop('SIGKILL');
  await follower?.start();
  await clients[0]?.ok('SET', 'while', 'full');
  await eventually('the follower to catch up', async () => {
    const { raft_last_applied_index: applied } = (await follower?.info('raft_log')) ?? {};
    const { raft_current_index: last } = (await clients[0]?.info('raft_log')) ?? {};
    return applied === last ? true : undefined;
  });
  await clients[0]?.ok('CONFIG', 'SET', 'maxclients', '10000');
  for (const client of clients) client.close();
});

t.test('timeout closes clients that say nothing, and no link between nodes', async (t) => {
  await leader.call('CONFIG', 'SET', 'timeout', '1');
  const idle = await leader.client();
  const busy: RespClient = await leader.client();
  const begin = performance.now();
  const pings = setInterval(() => busy.call('PING').catch(() => {}), 200);
  await idle.ended();
  const after = Math.round(performance.now() - begin);
  t.ok(after >= 950 && after < 2500, `closed after ${after} ms`);
  await sleep(600);
  clearInterval(pings);
  t.notOk(busy.closed);
  busy.close();
  await leader.call('CONFIG', 'SET', 'timeout', '0');
  t.equal(await cluster.leader(), leader);
});

t.test('all nodes hold the same in the end', async (t) => {
  await cluster.converged();
  t.match(await cluster.digest(), /^[0-9a-f]{40}$/);
});
