import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Reply } from '../../src/resp/reply.ts';
import { SERVER } from '../../test/support/real-cluster.ts';
import { RespClient } from '../../test/support/resp-client.ts';

const HOST = '127.0.0.1';

/** How a process ended: one of both is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One balsa process of a local cluster. It writes its log to `log` in its folder. */
export class LocalNode {
  readonly number: number;
  readonly port: number;
  readonly folder: string;
  /** Resolves when the process that {@link start} began has ended. */
  exited: Promise<Exit> = new Promise(() => {});
  #process: ChildProcess | null = null;

  constructor(number: number, port: number, folder: string) {
    this.number = number;
    this.port = port;
    this.folder = folder;
  }

  get address(): string {
    return `${HOST}:${this.port}`;
  }

  get log(): string {
    return path.join(this.folder, 'log');
  }

  get running(): boolean {
    return this.#process !== null;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get #options(): string[] {
    const { port, folder, address } = this;
    return ['--port', String(port), '--dir', folder, '--raft.addr', address];
  }

  /** What a person would type to start it. */
  get commandLine(): string {
    return [path.relative('', SERVER), ...this.#options].map(quoted).join(' ');
  }

  start(): void {
    mkdirSync(this.folder, { recursive: true });
    const log = openSync(this.log, 'a');
    // A process group of its own: Ctrl-C in the terminal is for whoever started this, not for it.
    const child = spawn(process.execPath, [SERVER, ...this.#options], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#process = child;
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#process = null;
        resolve({ code, signal });
      });
    });
  }

  /** Sends one command on a connection of its own. Rejects with the text of an error reply. */
  async call(...words: string[]): Promise<Reply> {
    const client = await RespClient.connect(this.port, HOST);
    try {
      return await client.ok(...words);
    } finally {
      client.close();
    }
  }

  /** The fields of INFO raft. */
  async info(): Promise<Record<string, string>> {
    const client = await RespClient.connect(this.port, HOST);
    try {
      return await client.info('raft');
    } finally {
      client.close();
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  lastLines(count: number): string[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-count);
  }
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Whether somebody listens there. */
export function portIsTaken(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else reject(error);
    });
    server.listen(port, HOST, () => server.close(() => resolve(false)));
  });
}
