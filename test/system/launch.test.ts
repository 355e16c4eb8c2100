import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { freePort, RealNode, SERVER, temporaryFolder } from '../support/real-cluster.ts';
import { cli, run, skipWithout } from '../support/redis-tools.ts';

t.setTimeout(60_000);

const skip = skipWithout('redis-cli');
const folder = temporaryFolder('launch');
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

/** A node with nothing on its command line but `words`, started in a folder of its own. */
async function launched(
  t: Test,
  name: string,
  words: (port: number) => readonly string[],
): Promise<RealNode> {
  const node = new RealNode(await freePort(), path.join(folder, name));
  node.words = words(node.port);
  t.teardown(() => node.stop('SIGKILL'));
  await node.start();
  return node;
}

async function setting(node: RealNode, name: string): Promise<string> {
  const text = await cli(node.port, 'CONFIG', 'GET', name);
  return text.split('\n')[1] ?? '';
}

t.test('a launch line of the deployment guide starts a node', { skip }, async (t) => {
  const node = await launched(t, 'guide', (port) => [
    ...['--bind', '0.0.0.0', '--port', `${port}`, '--dbfilename', 'raft1.rdb'],
    ...['--loadmodule', '/nowhere/redisraft.so'],
    ...['raft-log-filename=raftlog1.db', `addr=127.0.0.1:${port}`],
  ]);
  t.match(await cli(node.port, '--raw', 'RAFT.INFO'), /^# Raft\n(.*\n)*node_id:0\nstate:uninit/);
  t.match(await cli(node.port, 'RAFT.CLUSTER', 'INIT'), /^OK [0-9a-f]{32}$/);
  t.ok(existsSync(path.join(node.dir, 'raftlog1.db')), 'the log has the name that was asked for');
  t.equal(await setting(node, 'raft.addr'), `127.0.0.1:${node.port}`);
  t.equal(await setting(node, 'dbfilename'), 'raft1.rdb');
  t.match(node.log, /loadmodule \/nowhere\/redisraft.so has no effect/);
});

t.test('a launch line of the second generation starts a node', { skip }, async (t) => {
  const node = await launched(t, 'second', (port) => [
    ...['--port', `${port}`, '--bind', '0.0.0.0', '--loadmodule', 'redisraft.so'],
    ...['loglevel', 'debug', 'raft-log-filename', 'second.db', 'addr', `127.0.0.1:${port}`],
    ...['raft-log-max-file-size', '32mb', 'raft-log-max-cache-size', '1mb'],
    ...['follower-proxy', 'yes'],
  ]);
  t.equal(await setting(node, 'raft.follower-proxy'), 'yes');
  t.equal(await setting(node, 'raft.loglevel'), 'debug');
  t.equal(await setting(node, 'raft.log-max-file-size'), '32000000');
  t.match(await cli(node.port, 'RAFT.CLUSTER', 'INIT'), /^OK /);
  t.ok(existsSync(path.join(node.dir, 'second.db')));
});

t.test('a launch line of the third generation starts a node', { skip }, async (t) => {
  const node = await launched(t, 'third', (port) => [
    ...['--port', `${port}`, '--raft.log-filename', 'third.db', '--loadmodule', 'redisraft.so'],
    ...['--raft.addr', `127.0.0.1:${port}`, '--raft.id', '7', '--raft.follower-proxy', 'no'],
  ]);
  t.match(await cli(node.port, 'RAFT.CLUSTER', 'INIT'), /^OK /);
  t.equal(await node.id(), 7);
  t.ok(existsSync(path.join(node.dir, 'third.db')));
});

t.test('a redis.conf comes first and options override it', { skip }, async (t) => {
  const dir = path.join(folder, 'conf');
  mkdirSync(dir, { recursive: true });
  const node = await launched(t, 'conf', (port) => {
    writeFileSync(
      path.join(dir, 'redis.conf'),
      `# A node\nport 1\nsave ""\nappendonly no\nraft.addr "127.0.0.1:${port}"\n` +
        'loadmodule /nowhere/redisraft.so\nraft.log-filename conf.db\nmaxclients 99\n',
    );
    return ['redis.conf', '--port', `${port}`];
  });
  t.equal(await setting(node, 'raft.log-filename'), 'conf.db');
  t.equal(await setting(node, 'maxclients'), '99');
  t.equal(await setting(node, 'port'), `${node.port}`);
});

const FATAL: readonly (readonly [what: string, words: readonly string[], named: RegExp])[] = [
  ['an unknown option', ['--raft-logfilename', 'x'], /raft-logfilename/],
  ['an unknown raft parameter', ['--raft.foo', 'x'], /raft\.foo/],
  ['an unknown module argument', ['--loadmodule', 'r.so', 'foo=1'], /foo/],
  ['an address without a port', ['--raft.addr', 'here'], /raft\.addr/],
  ['a value out of range', ['--raft.election-timeout', '0'], /raft\.election-timeout/],
  ['TLS between nodes', ['--raft.tls-enabled', 'yes'], /raft\.tls-enabled/],
];

for (const [what, words, named] of FATAL) {
  t.test(`${what} ends the start with code 1 and a line that names it`, async (t) => {
    const { code, error } = await run(SERVER, words);
    t.equal(code, 1);
    t.match(error, named);
  });
}

t.test('an unknown directive in redis.conf is named with its line', async (t) => {
  const file = path.join(folder, 'bad.conf');
  writeFileSync(file, 'port 1\n\nraft.nothing 1\n');
  const { code, error } = await run(SERVER, [file]);
  t.equal(code, 1);
  t.match(error, /3/);
  t.match(error, /raft\.nothing/);
});

t.test('a port that is taken ends the start with code 1', async (t) => {
  const node = await launched(t, 'port', (port) => ['--port', `${port}`]);
  const { code, out } = await run(SERVER, ['--port', `${node.port}`, '--dir', folder]);
  t.equal(code, 1);
  t.match(out, /EADDRINUSE/);
});

t.test('--version names the server', async (t) => {
  const { code, out } = await run(SERVER, ['--version']);
  t.equal(code, 0);
  t.match(out, /balsa/);
});
