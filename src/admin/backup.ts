import { parseAddress } from '../config/formats.ts';
import { splitEntries } from '../replica/image/transfer-frames.ts';
import { isError, type Reply } from '../resp/reply.ts';
import type { Address } from '../world/world.ts';
import { type BackupHead, decodeMeta } from './backup-format.ts';
import { BackupWriter } from './backup-writer.ts';
import { AdminClient } from './client.ts';
import { ImageCheck } from './image-check.ts';
import { onlyWord, readOptions, required } from './options.ts';
import { countText, sizeText } from './sizes.ts';
import {
  type AdminCommand,
  AdminError,
  type AdminTools,
  DONE,
  messageOf,
  UsageError,
} from './tools.ts';

/** Of the environment, for those who want no password on a command line that others can see. */
export const PASSWORD_VARIABLE = 'BALSA_PASSWORD';

const HELP = `balsa-admin backup --from HOST:PORT [options] FILE

Writes the dataset of a running node to FILE, as it is when the command begins. The node makes a
checkpoint and goes on serving; what is written meanwhile is not in the backup.

  --from HOST:PORT   the node. The leader's backup has everything that was acknowledged before; a
                     follower's has what it knew to be committed, which may be a moment less
  --user NAME        the name to log in with; default: default
  --password WORD    the password; better in ${PASSWORD_VARIABLE} in the environment
  --force            FILE may be there already, and is overwritten

While it is being written the file is called FILE.partial. It gets its name when all of it is checked
and on disk; if anything fails before, it is removed.
`;

const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
/** Asked for while the one before it is being written. */
const ASKED_AHEAD = 2;
const TELL_MS = 200;

export const backup: AdminCommand = {
  name: 'backup',
  help: HELP,
  run: async (args, tools) => {
    const options = readOptions(args, { values: ['from', 'user', 'password'], flags: ['force'] });
    const path = onlyWord(options, 'file');
    const from = required(options, 'from', 'HOST:PORT');
    const address = parseAddress(from);
    if (address === null) throw new UsageError(`--from takes HOST:PORT, not '${from}'`);
    if (tools.world.files.exists(path) && !options.values.has('force')) {
      throw new AdminError(`${path} is there already; --force overwrites it`);
    }
    const user = options.values.get('user') ?? 'default';
    const password = options.values.get('password') ?? tools.environment(PASSWORD_VARIABLE) ?? '';
    const run = new BackupRun(tools, { path, from });
    return run.run(address, { user, password });
  },
};

class BackupRun {
  readonly #tools: AdminTools;
  readonly #path: string;
  /** The node, as errors call it. */
  readonly #from: string;
  readonly #startedAt: number;
  #toldAt = 0;

  constructor(tools: AdminTools, { path, from }: { readonly path: string; readonly from: string }) {
    this.#tools = tools;
    this.#path = path;
    this.#from = from;
    this.#startedAt = tools.world.clock.monotonic();
  }

  async run(
    address: Address,
    login: { readonly user: string; readonly password: string },
  ): Promise<number> {
    const client = await this.#connect(address);
    try {
      if (login.password !== '') await this.#logIn(client, login);
      await this.#take(client);
    } finally {
      this.#tools.progress('');
      client.close();
    }
    return DONE;
  }

  async #connect(address: Address): Promise<AdminClient> {
    try {
      return await AdminClient.connect(this.#tools.world, address, CONNECT_MS);
    } catch (error) {
      throw new AdminError(`cannot connect to ${this.#from}: ${messageOf(error)}`);
    }
  }

