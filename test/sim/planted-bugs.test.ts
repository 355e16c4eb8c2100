/** Bugs that are put in on purpose: each must be found by one of the enumerations. PLANTED=no skips it. */
import t from 'tap';
import { asLogIndex } from '../../src/base/ids.ts';
import { ImageDisk } from '../../src/replica/image/image-disk.ts';
import { INCOMING_KEY, META_KEY } from '../../src/replica/image/meta.ts';
import { LogStore } from '../../src/replica/log-store.ts';
import type { ImageBatch, ImageStore, ImageStores } from '../../src/world/image-store.ts';
import type { Files, World } from '../../src/world/world.ts';
import { enumerateCrashes, type Scenario } from './crash-points.ts';
import { ONE_NODE } from './crash-scenarios.ts';
import { IMAGES } from './crash-scenarios-images.ts';
import { enumerateFaults } from './image-fault-points.ts';
import { CHECKPOINT } from './image-fault-runs.ts';
import type { SimNode } from './sim-cluster.ts';

interface Planted {
  readonly title: string;
  /** Where it must be found, by the beginning of the title. */
  readonly in: string;
  readonly plant?: (node: SimNode) => void;
  /** Changes a class; returns what undoes that. */
  readonly patch?: () => () => void;
}

/** A world whose stores write batches in another way. */
function withBatches(
  change: (batch: ImageBatch, world: World) => ImageBatch,
): (node: SimNode) => void {
  return (node) => {
    node.view = (world) => ({ ...world, images: changedStores(world, change) });
  };
}

function changedStores(
  world: World,
  change: (batch: ImageBatch, world: World) => ImageBatch,
): ImageStores {
  const { images } = world;
  return {
    exists: (path) => images.exists(path),
    destroy: (path, done) => images.destroy(path, done),
    open: (path, done) =>
      images.open(path, (error, store) => {
        done(error, store === null ? null : changedStore(store, (batch) => change(batch, world)));
      }),
  };
}

function changedStore(store: ImageStore, change: (batch: ImageBatch) => ImageBatch): ImageStore {
  return {
    batch: () => change(store.batch()),
    get: (key, done) => store.get(key, done),
    snapshot: () => store.snapshot(),
    size: () => store.size(),
    reclaim: (range, done) => store.reclaim(range, done),
    close: (done) => store.close(done),
  };
}

type Part = Partial<Pick<ImageBatch, 'put' | 'delete' | 'write'>>;

function changedBatch(batch: ImageBatch, part: Part): ImageBatch {
  return {
    put: part.put ?? ((key, value) => batch.put(key, value)),
    delete: part.delete ?? ((key) => batch.delete(key)),
    write: part.write ?? ((done) => batch.write(done)),
    get length() {
      return batch.length;
    },
  };
}

/** Answered at once; written so many ms later. */
const LATE_MS = 3;

/** Batches that say which image counts are answered before they are written. */
function late(says: (kind: 'put' | 'delete', key: Buffer) => boolean): typeof withoutTombstones {
  return (batch, world) => {
    let isLate = false;
    return changedBatch(batch, {
      put: (key, value) => {
        isLate ||= says('put', key);
        batch.put(key, value);
      },
      delete: (key) => {
        isLate ||= says('delete', key);
        batch.delete(key);
      },
      write: (done) => {
        if (!isLate) {
          batch.write(done);
          return;
        }
        world.timers.after(LATE_MS, () => batch.write(() => {}));
        world.timers.after(0, () => done(null));
      },
    });
  };
}

const TOMBSTONE_BYTES = 6;

function withoutTombstones(batch: ImageBatch, _world: World): ImageBatch {
  return changedBatch(batch, {
    put: (key, value) => {
      if (value.length > TOMBSTONE_BYTES) batch.put(key, value);
    },
  });
}

function withFiles(change: (files: Files) => Files): (node: SimNode) => void {
  return (node) => {
    node.view = (world) => ({ ...world, files: change(world.files) });
  };
}

/** What is put aside is not made safe before other files are touched. */
function carelessAside(files: Files): Files {
  let isAside = false;
  return {
    open: (path, options) => files.open(path, options),
    exists: (path) => files.exists(path),
    list: (path) => files.list(path),
    makeDirectory: (path) => files.makeDirectory(path),
    remove: (path) => files.remove(path),
    rename: (from, to) => {
      isAside = to.endsWith('.bak');
      files.rename(from, to);
    },
    syncDirectory: (path) => {
      if (!isAside) files.syncDirectory(path);
      isAside = false;
    },
  };
}

