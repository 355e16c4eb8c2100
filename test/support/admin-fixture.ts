import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import { createLog, readOnlyNodeFiles } from '../../raftlog/index.ts';
import { BackupWriter } from '../../src/admin/backup-writer.ts';
import { runAdmin } from '../../src/admin/cli.ts';
import type { AdminTools } from '../../src/admin/tools.ts';
import { finished, given } from '../../src/admin/waiting.ts';
import { asLogIndex, asNodeId, asTerm } from '../../src/base/ids.ts';
import { digest } from '../../src/keyspace/digest.ts';
import { CheckpointWriter } from '../../src/replica/image/checkpoint-writer.ts';
import { ImageDisk } from '../../src/replica/image/image-disk.ts';
import type { StoredMeta } from '../../src/replica/image/meta.ts';
import { recordRange } from '../../src/replica/image/record.ts';
import { chunkBytes, joinEntries } from '../../src/replica/image/transfer-frames.ts';
import type { ImageEntry, ImageStores } from '../../src/world/image-store.ts';
import { openLevelView } from '../../src/world/level-view.ts';
import { MemoryImageStores } from '../../src/world/memory-image-store.ts';
import { openRealWorld } from '../../src/world/real.ts';
import type { World } from '../../src/world/world.ts';
import { Harness } from '../commands/harness.ts';
import { temporaryFolder } from './real-cluster.ts';

export const CLUSTER_ID: string = 'b'.repeat(32);
export const NODE_ID = 77;
export const INDEX = 500;
export const TERM = 3;
const CHAIN = 4711;

export const world: World = openRealWorld();

