/** Each pair of log and image that a start can find, brought about on a simulated disk. */
import t from 'tap';
import { asTerm } from '../../src/base/ids.ts';
import { compact, FILL, save, steps } from './crash-dataset.ts';
import { LOG_NAME } from './disk-fixture.ts';
import { BATCHES, changeMeta, metaOf } from './stored-image.ts';
import { Trial } from './trial.ts';

const INDEX = `${LOG_NAME}.idx`;
const HELP =
  '. This node cannot go on with these files. Remove it from the cluster (RAFT.NODE REMOVE), move its ' +
  'files away and join it again as a new node.';

type Files = ReadonlyMap<string, Buffer | null>;

/** A node alone, with some entries. */
function begun(clusterId?: string): Trial {
  const trial = new Trial({ nodes: 1, seed: 5 });
  trial.init(trial.subject, clusterId);
  trial.until('it leads', () => trial.subject.leads);
  steps(trial, FILL.slice(2));
  return trial;
}

function stop(trial: Trial): Files {
  trial.pass(300);
  trial.stop(trial.subject);
  const { disk } = trial.subject.machine;
  disk.settle();
  return new Map([LOG_NAME, INDEX, BATCHES].map((path) => [path, disk.contents(path)]));
}

function put(trial: Trial, files: Files, paths: readonly string[]): void {
  const { disk } = trial.subject.machine;
  for (const path of paths) {
    const bytes = files.get(path) ?? null;
    if (bytes !== null) disk.put(path, bytes);
    else if (disk.contents(path) !== null) disk.remove(path);
  }
  trial.watch.forget();
}

const LOG = [LOG_NAME, INDEX];
const IMAGE = [BATCHES];
const NOTHING: Files = new Map();