function lies(path: string, kind: 'sync' | 'sync-directory' = 'sync'): (node: SimNode) => void {
  return (node) => node.machine.disk.lieAboutSyncs(kind, path);
}

/** Another method in the place of one of a class. */
function replaced<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  by: (original: T[K]) => T[K],
): () => () => void {
  return () => {
    const original = prototype[name];
    prototype[name] = by(original);
    return () => {
      prototype[name] = original;
    };
  };
}

const CHECKPOINTS = 'checkpoints of one node';
const RESTARTS = 'restarts of one node';
const TAKES = 'a follower takes an image';
const SENDS = 'a leader makes an image and sends it';

const PLANTED: readonly Planted[] = [
  { title: 'batches of the store are not synced', in: CHECKPOINTS, plant: lies('.image/batches') },
  { title: 'folders are not synced', in: CHECKPOINTS, plant: lies('', 'sync-directory') },
  { title: 'the log that was cut is not synced', in: CHECKPOINTS, plant: lies('redisraft.db.new') },
  {
    title: 'the log is cut before the image is durable',
    in: CHECKPOINTS,
    plant: withBatches(late((kind, key) => kind === 'put' && key.equals(META_KEY))),
  },
  { title: 'tombstones are left out', in: RESTARTS, plant: withBatches(withoutTombstones) },
  {
    title: 'the log is replaced before the image counts',
    in: TAKES,
    plant: withBatches(late((kind, key) => kind === 'delete' && key.equals(INCOMING_KEY))),
  },
  {
    title: 'term and vote are lost when the log is replaced',
    in: TAKES,
    patch: replaced(
      LogStore.prototype,
      'replaceLog',
      (original) =>
        function (this: LogStore, start): void {
          original.call(this, { ...start, hardState: { term: start.base.term, vote: 0 } });
        },
    ),
  },
  {
    title: 'what an unfinished first image has left is not cleared',
    in: SENDS,
    patch: replaced(ImageDisk.prototype, 'clear', () => (_range, done) => done(null)),
  },
  {
    title: 'what an unfinished image has left is not cleared',
    in: RESTARTS,
    patch: replaced(ImageDisk.prototype, 'removeKeys', () => (_keys, done) => done(null)),
  },
  {
    title: 'an image says that it has one entry less than it has',
    in: CHECKPOINTS,
    patch: replaced(
      ImageDisk.prototype,
      'commit',
      (original) =>
        function (this: ImageDisk, stored, others, done): void {
          const meta = { ...stored.meta, index: asLogIndex(stored.meta.index - 1) };
          original.call(this, { ...stored, meta }, others, done);
        },
    ),
  },
  {
    title: 'files of a removed node are put aside in any order',
    in: 'a node is removed',
    plant: withFiles(carelessAside),
  },
  {
    title: 'an image without a log is put aside after the new log is there',
    in: 'a new node joins',
    plant: withFiles(carelessAside),
  },
];

/** How far an enumeration comes until it finds something. */
function hunt({ plant }: Planted, scenario: Scenario): string | null {
  const options = { seed: 1, tears: 2, kills: false, isOneEnough: true };
  try {
    const { problems } = enumerateCrashes({ ...scenario, ...(plant && { plant }) }, options);
    return problems[0] ?? null;
  } catch (error) {
    return `without a crash: ${error instanceof Error ? error.message : String(error)}`;
  }
}

for (const planted of PLANTED) {
  const skip = process.env['PLANTED'] === 'no';
  t.test(`found: ${planted.title}`, { skip }, async (t) => {
    const scenario = [...ONE_NODE, ...IMAGES].find(({ title }) => title.startsWith(planted.in));
    if (scenario === undefined) throw new Error(planted.in);
    const undo = planted.patch?.();
    try {
      const found = hunt(planted, scenario);
      t.ok(found, found?.split('\n', 1)[0] ?? 'it is not found');
    } finally {
      undo?.();
    }
  });
}

t.test('found: a batch that failed is taken for stored', async (t) => {
  const plant = withBatches((batch) =>
    changedBatch(batch, { write: (done) => batch.write(() => done(null)) }),
  );
  const found = enumerateFaults({ ...CHECKPOINT, plant }, { kind: 'write', code: 'EIO' });
  t.ok(found.problems.length > 0, found.problems[0]?.split('\n', 1)[0] ?? 'it is not found');
});
