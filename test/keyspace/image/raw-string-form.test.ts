import { createHash } from 'node:crypto';
import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import { rawStringForm } from '../../../src/keyspace/image/raw-string-form.ts';
import { RawString } from '../../../src/keyspace/raw-string.ts';
import { exerciseForm, type Operation } from './part-exercise.ts';
import { ImageHarness, imageHash } from './part-harness.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const RANGE = 65536;

function rawOf(length: number, byte = 7): RawString {
  return RawString.ofBytes(Buffer.alloc(length, byte));
}

function describe(value: RawString): unknown {
  const digest = createHash('md5').update(value.view()).digest('hex');
  return [value.length, digest, value.encoding()];
}

function saved(value: RawString): ImageHarness<RawString> {
  const harness = new ImageHarness(rawStringForm);
  harness.put(0, value);
  harness.save();
  return harness;
}

function millis(work: () => void): number {
  const before = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - before) / 1e6;
}

t.test('strings of every length come back as they were', async (t) => {
  for (const [length, ranges] of [
    [1, 0],
    [2000, 0],
    [8192, 0],
    [8193, 1],
    [RANGE, 1],
    [RANGE + 1, 2],
    [3 * RANGE, 3],
  ] as const) {
    const value = rawOf(length);
    value.setByte(length - 1, 200);
    const harness = saved(value);
    const loaded = harness.loadOne();
    t.same(describe(loaded), describe(value));
    t.equal(harness.records, 1 + ranges, `${length}`);
    for (const each of [value, loaded]) {
      each.append('xyz');
      each.write(length + 10, Buffer.from('bytes'));
      each.setByte(0, 1);
    }
    t.same(describe(loaded), describe(value));
  }
});

t.test('an edit writes the ranges that it changes', async (t) => {
  const harness = saved(rawOf(10 * RANGE));
  const edits: [string, (value: RawString) => void, number][] = [
    ['one byte', (value) => value.setByte(5 * RANGE, 1), 1],
    ['across a border', (value) => value.write(2 * RANGE - 1, 'ab'), 2],
    ['at a border', (value) => value.append('tail'), 1],
    ['at the end', (value) => value.append('tail'), 1],
    ['behind a gap', (value) => value.setByte(13 * RANGE + 1, 1), 4],
    ['a shared one', (value) => void value.share(), 0],
    ['of a shared one', (value) => value.setByte(3, 1), 1],
    ['nothing', (value) => value.append(''), 1],
  ];
  for (const [name, edit, ranges] of edits) {
    const value = harness.get(0);
    if (value !== undefined) edit(value);
    harness.save();
    t.equal(harness.records, 1 + ranges, name);
    t.same(describe(harness.loadOne()), describe(harness.peek(0)));
  }
});

t.test('a string that gets shorter loses ranges', async (t) => {
  const harness = saved(rawOf(3 * RANGE));
  harness.get(0)?.replace(Buffer.alloc(RANGE + 5, 9), RANGE + 5);
  harness.save();
  t.equal(harness.records, 3);
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
  harness.get(0)?.replace(Buffer.from('short'), 5);
  harness.save();
  t.equal(harness.records, 2);
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('bytes that an image still needs are not used for something else', async (t) => {
  const harness = saved(rawOf(10));
  const value = rawOf(2 * RANGE);
  harness.put(0, value);
  const whole = describe(value);
  harness.begin();
  harness.step(1);
  harness.put(0, undefined);
  t.equal(value.recycle(2 * RANGE), undefined);
  harness.commit();
  t.same(describe(harness.loadOne()), whole);
  t.equal(value.recycle(2 * RANGE)?.length, 2 * RANGE);
});

t.test('neither an image of a 100 MB string nor an edit meanwhile copies it', async (t) => {
  const harness = saved(rawOf(10));
  const value = rawOf(100_000_000);
  harness.put(0, value);
  const first = millis(() => {
    harness.begin();
    harness.step(1);
  });
  t.ok(first < 20, `the first image begins within ${first} ms`);
  harness.commit();
  harness.get(0)?.setByte(1, 1);
  const spent = millis(() => {
    harness.begin();
    harness.get(0)?.setByte(50_000_000, 1);
    harness.get(0)?.setByte(99_999_999, 1);
  });
  t.ok(spent < 20, `the second one begins and goes on within ${spent} ms`);
  harness.commit();
  t.equal(harness.records, 2);
});

t.test('what was never written is refused', async (t) => {
  const context = { changes: new Changes(), hash: imageHash };
  const load = (length: number) => {
    const into = new ByteWriter();
    into.varint(length);
    return rawStringForm.load(1, new ByteReader(Buffer.from(into.view())), context);
  };
  t.throws(() => load(2 ** 40), Malformed);
  t.throws(() => load(10).finish(), Malformed);
  t.throws(() => load(2 * RANGE).part(1, new ByteReader(Buffer.alloc(RANGE))), Malformed);
  t.throws(() => load(10).part(0, new ByteReader(Buffer.alloc(9))), Malformed);
  t.throws(() => load(10).part(0, new ByteReader(Buffer.alloc(11))), Malformed);
  t.notOk(load(10).part(1, new ByteReader(Buffer.alloc(9))));
});

function operation(random: Prng, { length }: RawString): Operation<RawString> {
  const at = random.below(length + (random.chance(0.1) ? RANGE : 1));
  const text = 'edited '.repeat(random.below(300));
  const byte = random.below(256);
  switch (random.below(8)) {
    case 0:
      return (value) => value.append(text);
    case 1:
      return (value) => value.write(at, Buffer.from(text));
    case 2:
      return (value) => value.write(at, text);
    case 3:
      return (value) => void value.share();
    case 4:
      if (random.chance(0.7)) return (value) => void value.slice(0, Math.min(2000, value.length));
      return (value) => value.replace(Buffer.alloc(at + 1, byte), at + 1);
    default:
      return (value) => value.setByte(at, byte);
  }
}

t.test(`images of strings that change meanwhile (SEED=${seed})`, async (t) => {
  exerciseForm(t, {
    form: rawStringForm,
    random: new Prng(seed, 0),
    make: (random) => rawOf(1 + random.below(random.chance(0.3) ? 3000 : 4 * RANGE)),
    operation,
    describe,
    isEmpty: (value) => value.length === 0,
    images: 60,
  });
});