/** Starts the node; why it did not come up, or how it did. */
function start(trial: Trial): string {
  const known = trial.lines.length;
  trial.start(trial.subject);
  const node = (): string | undefined => trial.subject.server?.node.state;
  try {
    trial.until('it is up', () => trial.subject.leads || node() === 'uninitialized', 5000);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const warned = trial.lines.slice(known).filter((line) => line.includes(' # '));
  return [node(), ...warned.map((line) => line.slice(line.indexOf(' # ') + 3))].join('; ');
}

t.test('S1: neither: the node belongs to no cluster', async (t) => {
  const trial = begun();
  compact(trial);
  stop(trial);
  put(trial, NOTHING, [...LOG, ...IMAGE]);
  t.equal(start(trial), 'uninitialized');
});

t.test('S2: an image without a log belongs to no cluster, and is put aside by INIT', async (t) => {
  const trial = begun();
  compact(trial);
  stop(trial);
  put(trial, NOTHING, LOG);
  const { index, clusterId } = metaOf(trial.subject.machine.disk);
  t.match(
    start(trial),
    `uninitialized; redisraft.db.image holds an image of entry ${index} of cluster ${clusterId}, but there is no log`,
  );
  trial.beginAnew();
  trial.init(trial.subject, 'e'.repeat(32));
  trial.until('it leads', () => trial.subject.leads);
  t.equal(trial.ask(trial.subject, ['DBSIZE']), '0');
  trial.step(['SET', 'a', '1']);
  const { disk } = trial.subject.machine;
  const aside = trial.subject.machine.world.files
    .list('.')
    .find((name) => /image\..*\.bak$/.test(name));
  t.ok(disk.contents(`${aside}/batches`), 'it is kept');
  stop(trial);
  t.match(start(trial), /^up/);
  t.equal(trial.ask(trial.subject, ['DBSIZE']), '2');
});

t.test('S3: a log from the first entry on needs no image', async (t) => {
  const trial = begun();
  save(trial);
  trial.step(['SET', 'behind', '1']);
  const contents = trial.contents();
  stop(trial);
  put(trial, NOTHING, IMAGE);
  t.match(start(trial), /^up/);
  t.equal(trial.contents(), contents);
});

t.test('S4: a log that was cut is refused without its image', async (t) => {
  const trial = begun();
  compact(trial);
  stop(trial);
  const { index } = metaOf(trial.subject.machine.disk);
  put(trial, NOTHING, IMAGE);
  const text = `Log refers to snapshot ${index} which was not loaded: there is no image${HELP}`;
  t.equal(start(trial), text);
});

t.test('S5: the image of another cluster is refused', async (t) => {
  const other = begun('f'.repeat(32));
  compact(other);
  const files = stop(other);
  const trial = begun();
  stop(trial);
  put(trial, files, IMAGE);
  const ids = `${'c'.repeat(32)} and ${'f'.repeat(32)}`;
  t.equal(start(trial), `Log and snapshot have different dbids: ${ids}${HELP}`);
});

t.test('S6: an older image is refused where the log begins behind it', async (t) => {
  const trial = begun();
  save(trial);
  trial.pass(300);
  trial.subject.machine.disk.settle();
  const older = trial.subject.machine.disk.contents(BATCHES);
  const { index } = metaOf(trial.subject.machine.disk);
  trial.step(['DEL', 'stream']);
  trial.step(['SET', 'more', '1']);
  compact(trial);
  stop(trial);
  const base = metaOf(trial.subject.machine.disk).index;
  put(trial, new Map([[BATCHES, older]]), IMAGE);
  t.equal(
    start(trial),
    `Log starts behind entry ${base}, and the snapshot ends at ${index}: entries are missing${HELP}`,
  );
});

t.test('S7: an older log begins anew behind the image', async (t) => {
  const trial = begun();
  const older = stop(trial);
  trial.start(trial.subject);
  trial.step(['SET', 'more', '1']);
  trial.step(['HSET', 'hash', 'a', '1']);
  save(trial);
  const contents = trial.contents();
  stop(trial);
  const { index } = metaOf(trial.subject.machine.disk);
  put(trial, older, LOG);
  t.match(
    start(trial),
    new RegExp(`^up; .*the image reaches to entry ${index}, the log only to \\d+`),
  );
  t.equal(trial.contents(), contents);
  trial.beginAnew();
  t.match(trial.ask(trial.subject, ['SET', 'and', 'on']), 'OK');
  stop(trial);
  t.match(start(trial), /^up/);
  t.equal(trial.ask(trial.subject, ['GET', 'and']), 'on');
});

t.test('S8: a log that has another entry where the image ends begins anew behind it', async (t) => {
  const trial = begun();
  stop(trial);
  trial.start(trial.subject);
  trial.step(['SET', 'more', '1']);
  save(trial);
  const contents = trial.contents();
  trial.step(['SET', 'lost', '1']);
  stop(trial);
  changeMeta(trial.subject.machine.disk, { term: asTerm(1) });
  trial.watch.forget();
  t.match(start(trial), /^up; .*it begins anew behind it/);
  t.equal(trial.contents(), contents);
});

t.test('S9: an older image and all entries behind it', async (t) => {
  const trial = begun();
  save(trial);
  trial.pass(300);
  trial.subject.machine.disk.settle();
  const older = trial.subject.machine.disk.contents(BATCHES);
  trial.step(['HSET', 'hash', 'a', '1']);
  trial.step(['DEL', 'bits']);
  save(trial);
  trial.step(['SET', 'more', '1']);
  const contents = trial.contents();
  stop(trial);
  put(trial, new Map([[BATCHES, older]]), IMAGE);
  t.match(start(trial), /^up/);
  t.equal(trial.contents(), contents);
  save(trial);
  stop(trial);
  t.match(start(trial), /^up/);
  t.equal(trial.contents(), contents);
});

t.test('a damaged log is refused, whatever the image has', async (t) => {
  const trial = begun();
  save(trial);
  trial.step(['SET', 'behind', '1']);
  stop(trial);
  trial.subject.machine.disk.damage(LOG_NAME, 300, 1);
  t.match(start(trial), /^redisraft\.db: .* at offset \d+/);
});
