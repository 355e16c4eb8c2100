import { ImageDisk } from '../replica/image/image-disk.ts';
import type { StoredMeta } from '../replica/image/meta.ts';
import { recordRange, withGeneration } from '../replica/image/record.ts';
import { RecordScan } from '../replica/image/record-scan.ts';
import type { ImageEntry } from '../world/image-store.ts';
import type { Place } from './backup-reader.ts';
import { BackupStore } from './backup-store.ts';
import { sizeText } from './sizes.ts';
import type { AdminTools } from './tools.ts';
import { finished, given } from './waiting.ts';

/** What is read, and put into one batch. */
const BATCH = { limit: 4000, maxBytes: 1024 * 1024 } as const;

/** Puts the image of a backup into a store of its own. */
export class ImageCopy {
  readonly #tools: AdminTools;
  readonly #file: string;
  readonly #places: readonly Place[];
  readonly #from: StoredMeta;
  readonly #made: StoredMeta;
  readonly #into: string;

  constructor(
    tools: AdminTools,
    what: {
      readonly file: string;
      readonly places: readonly Place[];
      /** The image in the file, and what it is to be in the store. */
      readonly stored: StoredMeta;
      readonly made: StoredMeta;
      /** The store's folder. What is there goes. */
      readonly into: string;
    },
  ) {
    this.#tools = tools;
    this.#file = what.file;
    this.#places = what.places;
    this.#from = what.stored;
    this.#made = what.made;
    this.#into = what.into;
  }

  /** All of it is durable when this resolves; the store is closed. */
  async run(): Promise<void> {
    const { images } = this.#tools.world;
    await finished((done) => images.destroy(this.#into, done));
    const disk = new ImageDisk(images, this.#into);
    await finished((done) => disk.open(done));
    try {
      await this.#copy(disk);
      await finished((done) => disk.commit(this.#made, () => {}, done));
    } finally {
      await finished((done) => disk.close(done));
    }
  }

  async #copy(disk: ImageDisk): Promise<void> {
    const { look, world, progress } = this.#tools;
    const file = { files: look, path: this.#file };
    const stored = this.#from;
    const places = this.#places;
    const from = new BackupStore({ ...file, timers: world.timers, stored, places });
    const scan = new RecordScan(from.snapshot(), recordRange(stored.generation), BATCH);
    let bytes = 0;
    try {
      for (;;) {
        const entries = await given<readonly ImageEntry[]>((done) => scan.next(done));
        if (entries.length === 0) return;
        const batch = disk.store?.batch();
        for (const { key, value } of entries) {
          batch?.put(withGeneration(key, this.#made.generation), value);
          bytes += value.length;
        }
        await finished((done) => batch?.write(done));
        progress(`restoring: ${sizeText(bytes)} of ${sizeText(from.size())}`);
      }
    } finally {
      await finished((done) => from.close(done));
    }
  }
}
