import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { setForm } from '../../../src/keyspace/image/set-form.ts';
import { type SetEncoding, SetValue } from '../../../src/keyspace/set-value.ts';
import { exerciseForm, type Operation } from './part-exercise.ts';
import { ImageHarness, imageHash } from './part-harness.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

function setOf(members: readonly string[], encoding?: SetEncoding): SetValue {
  const set = new SetValue(imageHash, encoding);
  for (const member of members) set.add(member);
  return set;
}

function words(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `word-${i}`);
}

function describe(set: SetValue): unknown {
  const fed: unknown[] = [];
  const note = (item: unknown): void => void fed.push(item);
  set.feed({ text: note, bytes: note, number: note });
  return [set.encoding(), set.members(), set.memory(0), fed];
}

/** What the image has of one set. */
function saved(set: SetValue): {
  readonly harness: ImageHarness<SetValue>;
  readonly set: SetValue;
} {
  const harness = new ImageHarness(setForm);
  harness.put(0, set);
  harness.save();
  return { harness, set: harness.loadOne() };
}

t.test('a set of each encoding comes back as it was', async (t) => {
  const integers = ['-9223372036854775808', '-5', '2', '70000', '9223372036854775807'];
  for (const [set, records] of [
    [setOf(integers), 1],
    [setOf(['b', 'a', '', '\xff\x00', '1']), 1],
    [setOf(['a', 'x'.repeat(65)]), 1],
    [setOf(['3', '2'], 'hashtable'), 1],
    // Pages of 128.
    [setOf(words(1000)), 1 + 8],
    [setOf([]), 1],
  ] as const) {
    const { harness, set: loaded } = saved(set);
    t.same(describe(loaded), describe(set));
    t.equal(harness.records, records);
    for (const each of [set, loaded]) {
      each.add('word');
      each.add('10');
      if (each.size > 3) each.take(1);
    }
    t.same(describe(loaded), describe(set));
  }
});

t.test('a changed member of a large set costs a page, a removed one two', async (t) => {
  const { harness } = saved(setOf(words(100_000)));
  harness.get(0)?.add('another');
  harness.save();
  t.equal(harness.records, 2, 'that of the key, and a page');
  t.ok(harness.bytes < 4096);
  harness.get(0)?.remove('word-500');
  harness.save();
  t.equal(harness.records, 3, 'and one where the last member went');
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('a large set that loses most members loses pages', async (t) => {
  const { harness } = saved(setOf(words(1000)));
  const set = harness.get(0) as SetValue;
  while (set.size > 3) set.take(0);
  harness.save();
  t.equal(harness.records, 2);
  t.same(describe(harness.loadOne()), describe(set));
});

t.test('a set that keeps some members only takes another table', async (t) => {
  const { harness } = saved(setOf(words(2000)));
  harness.get(0)?.add('another');
  harness.begin();
  const frozen = describe(harness.peek(0));
  harness.get(0)?.retain(Array.from({ length: 500 }, (_, i) => 3 * i));
  harness.commit();
  t.same(describe(harness.loadOne()), frozen, 'the image being written has the old one');
  harness.save();
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('a copy of a large set is in images on its own', async (t) => {
  const { harness } = saved(setOf(words(1000)));
  harness.put(1, harness.peek(0).copy());
  harness.get(0)?.remove('word-1');
  harness.save();
  const loaded = harness.load();
  t.same(describe(loaded.get(0) as SetValue), describe(harness.peek(0)));
  t.same(describe(loaded.get(1) as SetValue), describe(setOf(words(1000))));
});

function operation(random: Prng, { size }: SetValue): Operation<SetValue> {
  const member = `m${random.below(1500)}`;
  const index = random.below(size);
  const many = random.below(40);
  switch (random.below(12)) {
    case 0:
    case 1:
      return (set) => void set.remove(member);
    case 2:
      return (set) => void set.take(index);
    case 3:
      return (set) => {
        for (let i = 0; i < many; i++) set.add(`${member}.${i}`);
      };
    case 4:
      return (set) => {
        for (let i = 0; i < 4 * many && set.size > 0; i++) set.take(set.size - 1);
      };
    case 5:
      if (random.chance(0.7)) return (set) => void set.add(String(index));
      return (set) => set.retain([...Array(size).keys()].filter((at) => at % 3 !== index % 3));
    default:
      return (set) => void set.add(member);
  }
}

t.test(`images of sets show one moment and go on (seed ${seed})`, async (t) => {
  exerciseForm(t, {
    form: setForm,
    random: new Prng(seed, 1),
    make: (random) => {
      const count = random.below(4) === 0 ? 1 + random.below(100) : 200 + random.below(1500);
      const prefix = random.chance(0.3) ? '' : 'm';
      return setOf(Array.from({ length: count }, () => prefix + random.below(1500)));
    },
    operation,
    describe,
    isEmpty: (set) => set.size === 0,
    images: 80,
  });
});
