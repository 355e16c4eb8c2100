import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import { sortedSetForm } from '../../../src/keyspace/image/sorted-set-form.ts';
import { SortedSet } from '../../../src/keyspace/sorted-set.ts';
import { exerciseForm, type Operation } from './part-exercise.ts';
import { ImageHarness, imageHash } from './part-harness.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

function setOf(pairs: readonly (readonly [string, number])[], isLarge = false): SortedSet {
  const set = new SortedSet(imageHash);
  if (isLarge) set.widen();
  for (const [member, score] of pairs) set.set(member, score);
  return set;
}

/** `count` members in an order that is neither that of their scores nor of their names. */
function scattered(count: number): SortedSet {
  return setOf(Array.from({ length: count }, (_, i) => [`m${i}`, (i * 7919) % 1000]));
}

function describe(set: SortedSet): unknown {
  const elements: unknown[] = [];
  const note = (item: unknown): void => void elements.push(Object.is(item, -0) ? '-0' : item);
  set.feed({ text: note, bytes: note, number: note });
  const numbered: string[] = [];
  set.everyMember((member) => numbered.push(member) > 0);
  const ranks = numbered.map((member) => [set.rank(member), set.score(member)]);
  return [set.encoding(), set.size, elements, numbered, ranks];
}

function saved(set: SortedSet): ImageHarness<SortedSet> {
  const harness = new ImageHarness(sortedSetForm);
  harness.put(0, set);
  harness.save();
  return harness;
}

t.test('a sorted set of each form comes back as it was', async (t) => {
  const few = [
    ['c', 1],
    ['', Number.NEGATIVE_INFINITY],
    ['a', -0],
    ['b', 0],
    ['\xff\x00', 0.1],
    ['z', Number.POSITIVE_INFINITY],
    ['y', Number.POSITIVE_INFINITY],
  ] as const;
  for (const [set, records] of [
    [setOf([]), 1],
    [setOf(few), 1],
    [scattered(128), 1],
    [setOf(few, true), 1],
    [setOf([['x'.repeat(65), 1]]), 1],
    // Pages of 128.
    [scattered(129), 1 + 2],
    [scattered(1000), 1 + 8],
  ] as const) {
    const harness = saved(set);
    const loaded = harness.loadOne();
    t.same(describe(loaded), describe(set));
    t.equal(harness.records, records);
    for (const each of [set, loaded]) {
      each.set('another', 2.5);
      each.set('m3', 4);
      each.delete('m4');
      if (each.size > 5) each.deleteSpan({ first: 2, count: 2 });
    }
    t.same(describe(loaded), describe(set));
  }
});

t.test('a changed score of a large set costs a page, a removed element two', async (t) => {
  const harness = saved(scattered(100_000));
  harness.get(0)?.set('m500', -1);
  harness.save();
  t.equal(harness.records, 2, 'that of the key, and a page');
  t.ok(harness.bytes < 4096);
  harness.get(0)?.set('m500', -1);
  harness.save();
  t.equal(harness.records, 1, 'the same score changes nothing');
  harness.get(0)?.delete('m500');
  harness.save();
  t.equal(harness.records, 3, 'and one where the last element went');
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('a large set that loses all at once takes another table', async (t) => {
  const harness = saved(scattered(1000));
  harness.get(0)?.set('m1', -1);
  harness.begin();
  const frozen = describe(harness.peek(0));
  harness.get(0)?.deleteSpan({ first: 0, count: 1000 });
  harness.get(0)?.set('m', 1);
  harness.commit();
  t.same(describe(harness.loadOne()), frozen, 'the image being written has the old one');
  harness.save();
  t.equal(harness.records, 1);
  t.same(describe(harness.loadOne()), describe(setOf([['m', 1]], true)));
});

t.test('a copy of a large set is in images on its own', async (t) => {
  const harness = saved(scattered(1000));
  harness.put(1, harness.peek(0).copy());
  const copied = describe(harness.peek(1));
  harness.get(0)?.delete('m1');
  harness.save();
  const loaded = harness.load();
  t.same(describe(loaded.get(0) as SortedSet), describe(harness.peek(0)));
  t.same(describe(loaded.get(1) as SortedSet), copied);
});

t.test('what was never written so is malformed', async (t) => {
  const context = { changes: new Changes(), hash: imageHash };
  const decode = (...bytes: number[]): unknown =>
    sortedSetForm.decode(new ByteReader(Buffer.from(bytes)), context);
  const nan = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  t.throws(() => decode(9, 0), Malformed, 'form');
  t.throws(() => decode(0, 1, 1), Malformed, 'end');
  t.throws(() => decode(0, 1, 1, 97, ...nan), Malformed, 'score of a small set');
  t.throws(() => decode(1, 1, 1, 97, ...nan), Malformed, 'score of a large set');
  const zero = [0, 0, 0, 0, 0, 0, 0, 0];
  t.throws(() => decode(1, 2, 1, 97, ...zero, 1, 97, ...zero), Malformed, 'a member twice');
});

function operation(random: Prng, { size }: SortedSet): Operation<SortedSet> {
  const member = `m${random.below(1500)}`;
  const score = [random.below(50), random.float(), -0, 0, Infinity][random.below(5)] as number;
  const many = random.below(40);
  const first = random.below(size);
  const count = Math.min(size - first, 1 + 3 * random.below(40));
  switch (random.below(12)) {
    case 0:
    case 1:
      return (set) => void set.delete(member);
    case 2:
      return (set) => {
        for (let i = 0; i < many; i++) set.set(`${member}.${i}`, score);
      };
    case 3:
      return (set) => set.deleteSpan({ first, count });
    case 4:
      if (random.chance(0.9)) return (set) => set.set(member, score);
      return (set) => {
        set.deleteSpan({ first: 0, count: set.size });
        set.set(member, score);
      };
    default:
      return (set) => set.set(member, score);
  }
}

t.test(`images of sorted sets show one moment and go on (seed ${seed})`, async (t) => {
  exerciseForm(t, {
    form: sortedSetForm,
    random: new Prng(seed, 3),
    make: (random) => scattered([3, 120, 200, 1500][random.below(4)] as number),
    operation,
    describe,
    isEmpty: (set) => set.size === 0,
    images: 80,
  });
});
