import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { HashValue } from '../../../src/keyspace/hash-value.ts';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import { hashForm } from '../../../src/keyspace/image/hash-form.ts';
import { digest, LONG, stored } from '../hash-tools.ts';
import { exerciseForm, type Operation } from './part-exercise.ts';
import { ImageHarness, imageHash } from './part-harness.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** `count` fields f0, f1, … */
function numbered(count: number, value = 'v'): HashValue {
  const hash = new HashValue(imageHash);
  for (let i = 0; i < count; i++) hash.set(`f${i}`, value + i);
  return hash;
}

function withDeadlines(hash: HashValue, every: number): HashValue {
  for (let i = 0; i < hash.fields; i += every) hash.setDeadline(`f${i}`, 100 + (i % 7));
  return hash;
}

function raised(hash: HashValue): HashValue {
  hash.raiseTo('hashtable');
  return hash;
}

function describe(hash: HashValue): unknown {
  hash.asOf = 103;
  return [hash.encoding(), hash.size, hash.nextDeadline(), stored(hash), digest(hash)];
}

function saved(hash: HashValue): ImageHarness<HashValue> {
  const harness = new ImageHarness(hashForm);
  harness.put(0, hash);
  harness.save();
  return harness;
}

t.test('a hash of each form comes back as it was', async (t) => {
  for (const [hash, records] of [
    [numbered(0), 1],
    [numbered(3), 1],
    [numbered(400), 1],
    [numbered(3, LONG), 1],
    [withDeadlines(numbered(50), 3), 1],
    [withDeadlines(numbered(3, LONG), 2), 1],
    // One page would do.
    [raised(numbered(70)), 1],
    [raised(withDeadlines(numbered(100), 3)), 1],
    // Pages of 128 and of 16.
    [withDeadlines(numbered(1000), 3), 1 + 8],
    [numbered(1000, LONG), 1 + 63],
  ] as const) {
    const harness = saved(hash);
    const loaded = harness.loadOne();
    t.same(describe(loaded), describe(hash));
    t.equal(harness.records, records);
    for (const each of [hash, loaded]) {
      each.set('another', 'x');
      each.delete('f1');
      each.setDeadline('f2', 101);
      each.expire(102, 5);
    }
    t.same(describe(loaded), describe(hash));
    t.equal(loaded.memory(0), hash.memory(0));
  }
});

t.test('fields that are gone and not deleted are kept', async (t) => {
  for (const count of [20, 1000]) {
    const hash = withDeadlines(numbered(count), 2);
    hash.asOf = 200;
    const loaded = saved(hash).loadOne();
    t.equal(loaded.fields, count);
    t.equal(loaded.size, count, 'until it is said what time it is');
    loaded.asOf = 200;
    t.equal(loaded.size, count / 2);
    t.equal(loaded.expire(200, 7), 7);
    hash.expire(200, 7);
    t.same(stored(loaded), stored(hash), 'they go in the same order');
  }
});

t.test('a changed field of a large hash costs a page, a removed one two', async (t) => {
  const harness = saved(numbered(100_000, 'some value '));
  const written = (change: (hash: HashValue) => void): number => {
    change(harness.get(0) as HashValue);
    harness.save();
    t.ok(harness.bytes < 6 * 1024);
    return harness.records - 1;
  };
  t.equal(
    written((hash) => hash.set('f500', 'x')),
    1,
  );
  t.equal(
    written((hash) => hash.setDeadline('f9000', 5)),
    1,
  );
  t.equal(
    written((hash) => hash.expire(5, 1)),
    2,
  );
  t.equal(
    written((hash) => hash.get('f3')),
    0,
  );
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('fields with large values have smaller pages', async (t) => {
  const harness = saved(numbered(500, 'x'.repeat(5000)));
  harness.get(0)?.set('f100', 'small');
  harness.save();
  t.ok(harness.bytes < 16 * 1024);
});

t.test('a copy of a large hash is in images on its own', async (t) => {
  const harness = saved(withDeadlines(numbered(1000), 5));
  harness.put(1, harness.peek(0).copy());
  harness.get(0)?.delete('f1');
  harness.save();
  const loaded = harness.load();
  t.same(describe(loaded.get(0) as HashValue), describe(harness.peek(0)));
  t.same(describe(loaded.get(1) as HashValue), describe(withDeadlines(numbered(1000), 5)));
});

t.test('what was never written so is malformed', async (t) => {
  const context = { changes: new Changes(), hash: imageHash };
  const decode = (...bytes: number[]): unknown =>
    hashForm.decode(new ByteReader(Buffer.from(bytes)), context);
  t.throws(() => decode(9, 0, 0), Malformed, 'encoding');
  t.throws(() => decode(0, 1), Malformed, 'end');
  t.throws(() => decode(0, 2, 1, 97, 0, 1, 97, 0, 0), Malformed, 'a field twice');
  const into = new ByteWriter();
  into.varint(1);
  into.varint(0);
  into.double(Number.NaN);
  t.throws(() => decode(1, 1, 1, 97, 0, ...into.view()), Malformed, 'a deadline');
});

/** Changes at a time that goes on. */
class Clock {
  now = 0;

  operation(random: Prng, { fields }: HashValue): Operation<HashValue> {
    this.now += random.below(3);
    const { now } = this;
    const change = this.#change(random, fields);
    return (hash) => {
      hash.asOf = now;
      change(hash);
    };
  }

  #change(random: Prng, fields: number): Operation<HashValue> {
    const field = `f${random.below(1200)}`;
    const value = random.chance(0.002) ? LONG : `value ${random.below(100)}`;
    const { now } = this;
    const deadline = now + 1 + random.below(500);
    const many = random.below(30);
    switch (random.below(10)) {
      case 0:
        return (hash) => void hash.delete(field);
      case 1:
        return (hash) => void hash.update(field, value);
      case 2:
      case 3:
        return (hash) => void hash.setDeadline(field, deadline);
      case 4:
        return (hash) => void hash.persist(field);
      case 5:
        return (hash) => void hash.expire(now, many);
      case 6:
        return (hash) => {
          hash.setAll(Array.from({ length: 2 * many }, (_, i) => `${field}.${i >> 1}`));
        };
      case 7:
        if (fields < 300) return (hash) => void hash.set(field, value);
        return (hash) => {
          for (const [name] of stored(hash).slice(-3 * many)) hash.delete(name);
        };
      default:
        return (hash) => void hash.set(field, value);
    }
  }
}

t.test(`images of hashes show one moment and go on (seed ${seed})`, async (t) => {
  const clock = new Clock();
  exerciseForm(t, {
    form: hashForm,
    random: new Prng(seed, 2),
    make: (random) => {
      const size = [0, 30, 100, 1000][random.below(4)] as number;
      const hash = numbered(1 + size + random.below(30), random.chance(0.2) ? LONG : 'v');
      if (random.chance(0.5)) hash.raiseTo('hashtable');
      return hash;
    },
    operation: (random, hash) => clock.operation(random, hash),
    describe,
    isEmpty: (hash) => hash.fields === 0,
    images: 80,
  });
});
