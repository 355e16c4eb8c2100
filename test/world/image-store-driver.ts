import assert from 'node:assert/strict';
import type t from 'tap';
import type {
  ImageEntry,
  ImageSnapshot,
  ImageStore,
  ImageStores,
} from '../../src/world/image-store.ts';
import type { RecordQuery } from '../../src/world/sorted-records.ts';

/** Image stores under test, and how time passes in their world. */
export interface Driver {
  readonly stores: ImageStores;
  /** A folder in which nothing is. */
  readonly folder: string;
  /** Lets things happen until this holds. */
  wait(until: () => boolean): Promise<void>;
}

export type Tap = typeof t;

/** Makes stores with nothing in them for a test. */
export type Begin = (t: Tap) => Driver;

/** Keys and values as text; a value of null deletes. */
export type Changes = Readonly<Record<string, string | null>>;

type Callback<T> = (error: Error | null, value: T) => void;

/** Makes a call, sees that it calls back later and once, and returns what with. */
export async function call<T = null>(
  driver: Driver,
  start: (done: Callback<T>) => void,
): Promise<{ readonly error: Error | null; readonly value: T }> {
  const answers: { readonly error: Error | null; readonly value: T }[] = [];
  start((error, value) => answers.push({ error, value }));
  assert.equal(answers.length, 0, 'calls back later');
  await driver.wait(() => answers.length > 0);
  const [answer] = answers;
  assert.equal(answers.length, 1, 'calls back once');
  assert(answer !== undefined);
  return answer;
}

/** The value that a call is answered with; throws its error. */
export async function good<T = null>(
  driver: Driver,
  start: (done: Callback<T>) => void,
): Promise<T> {
  const { error, value } = await call<T>(driver, start);
  if (error !== null) throw error;
  return value;
}

export async function open(driver: Driver, folder: string = driver.folder): Promise<ImageStore> {
  const store = await good<ImageStore | null>(driver, (done) => driver.stores.open(folder, done));
  assert(store !== null);
  return store;
}

export function close(driver: Driver, store: ImageStore): Promise<unknown> {
  return good(driver, (done) => store.close((error) => done(error, null)));
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Starts to write changes, in one batch. */
export function writeLater(
  store: ImageStore,
  changes: Changes,
  done: (error: Error | null) => void,
): void {
  const batch = store.batch();
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) batch.delete(bytes(key));
    else batch.put(bytes(key), bytes(value));
  }
  batch.write(done);
}

export function write(driver: Driver, store: ImageStore, changes: Changes): Promise<unknown> {
  return good(driver, (done) => writeLater(store, changes, (error) => done(error, null)));
}

export async function get(driver: Driver, store: ImageStore, key: string): Promise<string | null> {
  const value = await good<Buffer | null>(driver, (done) => store.get(bytes(key), done));
  return value?.toString('latin1') ?? null;
}

export type Query = Partial<Omit<RecordQuery, 'from' | 'to'>> & {
  readonly from?: string;
  readonly to?: string;
};

/** Entries as `key=value`. Without limits: all. */
export async function read(
  driver: Driver,
  snapshot: ImageSnapshot,
  query: Query = {},
): Promise<string[]> {
  const { from = '', to = '\xff\xff', limit = 1e6, maxBytes = 1e8, reverse } = query;
  const whole = {
    ...{ from: bytes(from), to: bytes(to), limit, maxBytes },
    ...(reverse === undefined ? {} : { reverse }),
  };
  const found = await good<readonly ImageEntry[]>(driver, (done) => snapshot.read(whole, done));
  return found.map(({ key, value }) => `${key.toString('latin1')}=${value.toString('latin1')}`);
}

/** All that a store holds now. */
export async function all(driver: Driver, store: ImageStore): Promise<string[]> {
  const snapshot = store.snapshot();
  const found = await read(driver, snapshot);
  snapshot.close();
  return found;
}
