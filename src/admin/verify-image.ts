import type { ImageDisk } from '../replica/image/image-disk.ts';
import { INCOMING_KEY, type StoredMeta } from '../replica/image/meta.ts';
import { readPiece, recordRange } from '../replica/image/record.ts';
import { RecordScan } from '../replica/image/record-scan.ts';
import type { ImageEntry } from '../world/image-store.ts';
import { checkBackup, type Place } from './backup-reader.ts';
import { BackupStore } from './backup-store.ts';
import { openDisk, readDataset } from './dataset.ts';
import { ImageCheck } from './image-check.ts';
import { damagedTables } from './level-tables.ts';
import { type Damage, type ImageReport, imageReport } from './report.ts';
import { sizeText } from './sizes.ts';
import { type AdminTools, LookError, messageOf, type StoreView } from './tools.ts';
import { finished, given } from './waiting.ts';

/** What is read from the store at once. */
const READ = { limit: 2000, maxBytes: 1024 * 1024 } as const;
/** More damage than this is not listed. */
const MOST_DAMAGES = 100;

/** An image, or a backup, that was looked at. */
export interface VerifiedImage {
  /** Null if its head cannot be read, or there is no image in the store. */
  readonly report: ImageReport | null;
  readonly stored: StoredMeta | null;
  readonly notes: readonly string[];
  readonly damages: readonly Damage[];
}

export interface VerifiedBackup extends VerifiedImage {
  /** Of some entries in the file. */
  readonly places: readonly Place[];
}

/** Checks the image in a folder. Nothing in it changes. Rejects if the folder is in use. */
export async function verifyImage(tools: AdminTools, path: string): Promise<VerifiedImage> {
  const damages: Damage[] = [...damagedTables(tools.look, path)];
  let view: StoreView | null;
  try {
    view = await given<StoreView | null>((done) => tools.view(path, done));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'LOCKED') {
      const who = 'a server is running on these files, or another check';
      throw new LookError(`${path} is in use: ${who}. Stop it first`);
    }
    damages.push({ file: path, what: messageOf(error) });
    view = null;
  }
  if (view === null) return { report: null, stored: null, notes: [], damages };
  try {
    return await new ImageVerifier(tools, path, view, damages).run();
  } finally {
    const { close } = view;
    await finished((done) => close(done)).catch(() => {});
  }
}

class ImageVerifier {
  readonly #tools: AdminTools;
  readonly #path: string;
  readonly #view: StoreView;
  readonly #damages: Damage[];
  readonly #notes: string[] = [];

  constructor(tools: AdminTools, path: string, view: StoreView, damages: Damage[]) {
    this.#tools = tools;
    this.#path = path;
    this.#view = view;
    this.#damages = damages;
  }

  #damaged(what: string): void {
    if (this.#damages.length <= MOST_DAMAGES) {
      const isLast = this.#damages.length === MOST_DAMAGES;
      const text = isLast ? 'and so on: more is damaged than is worth listing' : what;
      this.#damages.push({ file: this.#path, what: this.#view.spell(text) });
    }
  }

  async run(): Promise<VerifiedImage> {
    let disk: ImageDisk;
    try {
      disk = await openDisk(this.#view.store, this.#path);
    } catch (error) {
      this.#damaged(messageOf(error));
      return { report: null, stored: null, notes: this.#notes, damages: this.#damages };
    }
    const { stored } = disk;
    await this.#lookForIncoming();
    if (stored === null) {
      this.#notes.push(`${this.#path} holds no image yet`);
      return { report: null, stored, notes: this.#notes, damages: this.#damages };
    }
    await this.#scan(stored);
    const dataset = this.#damages.length > 0 ? null : await this.#load(disk);
    const report = imageReport(this.#path, stored.meta, { dataset });
    return { report, stored, notes: this.#notes, damages: this.#damages };
  }

  async #lookForIncoming(): Promise<void> {
    const { store } = this.#view;
    const value = await given<Buffer | null>((done) => store.get(INCOMING_KEY, done)).catch(
      (error: unknown) => {
        this.#damaged(messageOf(error));
        return null;
      },
    );
    if (value !== null) this.#notes.push('the image of another node was coming in');
  }

  /** Reads every record there is. */
  async #scan({ generation, meta }: StoredMeta): Promise<void> {
    const snapshot = this.#view.store.snapshot();
    const scan = new RecordScan(snapshot, recordRange(generation), READ);
    const check = new ImageCheck(meta);
    try {
      for (;;) {
        const entries = await given<readonly ImageEntry[]>((done) => scan.next(done));
        if (entries.length === 0) break;
        for (const entry of entries) this.#check(check, entry, meta.facts.image);
        const { bytes } = meta.facts.totals;
        this.#tools.progress(`checking: ${sizeText(check.bytes)} of ${sizeText(bytes)}`);
      }
      const missing = check.finish();
      if (missing !== null) this.#damaged(missing);
    } catch (error) {
      this.#damaged(messageOf(error));
    } finally {
      snapshot.close();
      this.#tools.progress('');
    }
  }

  #check(check: ImageCheck, entry: ImageEntry, image: number): void {
    const piece = readPiece(entry);
    // A checkpoint that was never finished has left it; the next start clears it away.
    if (typeof piece !== 'string' && piece.place.image > image) return;
    const found = check.add(entry);
    if (typeof found === 'string') this.#damaged(found);
  }

  async #load(disk: ImageDisk): ReturnType<typeof readDataset> {
    try {
      return await readDataset(this.#tools, disk);
    } catch (error) {
      this.#damaged(messageOf(error));
      return null;
    }
  }
}

/** Checks a backup file. Throws if it cannot be read at all. */
export async function verifyBackup(tools: AdminTools, path: string): Promise<VerifiedBackup> {
  const found = checkBackup(tools.look, path, (bytes, of) =>
    tools.progress(`checking: ${sizeText(bytes)} of ${sizeText(of)}`),
  );
  tools.progress('');
  const damages: Damage[] = found.damages.map((damage) => ({ file: path, ...damage }));
  const { head, places } = found;
  if (head === null) return { report: null, stored: null, notes: [], damages, places };
  const { nodeId, stored } = head;
  const { timers } = tools.world;
  let dataset: ImageReport['dataset'] = null;
  if (damages.length === 0) {
    const store = new BackupStore({ files: tools.look, path, timers, stored, places });
    try {
      dataset = await readDataset(tools, await openDisk(store, path));
    } catch (error) {
      damages.push({ file: path, what: messageOf(error) });
    } finally {
      await finished((done) => store.close(done));
    }
  }
  const report = imageReport(path, stored.meta, { nodeId, dataset });
  return { report, stored, notes: [], damages, places };
}
