import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Reply } from '../../src/resp/reply.ts';
import { RespClient } from './resp-client.ts';

/** The checkout, seen from `dist/test/support`. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));
export const SERVER: string = path.join(ROOT, 'bin/balsa-server');

const START_TIMEOUT = 15_000;
const LOG_CHARACTERS = 200_000;

/** Every process started from here and still alive: none outlives the test that started it. */
const children: Set<ChildProcess> = new Set();

let guarded = false;

/** However this process ends, its children end with it. */
function guard(): void {
  if (guarded) return;
  guarded = true;
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1));
  }
}

/** One balsa process. */
export class RealNode {
  readonly port: number;
  readonly dir: string;
  /** What stands behind the program's name on the command line. */
  words: readonly string[];
  /** What {@link client} says first. */
  password: string | null = null;
  process: ChildProcess | null = null;
  /** Stopped by SIGSTOP: it has its connections and says nothing. */
  paused = false;
  /** Both of its outputs. */
  log = '';
  exitCode: number | null = null;
  #endExpected = false;

  constructor(port: number, dir: string, extra: readonly string[] = []) {
    this.port = port;
    this.dir = dir;
    this.words = ['--port', `${port}`, '--dir', dir, '--raft.addr', `127.0.0.1:${port}`, ...extra];
  }

  /** Starts the process without waiting for anything. */
  spawn(): ChildProcess {
    guard();
    mkdirSync(this.dir, { recursive: true });
    const child = spawn(SERVER, this.words, { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.dir });
    children.add(child);
    this.process = child;
    this.paused = false;
    this.exitCode = null;
    this.#endExpected = false;
    const note = (chunk: Buffer): void => {
      this.log = (this.log + chunk.toString()).slice(-LOG_CHARACTERS);
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    // Not 'exit': its last lines may come after that.
    child.once('close', (code) => {
      children.delete(child);
      if (this.process !== child) return;
      this.exitCode = code ?? -1;
      this.process = null;
      if (this.#endExpected) return;
      console.error(`The node on port ${this.port} ended with ${this.exitCode}, nobody knows why:`);
      console.error(this.log.slice(-3000));
    });
    return child;
  }

  /** Starts the process and waits until it answers PING. */
  async start(): Promise<void> {
    this.spawn();
    const deadline = performance.now() + START_TIMEOUT;
    for (;;) {
      if (this.process === null) throw new Error(`it exited with ${this.exitCode}: ${this.log}`);
      const answered = await this.call('PING').catch(() => null);
      if (answered !== null) return;
      if (performance.now() > deadline)
        throw new Error(`no answer on port ${this.port}: ${this.log}`);
      await sleep(20);
    }
  }

  async client(): Promise<RespClient> {
    const client = await RespClient.connect(this.port);
    if (this.password !== null) await client.ok('AUTH', this.password);
    return client;
  }

  /** One command on a connection of its own; an error reply rejects. */
  async call(...words: string[]): Promise<Reply> {
    const client = await this.client();
    try {
      return await client.ok(...words);
    } finally {
      client.close();
    }
  }

  /** One command on a connection of its own; an error reply is returned as its text. */
  async say(...words: string[]): Promise<Reply> {
    return this.call(...words).catch((error: Error) => error.message);
  }

  async info(section: string): Promise<Record<string, string>> {
    const client = await this.client();
    try {
      return await client.info(section);
    } finally {
      client.close();
    }
  }

  /** Its number in the cluster. */
  async id(): Promise<number> {
    const info = await this.info('raft_general');
    return Number(info['raft_node_id']);
  }

  async lastIndex(): Promise<number> {
    const info = await this.info('raft_log');
    return Number(info['raft_current_index']);
  }

  pause(): void {
    this.process?.kill('SIGSTOP');
    this.paused = true;
  }

  proceed(): void {
    this.process?.kill('SIGCONT');
    this.paused = false;
  }

  /** Waits for the end of the process, which something else brings about; null: it still runs. */
  async exited(timeoutMs = 10_000): Promise<number | null> {
    this.#endExpected = true;
    const deadline = performance.now() + timeoutMs;
    while (this.process !== null && performance.now() < deadline) await sleep(10);
    return this.process === null ? this.exitCode : null;
  }

  /** Sends a signal and waits for the end of the process. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    const child = this.process;
    this.#endExpected = true;
    if (child === null) return this.exitCode;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill(signal);
    await ended;
    return this.exitCode;
  }
}
