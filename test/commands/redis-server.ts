import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 10_000;

/** Why tests against a real Redis are skipped, or false if one is installed. */
export function skipWithoutRedis(): string | false {
  const found = spawnSync('redis-server', ['--version'], { encoding: 'latin1' });
  return found.status === 0 ? false : 'redis-server is not installed';
}

/** A real Redis on a free port of this machine, without persistence, and a connection to it. */
export class RedisServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #socket: Socket;
  #received = '';
  #wanted = 0;
  #replies: unknown[] = [];
  #resolve: ((replies: unknown[]) => void) | undefined;

  private constructor(process: ChildProcess, folder: string, port: number, socket: Socket) {
    this.port = port;
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#receive(chunk));
  }

  static async start(): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'balsa-redis-'));
    const port = await freePort();
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    const server = spawn('redis-server', options, { stdio: 'ignore' });
    const deadline = Date.now() + START_MS;
    for (;;) {
      const socket = await tryConnect(port);
      if (socket !== undefined) return new RedisServer(server, folder, port, socket);
      if (Date.now() > deadline) {
        server.kill('SIGKILL');
        throw new Error('redis-server did not start');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async call(...words: readonly string[]): Promise<unknown> {
    const [reply] = await this.batch([words]);
    return reply;
  }

  /** Sends all commands at once and returns their replies in order. */
  batch(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    this.#wanted = commands.length;
    this.#replies = [];
    const text = commands.map((words) => {
      return `*${words.length}\r\n${words.map((w) => `$${w.length}\r\n${w}\r\n`).join('')}`;
    });
    this.#socket.write(Buffer.from(text.join(''), 'latin1'));
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  stop(): void {
    this.#socket.destroy();
    this.#process.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    let at = 0;
    while (this.#replies.length < this.#wanted) {
      const parsed = parseReply(this.#received, at);
      if (parsed === undefined) break;
      this.#replies.push(parsed.value);
      at = parsed.next;
    }
    this.#received = this.#received.slice(at);
    if (this.#replies.length === this.#wanted) this.#resolve?.(this.#replies);
  }
}

/** Parses one RESP2 reply; undefined if it is not there to its end. */
function parseReply(text: string, at: number): { value: unknown; next: number } | undefined {
  const end = text.indexOf('\r\n', at);
  if (end === -1) return undefined;
  const line = text.slice(at + 1, end);
  const next = end + 2;
  switch (text.charAt(at)) {
    case '+':
      return { value: line, next };
    case '-':
      return { value: { error: line }, next };
    case ':':
      return { value: integer(line), next };
    case '$': {
      const length = Number(line);
      if (length === -1) return { value: null, next };
      if (text.length < next + length + 2) return undefined;
      return { value: text.slice(next, next + length), next: next + length + 2 };
    }
    case '*':
      return parseArray(text, next, Number(line));
    default:
      throw new Error(`not RESP2: ${JSON.stringify(text.slice(at, at + 20))}`);
  }
}

function parseArray(
  text: string,
  start: number,
  count: number,
): { value: unknown; next: number } | undefined {
  if (count === -1) return { value: null, next: start };
  const items: unknown[] = [];
  let next = start;
  for (let i = 0; i < count; i++) {
    const item = parseReply(text, next);
    if (item === undefined) return undefined;
    items.push(item.value);
    next = item.next;
  }
  return { value: items, next };
}

function integer(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

function tryConnect(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
