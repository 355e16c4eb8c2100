import { setTimeout as sleep } from 'node:timers/promises';
import { isError, type Reply } from '../../src/resp/reply.ts';
import { RespClient } from './resp-client.ts';

/** Longer than any election and than commands are held: a node that says nothing is given up. */
const REPLY_TIMEOUT = 6000;
const PAUSE = 20;
/** Promised to be not executed, so they may be sent again. */
const NOT_EXECUTED = ['MOVED', 'CLUSTERDOWN', 'NOCLUSTER', 'LOADING', 'NOTLEADER'];
const TRANSFERRING = 'ERR leader transfer is in progress';

export interface WriterSetup {
  readonly name: string;
  readonly ports: readonly number[];
  /** Pause between two writes, in ms; 0: none. */
  readonly pace?: number;
}

/** What is known of one kind of write: `acknowledged` happened once, `unknown` once or not at all. */
export interface Outcomes {
  readonly acknowledged: number[];
  readonly unknown: number[];
}

function outcomes(): Outcomes {
  return { acknowledged: [], unknown: [] };
}

/**
 * A client that writes without a pause and keeps a ledger: unique keys, a counter, a list of numbers.
 * It follows MOVED and goes from node to node when one is gone. What was not executed for certain is
 * sent again; what may have been executed never is.
 */
export class Writer {
  readonly name: string;
  readonly sets: Outcomes = outcomes();
  readonly increments: Outcomes = outcomes();
  readonly appends: Outcomes = outcomes();
  /** Replies that nobody promised, such as a counter that went back. */
  readonly wrong: string[] = [];
  /** Why nobody knows what became of the unknown ones. */
  readonly doubts: string[] = [];
  /** When each acknowledgement came, by `performance.now()`. */
  readonly times: number[] = [];
  readonly #ports: readonly number[];
  readonly #pace: number;
  #port: number;
  #client: RespClient | null = null;
  #running = false;
  #done: Promise<void> = Promise.resolve();
  #counter = 0;

  constructor(setup: WriterSetup) {
    this.name = setup.name;
    this.#ports = setup.ports;
    this.#pace = setup.pace ?? 0;
    this.#port = setup.ports[0] ?? 0;
  }

  get acknowledged(): number {
    return this.times.length;
  }

  get unknown(): number {
    const { sets, increments, appends } = this;
    return sets.unknown.length + increments.unknown.length + appends.unknown.length;
  }

  key(n: number): string {
    return `${this.name}:set:${n}`;
  }
  get counterKey(): string {
    return `${this.name}:counter`;
  }
  get listKey(): string {
    return `${this.name}:list`;
  }

  start(): void {
    this.#running = true;
    this.#done = this.#run();
  }

  /** Waits for the reply to the write that is on its way. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
    this.#client?.close();
  }

  async #run(): Promise<void> {
    for (let n = 1; this.#running; n++) {
      await this.#write(this.sets, n, ['SET', this.key(n), `value ${n}`]);
      const count = await this.#write(this.increments, n, ['INCR', this.counterKey]);
      if (typeof count === 'number') {
        if (count <= this.#counter) this.wrong.push(`counter ${this.#counter}, then ${count}`);
        this.#counter = count;
      }
      await this.#write(this.appends, n, ['APPEND', this.listKey, `${n},`]);
      if (this.#pace > 0) await sleep(this.#pace);
    }
  }

  /** The reply, or null if nobody knows what became of it. */
  async #write(ledger: Outcomes, n: number, words: string[]): Promise<Reply> {
    for (;;) {
      const client = await this.#connect();
      if (client === null) {
        if (!this.#running) return null;
        continue;
      }
      const reply = await this.#ask(client, words);
      if (!isError(reply) && reply !== null) {
        ledger.acknowledged.push(n);
        this.times.push(performance.now());
        return reply;
      }
      if (reply === null || reply.text.startsWith('TIMEOUT')) {
        ledger.unknown.push(n);
        this.doubts.push(reply?.text ?? `port ${this.#port} did not answer`);
        if (reply === null) await this.#elsewhere();
        return null;
      }
      await this.#follow(reply.text);
      if (!this.#running) return null;
    }
  }

  /** null: no connection now; the next node is tried after a pause. */
  async #connect(): Promise<RespClient | null> {
    if (this.#client !== null && !this.#client.closed) return this.#client;
    try {
      this.#client = await RespClient.connect(this.#port);
      return this.#client;
    } catch {
      await this.#elsewhere();
      return null;
    }
  }

  /** null: the connection ended, or nothing came, and the command had been sent. */
  async #ask(client: RespClient, words: string[]): Promise<Reply> {
    const late = new AbortController();
    const silence = sleep(REPLY_TIMEOUT, null, { signal: late.signal }).catch(() => null);
    try {
      return await Promise.race([client.call(...words), silence]);
    } catch {
      return null;
    } finally {
      late.abort();
    }
  }

  async #follow(text: string): Promise<void> {
    const [code = '', , address = ''] = text.split(' ');
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    if (code === 'MOVED' && port > 0) {
      const repeated = port === this.#port;
      this.#leave(port);
      if (repeated) await sleep(PAUSE);
    } else if (NOT_EXECUTED.includes(code) || text === TRANSFERRING) {
      await this.#elsewhere();
    } else {
      this.wrong.push(text);
    }
  }

  async #elsewhere(): Promise<void> {
    const at = this.#ports.indexOf(this.#port);
    this.#leave(this.#ports[(at + 1) % this.#ports.length] ?? this.#port);
    await sleep(PAUSE);
  }

  #leave(port: number): void {
    this.#client?.close();
    this.#client = null;
    this.#port = port;
  }
}

/** What the dataset behind `client` lacks or has too much, by the ledger; empty: it is all there. */
export async function audit(client: RespClient, writer: Writer): Promise<string[]> {
  const problems = [...writer.wrong];
  await auditSets(client, writer, problems);
  const counted = Number(await client.ok('GET', writer.counterKey));
  const least = writer.increments.acknowledged.length;
  const most = least + writer.increments.unknown.length;
  if (counted < least || counted > most) {
    problems.push(`${writer.name}: counter ${counted}, expected ${least} to ${most}`);
  }
  auditList(String((await client.ok('GET', writer.listKey)) ?? ''), writer, problems);
  return problems;
}

async function auditSets(client: RespClient, writer: Writer, problems: string[]): Promise<void> {
  const numbers = writer.sets.acknowledged;
  const values = await client.pipeline(numbers.map((n) => ['GET', writer.key(n)]));
  for (const [at, n] of numbers.entries()) {
    if (values[at] !== `value ${n}`) problems.push(`${writer.key(n)} is ${String(values[at])}`);
  }
}

function auditList(text: string, writer: Writer, problems: string[]): void {
  const seen = new Map<number, number>();
  for (const item of text.split(',')) {
    if (item !== '') seen.set(Number(item), (seen.get(Number(item)) ?? 0) + 1);
  }
  const { acknowledged, unknown } = writer.appends;
  const allowed = new Set([...acknowledged, ...unknown]);
  for (const [n, times] of seen) {
    if (times > 1) problems.push(`${writer.listKey}: ${n} is there ${times} times`);
    if (!allowed.has(n)) problems.push(`${writer.listKey}: ${n} was refused, and is there`);
  }
  for (const n of acknowledged) {
    if (!seen.has(n)) problems.push(`${writer.listKey}: ${n} was acknowledged, and is lost`);
  }
}
