import { digest } from '../keyspace/digest.ts';
import { Keyspace } from '../keyspace/keyspace.ts';
import { ImageDisk } from '../replica/image/image-disk.ts';
import { ImageLoader } from '../replica/image/image-loader.ts';
import type { ImageStore } from '../world/image-store.ts';
import type { AdminTools } from './tools.ts';
import { finished } from './waiting.ts';

/** What an image comes to when it is loaded. */
export interface DatasetFacts {
  /** Databases that are not empty. */
  readonly databases: readonly { readonly index: number; readonly keys: number }[];
  readonly keys: number;
  /** As RAFT.DEBUG DIGEST has it after the image's entry. */
  readonly digest: string;
}

/**
 * Opens what a store says of its image. Null: there is none. Rejects with what is damaged.
 */
export async function openDisk(store: ImageStore, path: string): Promise<ImageDisk> {
  const disk = new ImageDisk(
    {
      open: (_path, done) => done(null, store),
      exists: () => true,
      destroy: (_path, done) => done(null),
    },
    path,
  );
  await finished((done) => disk.open(done));
  return disk;
}

/** Loads an image into memory, as a server would, and says what is in it. Rejects if it cannot be. */
export async function readDataset(
  tools: AdminTools,
  disk: ImageDisk,
): Promise<DatasetFacts | null> {
  const { stored } = disk;
  if (stored === null) return null;
  const keyspace = new Keyspace();
  const { world } = tools;
  await finished((done) => {
    new ImageLoader({ world, disk, stored, keyspace, log: tools.progress, done });
  });
  tools.progress('');
  const databases = keyspace
    .databases()
    .filter(({ size }) => size > 0)
    .map(({ index, size }) => ({ index, keys: size }));
  return { databases, keys: keyspace.size, digest: digest(keyspace) };
}