/** A folder that goes when the test ends. */
export function folderOf(t: Test): string {
  const folder = temporaryFolder('admin');
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Ran {
  readonly status: number;
  /** Lines, each with its line feed. */
  readonly out: string;
  readonly error: string;
}

/** Runs the tool in this process. */
export async function admin(
  args: readonly string[],
  tools: Partial<AdminTools> = {},
): Promise<Ran> {
  let out = '';
  let error = '';
  const status = await runAdmin(args, {
    world,
    look: readOnlyNodeFiles,
    view: openLevelView,
    out: (text) => {
      out += `${text}\n`;
    },
    error: (text) => {
      error += `${text}\n`;
    },
    progress: () => {},
    environment: () => undefined,
    ...tools,
  });
  return { status, out, error };
}

/** An image, and what it is of. */
export interface Sample {
  readonly stored: StoredMeta;
  readonly digest: string;
  readonly entries: readonly ImageEntry[];
}

/** Some keys of every type in two databases, large ones among them. */
export function fill(harness: Harness): void {
  for (let i = 0; i < 300; i++) harness.call('SET', `key:${i}`, 'v'.repeat(i));
  harness.call('SET', 'large', 'x'.repeat(300_000));
  harness.call('SET', 'brief', 'v', 'PXAT', '1800000000000');
  for (let i = 0; i < 1000; i++) harness.call('HSET', 'hash', `f${i}`, `v${i}`);
  for (let i = 0; i < 1000; i++) harness.call('RPUSH', 'list', `item ${i}`);
  for (let i = 0; i < 1000; i++) harness.call('SADD', 'set', `member ${i}`);
  for (let i = 0; i < 1000; i++) harness.call('ZADD', 'zset', `${i}`, `member ${i}`);
  for (let i = 1; i < 300; i++) harness.call('XADD', 'stream', `${i}-1`, 'f', `${i}`);
  harness.call('XGROUP', 'CREATE', 'stream', 'group', '0');
  harness.call('XREADGROUP', 'GROUP', 'group', 'c', 'COUNT', '10', 'STREAMS', 'stream', '>');
  harness.selected = 3;
  harness.call('SET', 'elsewhere', 'v');
  harness.selected = 0;
}

/** Writes a checkpoint of what is there to a store, as a server does. */
export async function checkpoint(
  harness: Harness,
  disk: ImageDisk,
  index: number = INDEX,
): Promise<StoredMeta> {
  const { keyspace } = harness;
  let begun: ReturnType<typeof keyspace.beginImage> | null = null;
  await finished((done) => {
    const writer = new CheckpointWriter({ world, disk, isQuiet: () => true, done });
    begun = keyspace.beginImage(writer);
    writer.start(begun.writing, 0);
  });
  if (begun === null) throw new Error('nothing was written');
  const { writing, state }: ReturnType<typeof keyspace.beginImage> = begun;
  const { changes } = keyspace;
  const facts = { image: writing.image, nextId: changes.nextId, totals: changes.totals };
  const meta = { ...head(index, disk), keyspace: state, facts };
  const made: StoredMeta = { generation: disk.generation, meta };
  writing.commit();
  await finished((done) => disk.commit(made, () => {}, done));
  return made;
}

function head(index: number, disk: ImageDisk): Omit<StoredMeta['meta'], 'keyspace' | 'facts'> {
  const member = { id: asNodeId(NODE_ID), host: '127.0.0.1', port: 7000, voting: true };
  return {
    clusterId: CLUSTER_ID,
    index: asLogIndex(index),
    term: asTerm(TERM),
    chain: CHAIN,
    configuration: {
      index: asLogIndex(2),
      configuration: { change: { kind: 'bootstrap', id: member.id }, members: [member] },
    },
    usedIds: [NODE_ID],
    waiters: [],
    time: 1_750_000_000_000 + (disk.stored?.meta.facts.image ?? 0),
  };
}

/** Everything in a store that belongs to the image, or once did. */
async function entriesOf(disk: ImageDisk): Promise<readonly ImageEntry[]> {
  const snapshot = disk.store?.snapshot();
  const range = recordRange(disk.generation);
  const entries = await given<readonly ImageEntry[]>((done) =>
    snapshot?.read({ ...range, limit: 1e6, maxBytes: 1e9 }, done),
  );
  snapshot?.close();
  return entries;
}

/** An image of {@link fill}, made in two checkpoints. */
export async function sample(stores?: ImageStores, folder = 'image'): Promise<Sample> {
  const harness = new Harness();
  const later = (callback: () => void): void => {
    setImmediate(callback);
  };
  const disk = new ImageDisk(stores ?? new MemoryImageStores(later), folder);
  await finished((done) => disk.open(done));
  fill(harness);
  await checkpoint(harness, disk, INDEX - 100);
  harness.call('HDEL', 'hash', 'f1', 'f500');
  harness.call('DEL', 'list', 'key:7');
  harness.call('APPEND', 'large', 'y');
  const stored = await checkpoint(harness, disk);
  const entries = await entriesOf(disk);
  await finished((done) => disk.close(done));
  return { stored, digest: digest(harness.keyspace), entries };
}

/** Writes a backup of an image. Returns where in the file each entry begins. */
export function writeBackup(file: string, { stored, entries }: Sample): readonly number[] {
  const writer = new BackupWriter(world.files, file, { nodeId: NODE_ID, stored });
  const starts: number[] = [];
  let at = writer.bytes;
  for (const entry of entries) {
    starts.push(at);
    at += chunkBytes(entry);
  }
  writer.add(entries.length, joinEntries(entries));
  writer.finish();
  return starts;
}

/** The files of a node that was stopped: an image, and a log behind it. */
export async function nodeFolder(dir: string): Promise<Sample> {
  const made = await sample(world.images, path.join(dir, 'redisraft.db.image'));
  const log = createLog({
    files: world.files,
    path: path.join(dir, 'redisraft.db'),
    fsync: false,
    microseconds: () => world.clock.microseconds(),
    clusterId: CLUSTER_ID,
    nodeId: NODE_ID,
    base: { index: INDEX, term: TERM, chain: CHAIN },
    hardState: { term: TERM, vote: 0 },
  });
  await finished((done) => log.close(done));
  return made;
}
