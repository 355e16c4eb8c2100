/** Damage to every region of an image as a node finds it that is started: refused, or mended by the log. */
import t from 'tap';
import { META_KEY } from '../../src/replica/image/meta.ts';
import type { ImageEntry } from '../../src/world/image-store.ts';
import { BY_HAND, CHANGE, compact, FILL, save, steps } from './crash-dataset.ts';
import { BATCHES, putEntries, storedEntries } from './stored-image.ts';
import { Trial } from './trial.ts';

const REFUSED = /^the image in redisraft\.db\.image cannot be (used|loaded): /;
/** The log shows that an image is missing, or that there was another one. */
const NOT_WITH_THE_LOG = /^Log (refers to snapshot|starts behind entry|and snapshot)/;

interface Stopped {
  readonly trial: Trial;
  /** What clients could read. */
  readonly contents: string;
  readonly log: Buffer;
  readonly index: Buffer | null;
  readonly image: Buffer;
}

/** A node with an image and some entries behind it, whose process has ended. */
function stopped(prepare: (trial: Trial) => void, options: readonly string[] = BY_HAND): Stopped {
  const trial = new Trial({ nodes: 1, seed: 1, options });
  trial.form();
  prepare(trial);
  trial.step(['SET', 'behind', 'the image']);
  const contents = trial.contents();
  trial.pass(500);
  trial.stop(trial.subject);
  const { disk } = trial.subject.machine;
  disk.settle();
  const read = (path: string): Buffer => disk.contents(path) ?? Buffer.alloc(0);
  return {
    ...{ trial, contents, log: read('redisraft.db'), image: read(BATCHES) },
    index: disk.contents('redisraft.db.idx'),
  };
}

/** Starts the node: 'same', why it did not start, or what is other. */
function start({ trial, contents }: Stopped): string {
  trial.start(trial.subject);
  try {
    trial.until('it leads', () => trial.subject.leads, 5000);
    trial.converge();
  } catch (error) {
    trial.stop(trial.subject);
    return error instanceof Error ? error.message : String(error);
  }
  const found = trial.contents();
  trial.stop(trial.subject);
  return found === contents ? 'same' : 'other contents';
}

/** Puts the files back as they were. */
function restore({ trial, log, index, image }: Stopped): void {
  const { disk } = trial.subject.machine;
  disk.put('redisraft.db', log);
  if (index !== null) disk.put('redisraft.db.idx', index);
  disk.put(BATCHES, image);
  trial.watch.forget();
}

interface Tally {
  same: number;
  refused: number;
}

/** Starts over what `spoil` leaves, and says what is wrong with that. */
function tryDamage(state: Stopped, tally: Tally, spoil: () => void): string | null {
  restore(state);
  spoil();
  const found = start(state);
  if (found === 'same') tally.same++;
  else if (REFUSED.test(found) || NOT_WITH_THE_LOG.test(found)) tally.refused++;
  else return found;
  return null;
}

/** Bytes of a key: tag, generation, id, part, image and piece of the record. */
const KEY_BYTES = [0, 1, 4, 5, 10, 11, 14, 15, 18, 19, 20];

/** Bytes of a value: checksum, pieces, and of the contents the first, one in the middle and the last. */
function valueBytes({ key, value }: ImageEntry): number[] {
  const isMeta = key.equals(META_KEY);
  const step = isMeta ? 1 : Math.max(1, Math.ceil(value.length / 3));
  const bytes = new Set([0, 3, 4, 5, 6, value.length - 1]);
  for (let at = 0; at < value.length; at += step) bytes.add(at);
  return [...bytes].filter((at) => at < value.length);
}

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

function tell(t: Tap, state: Stopped, damages: Iterable<Damage>): void {
  const tally: Tally = { same: 0, refused: 0 };
  restore(state);
  t.equal(start(state), 'same', 'without damage');
  for (const { title, spoil } of damages) {
    const problem = tryDamage(state, tally, spoil);
    if (problem !== null) t.fail(`${title}: ${problem}`);
  }
  t.ok(tally.refused > 0, `${tally.refused} starts were refused, ${tally.same} found everything`);
}

type Tap = Pick<typeof t, 'fail' | 'ok' | 'equal'>;

interface Damage {
  readonly title: string;
  readonly spoil: () => void;
}

function* flips(state: Stopped): Generator<Damage> {
  const { disk } = state.trial.subject.machine;
  restore(state);
  const entries = storedEntries(disk);
  for (const [i, entry] of entries.entries()) {
    const put = (changed: ImageEntry): void =>
      putEntries(
        disk,
        entries.map((other) => (other === entry ? changed : other)),
      );
    const { key, value } = entry;
    for (const at of KEY_BYTES.filter((byte) => byte < key.length)) {
      for (const mask of [0x01, 0x40]) {
        const title = `entry ${i}, byte ${at} of its key`;
        yield { title, spoil: () => put({ key: flipped(key, at, mask), value }) };
      }
    }
    for (const at of valueBytes(entry)) {
      const title = `entry ${i}, byte ${at} of its value`;
      yield { title, spoil: () => put({ key, value: flipped(value, at, 0x40) }) };
    }
  }
}

function* absences(state: Stopped): Generator<Damage> {
  const { disk } = state.trial.subject.machine;
  restore(state);
  const entries = storedEntries(disk);
  for (const [i, entry] of entries.entries()) {
    const others = entries.filter((other) => other !== entry);
    yield { title: `entry ${i} is gone`, spoil: () => putEntries(disk, others) };
    const short = { key: entry.key, value: entry.value.subarray(0, entry.value.length - 1) };
    yield { title: `entry ${i} is cut off`, spoil: () => putEntries(disk, [...others, short]) };
    const next = entries[(i + 1) % entries.length] ?? entry;
    const twice = { key: entry.key, value: next.value };
    yield { title: `entry ${i} is another`, spoil: () => putEntries(disk, [...others, twice]) };
  }
}

/** The file that the store is kept in, which has checksums of its own. */
function* fileFlips(state: Stopped, step: number): Generator<Damage> {
  const { disk } = state.trial.subject.machine;
  for (let at = 0; at < state.image.length; at += at < 40 ? 1 : step) {
    yield { title: `byte ${at} of the file`, spoil: () => disk.damage(BATCHES, at, 1) };
    if (at % 3 === 0) {
      const spoil = (): void => disk.damage(BATCHES, at, 512, 'zero');
      yield { title: `512 zeros from byte ${at} on`, spoil };
    }
  }
}

/** One image, of which nothing is left that it has replaced. */
function oneImage(trial: Trial): void {
  steps(trial, FILL);
  steps(trial, CHANGE);
  compact(trial);
}

/** Several batches in the file, the last of them of the newest image or of what it has replaced. */
function severalImages(trial: Trial): void {
  steps(trial, FILL);
  compact(trial);
  steps(trial, CHANGE);
  compact(trial);
}

t.test('flipped bits in records and in the head of an image', async (t) => {
  const state = stopped(oneImage);
  tell(t, state, flips(state));
});

t.test('records that are gone, cut off, or in the place of others', async (t) => {
  const state = stopped(oneImage);
  tell(t, state, absences(state));
});

t.test('flipped bits in an image where the log has everything, too', async (t) => {
  const state = stopped((trial) => {
    steps(trial, FILL.slice(2));
    save(trial);
  }, []);
  tell(t, state, flips(state));
});

t.test('flipped bits in the file of the store', async (t) => {
  for (const prepare of [oneImage, severalImages]) {
    const state = stopped(prepare);
    tell(t, state, fileFlips(state, Math.ceil(state.image.length / 60)));
  }
});
