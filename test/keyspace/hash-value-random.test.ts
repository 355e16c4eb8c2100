import t, { type Test } from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { HashValue } from '../../src/keyspace/hash-value.ts';
import { hasher } from './hash-stores.ts';
import { digest, entries, LONG, numbered, rebuilt, stored } from './hash-tools.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

interface Entry {
  readonly value: string;
  deadline: number | undefined;
}

/** A hash beside a map that does the same, in which what is due stays until it is deleted. */
class Pair {
  hash = new HashValue(hasher);
  readonly model = new Map<string, Entry>();
  clock = 0;
  readonly #t: Test;

  constructor(t: Test) {
    this.#t = t;
  }

  live(field: string): Entry | undefined {
    const entry = this.model.get(field);
    return entry?.deadline !== undefined && entry.deadline <= this.clock ? undefined : entry;
  }

  write(action: number, field: string, value: string): void {
    const { hash, model } = this;
    const there = this.live(field);
    if (action <= 1) {
      this.#t.equal(hash.set(field, value), there === undefined);
      model.set(field, { value, deadline: undefined });
    } else if (action === 2) {
      this.#t.equal(hash.update(field, value), there === undefined);
      model.set(field, { value, deadline: there?.deadline });
    } else {
      this.#t.equal(hash.delete(field), there !== undefined);
      if (there !== undefined) model.delete(field);
    }
  }

  expire(action: number, field: string, random: Prng): void {
    const { hash, model } = this;
    const there = this.live(field);
    if (action === 5) {
      const deadline = this.clock + 1 + random.below(50);
      this.#t.equal(hash.setDeadline(field, deadline), there !== undefined);
      if (there !== undefined) there.deadline = deadline;
    } else if (action === 6) {
      this.#t.equal(hash.persist(field), there?.deadline !== undefined);
      if (there !== undefined) there.deadline = undefined;
    } else if (action === 7) {
      this.clock += random.below(10);
      hash.asOf = this.clock;
    } else {
      const due = [...model.values()].filter(({ deadline = Infinity }) => deadline <= this.clock);
      const limit = 1 + random.below(4);
      this.#t.equal(hash.expire(this.clock, limit), Math.min(limit, due.length));
      const left = new Set(stored(hash).map(([name]) => name));
      for (const name of [...model.keys()]) if (!left.has(name)) model.delete(name);
    }
  }

  /** Compares all there is, with a hash made anew as well; returns that. */
  compare(): HashValue {
    const { hash, model } = this;
    const wanted = [...model].filter(([name]) => this.live(name) !== undefined);
    this.#t.equal(hash.size, wanted.length);
    this.#t.equal(hash.fields, model.size);
    this.#t.same(
      entries(hash).sort(),
      wanted.map(([name, entry]) => [name, entry.value, entry.deadline]).sort(),
    );
    const again = rebuilt(hash);
    this.#t.same(stored(again), stored(hash));
    this.#t.equal(again.encoding(), hash.encoding());
    this.#t.equal(digest(again), digest(hash));
    this.#t.equal(again.memory(0), hash.memory(0));
    return again;
  }
}

t.test(`a hash behaves as a map in order, and so does one made anew (seed ${seed})`, async (t) => {
  for (let round = 0; round < 12; round++) {
    const random = new Prng(seed, round);
    const universe = [10, 60, 100, 180][round % 4] as number;
    const longs = round % 3 === 0 ? 0.1 : 0;
    const pair = new Pair(t);
    for (let step = 0; step < 1500; step++) {
      const field = `field:${random.below(universe)}`;
      const value = random.chance(longs) ? LONG : `value ${random.below(1000)}`;
      const action = random.below(round % 2 === 0 ? 9 : 5);
      if (action < 5) pair.write(action, field, value);
      else pair.expire(action, field, random);
      if (step % 100 !== 0) continue;
      const again = pair.compare();
      if (random.chance(0.5)) pair.hash = again;
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
