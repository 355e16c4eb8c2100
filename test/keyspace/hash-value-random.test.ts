import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { HashValue } from '../../src/keyspace/hash-value.ts';
import { hasher } from './hash-stores.ts';
import { digest, entries, LONG, numbered, rebuilt, stored } from './hash-tools.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

t.test(`a hash behaves as a map in order, and so does one made anew (seed ${seed})`, async (t) => {
  for (let round = 0; round < 12; round++) {
    const random = new Prng(seed, round);
    const universe = [10, 60, 100, 180][round % 4] as number;
    const longs = round % 3 === 0 ? 0.1 : 0;
    const expires = round % 2 === 0;
    let hash = new HashValue(hasher);
    const model = new Map<string, { value: string; deadline: number | undefined }>();
    let clock = 0;
    const live = (field: string) => {
      const entry = model.get(field);
      return entry?.deadline !== undefined && entry.deadline <= clock ? undefined : entry;
    };
    for (let step = 0; step < 1500; step++) {
      const field = `field:${random.below(universe)}`;
      const value = random.chance(longs) ? LONG : `value ${random.below(1000)}`;
      switch (random.below(expires ? 9 : 5)) {
        case 0:
        case 1:
          t.equal(hash.set(field, value), live(field) === undefined);
          model.set(field, { value, deadline: undefined });
          break;
        case 2: {
          const deadline = live(field)?.deadline;
          t.equal(hash.update(field, value), live(field) === undefined);
          model.set(field, { value, deadline });
          break;
        }
        case 3:
        case 4: {
          const there = live(field) !== undefined;
          t.equal(hash.delete(field), there);
          if (there) model.delete(field);
          break;
        }
        case 5: {
          const deadline = clock + 1 + random.below(50);
          const entry = live(field);
          t.equal(hash.setDeadline(field, deadline), entry !== undefined);
          if (entry !== undefined) entry.deadline = deadline;
          break;
        }
        case 6: {
          const entry = live(field);
          t.equal(hash.persist(field), entry?.deadline !== undefined);
          if (entry !== undefined) entry.deadline = undefined;
          break;
        }
        case 7:
          clock += random.below(10);
          hash.asOf = clock;
          break;
        default: {
          const due = [...model].filter(([, entry]) => (entry.deadline ?? Infinity) <= clock);
          const limit = 1 + random.below(4);
          t.equal(hash.expire(clock, limit), Math.min(limit, due.length));
          const left = new Set(stored(hash).map(([name]) => name));
          for (const name of [...model.keys()]) if (!left.has(name)) model.delete(name);
        }
      }
      if (step % 100 === 0) {
        const wanted = [...model].filter(([name]) => live(name) !== undefined);
        t.equal(hash.size, wanted.length);
        t.equal(hash.fields, model.size);
        t.same(
          entries(hash).sort(),
          wanted.map(([name, entry]) => [name, entry.value, entry.deadline]).sort(),
        );
        const again = rebuilt(hash);
        t.same(stored(again), stored(hash));
        t.equal(again.encoding(), hash.encoding());
        t.equal(digest(again), digest(hash));
        t.equal(again.memory(0), hash.memory(0));
        if (random.chance(0.5)) hash = again;
      }
    }
  }
});

t.test('a hash made anew goes on in the same order', async (t) => {
  const random = new Prng(seed, 99);
  for (const [count, value] of [
    [30, 'v'],
    [30, LONG],
    [300, 'v'],
  ] as const) {
    const hash = numbered(count, value);
    for (let i = 0; i < count; i += 3) hash.setDeadline(`f${i}`, 10 + random.below(5));
    for (let i = 1; i < count; i += 2) hash.delete(`f${i}`);
    hash.asOf = 11;
    const again = rebuilt(hash);
    for (let step = 0; step < 100; step++) {
      const field = `f${random.below(count)}`;
      const action = random.below(3);
      for (const each of [hash, again]) {
        if (action === 0) each.delete(field);
        else if (action === 1) each.set(field, 'x');
        else each.expire(14, 1);
      }
      t.same(stored(again), stored(hash));
    }
  }
});