  async #logIn(
    client: AdminClient,
    { user, password }: { readonly user: string; readonly password: string },
  ): Promise<void> {
    const reply = await this.#call(client, ['AUTH', user, password], ANSWER_MS);
    if (isError(reply)) {
      throw new AdminError(`${this.#from} does not take this user and password: ${reply.text}`);
    }
  }

  async #call(
    client: AdminClient,
    words: readonly string[],
    limitMs: number | null,
  ): Promise<Reply> {
    try {
      return await client.call(words, limitMs);
    } catch (error) {
      throw new AdminError(`the connection to ${this.#from} broke: ${messageOf(error)}`);
    }
  }

  async #take(client: AdminClient): Promise<void> {
    this.#tools.progress(`waiting for ${this.#from} to make a checkpoint`);
    // A checkpoint takes as long as it takes; whether the node is alive, TCP finds out.
    const facts = factsOf(await this.#call(client, ['RAFT.BACKUP', 'BEGIN'], null), this.#from);
    const writer = this.#open(facts.head);
    try {
      await this.#copy(client, facts.head, writer);
      writer.finish();
    } catch (error) {
      writer.abort();
      if (error instanceof AdminError) throw error;
      throw new AdminError(`${this.#path} cannot be written: ${messageOf(error)}`);
    }
    await this.#call(client, ['RAFT.BACKUP', 'END'], ANSWER_MS).catch(() => {});
    this.#sayDone(facts, writer.bytes);
  }

  #open(head: BackupHead): BackupWriter {
    try {
      return new BackupWriter(this.#tools.world.files, this.#path, head);
    } catch (error) {
      throw new AdminError(`${this.#path} cannot be written: ${messageOf(error)}`);
    }
  }

  async #copy(client: AdminClient, { stored }: BackupHead, writer: BackupWriter): Promise<void> {
    const check = new ImageCheck(stored.meta);
    const ask = (): Promise<Reply> => {
      const answer = this.#call(client, ['RAFT.BACKUP', 'NEXT'], ANSWER_MS);
      // Whoever waits for it hears of it; nobody may, after another failure.
      answer.catch(() => {});
      return answer;
    };
    const asked = Array.from({ length: ASKED_AHEAD }, ask);
    for (;;) {
      const reply = await (asked.shift() ?? ask());
      if (reply === null) break;
      asked.push(ask());
      if (isError(reply)) throw new AdminError(`${this.#from}: ${reply.text}`);
      const portion = typeof reply === 'string' ? Buffer.from(reply, 'latin1') : null;
      const entries = portion === null ? null : splitEntries(portion);
      if (portion === null || entries === null || entries.length === 0) {
        throw new AdminError(`${this.#from} sent something that is no part of a backup`);
      }
      for (const entry of entries) this.#believe(check.add(entry));
      writer.add(entries.length, portion);
      this.#tell(check.bytes, stored.meta.facts.totals.bytes);
    }
    this.#believe(check.finish());
  }

  #believe(problem: unknown): void {
    if (typeof problem !== 'string') return;
    throw new AdminError(`what ${this.#from} sent cannot be relied on: ${problem}`);
  }

  #tell(bytes: number, total: number): void {
    const now = this.#tools.world.clock.monotonic();
    if (now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    const percent = Math.min(100, Math.floor((bytes * 100) / Math.max(1, total)));
    const rate = sizeText((bytes * 1000) / Math.max(1, now - this.#startedAt));
    this.#tools.progress(`${sizeText(bytes)} of ${sizeText(total)} (${percent}%), ${rate}/s`);
  }

  #sayDone({ head, isComplete, role }: Facts, bytes: number): void {
    const { index, keyspace } = head.stored.meta;
    const keys = keyspace.databases.reduce((sum, database) => sum + database.keys, 0);
    const seconds = (this.#tools.world.clock.monotonic() - this.#startedAt) / 1000;
    this.#tools.progress('');
    this.#tools.out(
      `${this.#path}: entry ${index}, ${countText(keys, 'key')}, ${sizeText(bytes)}, ` +
        `${seconds.toFixed(2)} s`,
    );
    if (!isComplete) {
      this.#tools.error(
        `balsa-admin: note: ${this.#from} was asked as a ${role} and could not make sure that it knew ` +
          'of every acknowledged write; the last of them may be missing',
      );
    }
  }
}

interface Facts {
  readonly head: BackupHead;
  readonly role: string;
  /** Everything acknowledged before is in it for certain. */
  readonly isComplete: boolean;
}

/** The reply to BEGIN. Throws what a person can do something with. */
function factsOf(reply: Reply, from: string): Facts {
  if (isError(reply)) throw new AdminError(refusalText(reply.text, from));
  const facts = new Map<Reply, Reply>();
  if (Array.isArray(reply)) {
    const items: readonly Reply[] = reply;
    for (let i = 0; i + 1 < items.length; i += 2) facts.set(items[i] ?? null, items[i + 1] ?? null);
  }
  const meta = facts.get('meta');
  const nodeId = facts.get('node_id');
  if (typeof meta !== 'string' || typeof nodeId !== 'number') {
    throw new AdminError(`${from} answers RAFT.BACKUP in a way that this program does not know`);
  }
  try {
    const stored = decodeMeta(Buffer.from(meta, 'latin1'));
    const isComplete = facts.get('complete') === 'yes';
    return { head: { nodeId, stored }, role: String(facts.get('role')), isComplete };
  } catch (error) {
    throw new AdminError(`what ${from} sent cannot be relied on: ${messageOf(error)}`);
  }
}

function refusalText(text: string, from: string): string {
  if (text.startsWith('NOAUTH')) {
    return `${from} wants a password: --password, or ${PASSWORD_VARIABLE} in the environment`;
  }
  if (text.startsWith('NOCLUSTER')) {
    return `${from} belongs to no cluster, so there is nothing to back up (${text})`;
  }
  if (text.startsWith('ERR unknown command')) {
    return `${from} does not know RAFT.BACKUP: it is no balsa, or an older one`;
  }
  return `${from}: ${text}`;
}
