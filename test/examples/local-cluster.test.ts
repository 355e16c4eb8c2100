import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { eventually } from '../support/real-cluster.ts';
import { RespClient } from '../support/resp-client.ts';

t.setTimeout(60_000);

const PROGRAM = fileURLToPath(new URL('../../examples/local-cluster.js', import.meta.url));

/** The program, and what it has printed on both outputs. */
class Running {
  output = '';
  readonly exited: Promise<number | null>;
  readonly #kill: (signal: NodeJS.Signals) => void;

  constructor(words: readonly string[]) {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const note = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    this.exited = new Promise((resolve) => child.once('close', resolve));
    this.#kill = (signal) => child.kill(signal);
  }

  printed(text: string): Promise<true> {
    return eventually(`'${text}'`, () => (this.output.includes(text) ? true : undefined), 30_000);
  }

  /** Says Ctrl-C and waits for the end. */
  async stop(): Promise<number | null> {
    this.#kill('SIGINT');
    return this.exited;
  }
}

const started: Running[] = [];

/** Whatever becomes of the tests, what they started ends with them. */
t.teardown(() => Promise.all(started.map((run) => run.stop())));

function start(...words: string[]): Running {
  const run = new Running(words);
  started.push(run);
  return run;
}

/** The first of `count` ports in a row that nobody listens on. */
async function freePorts(count: number): Promise<number> {
  for (let base = 20_000 + (process.pid % 20_000); ; base += count) {
    const ports = Array.from({ length: count }, (_, i) => base + i);
    const taken = await Promise.all(ports.map(isTaken));
    if (!taken.includes(true)) return base;
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}

async function ask(port: number, ...words: string[]): Promise<unknown> {
  const client = await RespClient.connect(port);
  try {
    return await client.ok(...words);
  } finally {
    client.close();
  }
}

t.test('a local cluster keeps its data from one start to the next', async (t) => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'balsa-local-')), 'cluster');
  t.teardown(() => rmSync(path.dirname(folder), { recursive: true }));
  const port = await freePorts(3);
  const words = ['--port', `${port}`, '--dir', folder];

  const first = start(...words);
  await first.printed('Ctrl-C stops');
  t.match(first.output, `redis-cli -p ${port} RAFT.CLUSTER INIT`);
  t.match(first.output, `redis-cli -p ${port + 2} RAFT.CLUSTER JOIN 127.0.0.1:${port}`);
  t.match(first.output, /leader +1 +6 +6 +6 +127\.0\.0\.1/, 'the table shows the leader');
  t.match(await ask(port, 'SET', 'a', '1'), { text: 'OK' });
  t.equal(await first.stop(), 0);
  t.equal(first.output.match(/exit code 0/g)?.length, 3, 'all nodes ended in order');
  t.match(readFileSync(path.join(folder, 'node1', 'log'), 'utf8'), 'bye bye');

  const second = start(...words);
  await second.printed('Ctrl-C stops');
  t.notMatch(second.output, 'RAFT.CLUSTER');
  const values = await Promise.all(
    [0, 1, 2].map((i) => ask(port + i, 'GET', 'a').catch((error: Error) => error.message)),
  );
  t.same(values.filter((value) => value === '1').length, 1, 'the leader has it');

  const [, pid] = /process_id:(\d+)/.exec(`${await ask(port, 'INFO', 'server')}`) ?? [];
  process.kill(Number(pid), 'SIGKILL');
  await second.printed('ended with signal SIGKILL');
  t.equal(await second.stop(), 0);
});

t.test('a port in use is told before anything is started', async (t) => {
  const port = await freePorts(3);
  const server = net.createServer().listen(port + 1, '127.0.0.1');
  t.teardown(() => server.close());
  const run = start('--port', `${port}`, '--dir', path.join(tmpdir(), `balsa-none-${port}`));
  t.equal(await run.exited, 1);
  t.match(run.output, `Port ${port + 1} is in use`);
});

t.test('options that make no sense are told', async (t) => {
  for (const [words, told] of [
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--nodes', 'many'], '--nodes must be a number from 1 to 9'],
    [['start'], "Unexpected argument 'start'"],
  ] as const) {
    const run = start(...words);
    t.equal(await run.exited, 1);
    t.match(run.output, told);
  }
});

t.test('a command runs while the cluster is up, and its exit code counts', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'balsa-local-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const port = await freePorts(1);
  const script = `require('net').connect(${port}).once('connect', () => process.exit(7))`;
  const words = ['--port', `${port}`, '--nodes', '1', '--dir', folder, '--'];
  const run = start(...words, process.execPath, '-e', script);
  t.equal(await run.exited, 7);
  t.match(run.output, 'exit code 0', 'the node was stopped');
});
