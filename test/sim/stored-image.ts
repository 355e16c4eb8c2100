import { type ImageMeta, META_KEY, packMeta, unpackMeta } from '../../src/replica/image/meta.ts';
import type { ImageEntry } from '../../src/world/image-store.ts';
import { LOG_NAME } from './disk-fixture.ts';
import type { SimDisk } from './sim-disk.ts';
import { decodeBatches, encodeBatch } from './sim-image-format.ts';

export const IMAGE: string = `${LOG_NAME}.image`;
export const BATCHES: string = `${IMAGE}/batches`;

/** Everything in the image store on a disk, in order. */
export function storedEntries(disk: SimDisk): ImageEntry[] {
  const entries = new Map<string, ImageEntry>();
  const bytes = disk.contents(BATCHES);
  if (bytes === null) throw new Error('no image');
  for (const batch of decodeBatches(bytes).batches) {
    for (const { key, value } of batch) {
      const name = key.toString('latin1');
      if (value === null) entries.delete(name);
      else entries.set(name, { key: Buffer.from(key), value: Buffer.from(value) });
    }
  }
  return [...entries.values()].sort((a, b) => a.key.compare(b.key));
}

/** Puts a store there of which the file is whole, whatever its entries are. */
export function putEntries(disk: SimDisk, entries: readonly ImageEntry[]): void {
  const sorted = [...entries].sort((a, b) => a.key.compare(b.key));
  disk.put(BATCHES, encodeBatch(0, sorted));
}

export function metaOf(disk: SimDisk): ImageMeta {
  return unpackMeta(metaEntry(storedEntries(disk)).value).meta;
}

/** Changes what an image says of itself, with a checksum that is right. */
export function changeMeta(disk: SimDisk, change: Partial<ImageMeta>): void {
  const entries = storedEntries(disk);
  const entry = metaEntry(entries);
  const stored = unpackMeta(entry.value);
  const value = packMeta({ ...stored, meta: { ...stored.meta, ...change } });
  putEntries(
    disk,
    entries.map((other) => (other === entry ? { key: other.key, value } : other)),
  );
}

function metaEntry(entries: readonly ImageEntry[]): ImageEntry {
  const found = entries.find(({ key }) => key.equals(META_KEY));
  if (found === undefined) throw new Error('no image counts');
  return found;
}
