import type { Test } from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import type { ValueForm } from '../../../src/keyspace/image/value-form.ts';
import { copyOf, type Value } from '../../../src/keyspace/value.ts';
import { type Dataset, ImageHarness } from './part-harness.ts';

/** What can be done alike to a value and to others that are equal to it. */
export type Operation<V> = (value: V) => void;

export interface Exercise<V extends Value> {
  readonly form: ValueForm<V>;
  readonly random: Prng;
  /** A new value for a key: some should be large enough for parts. */
  readonly make: (random: Prng) => V;
  /** Decides on a change of `value`; what chance decides must be decided here. */
  readonly operation: (random: Prng, value: V) => Operation<V>;
  /** All that must be equal in a value and in what is loaded of it. */
  readonly describe: (value: V) => unknown;
  /** Whether a value is to be deleted. */
  readonly isEmpty: (value: V) => boolean;
  /** Images written. */
  readonly images: number;
}

const KEYS = 4;

type Change<V> = (dataset: Dataset<V>) => void;

/** A dataset with images of it that are written while it changes, and are loaded and compared. */
class Run<V extends Value> {
  readonly #t: Test;
  readonly #exercise: Exercise<V>;
  readonly #harness: ImageHarness<V>;
  /** What was done since the last freeze. */
  #log: Change<V>[] = [];

  constructor(t: Test, exercise: Exercise<V>) {
    this.#t = t;
    this.#exercise = exercise;
    this.#harness = new ImageHarness(exercise.form);
  }

  /** Some changes, an image of that, written with more changes in between. */
  round(): void {
    const { random } = this.#exercise;
    const harness = this.#harness;
    this.#change(random.below(60));
    const frozen = this.#describe();
    harness.begin();
    this.#log = [];
    const aborted = random.chance(0.25) ? random.below(20) : Number.POSITIVE_INFINITY;
    for (let steps = 0; !harness.step(random.below(6)); steps++) {
      this.#change(random.below(12));
      if (steps < aborted) continue;
      harness.abort();
      return;
    }
    this.#change(random.below(4));
    harness.commit();
    this.#compare(frozen);
    if (random.chance(0.3)) this.#restart();
  }

  #describe(values: (key: number) => V = (key) => this.#harness.peek(key)): unknown {
    return this.#harness.keys().map((key) => [key, this.#exercise.describe(values(key))]);
  }

  /** Loads the image, and does to what is loaded what was done since to the dataset. */
  #compare(frozen: unknown): void {
    const { describe } = this.#exercise;
    const loaded = this.#harness.load();
    const keys = [...loaded.keys()].sort((a, b) => a - b);
    this.#t.same(
      keys.map((key) => [key, describe(loaded.get(key) as V)]),
      frozen,
      'an image is of one moment',
    );
    const dataset: Dataset<V> = {
      get: (key) => loaded.get(key),
      put: (key, value) => {
        if (value === undefined) loaded.delete(key);
        else loaded.set(key, value);
      },
      clear: () => loaded.clear(),
    };
    for (const change of this.#log) change(dataset);
    this.#t.same([...loaded.keys()].sort(), this.#harness.keys());
    this.#t.same(
      this.#describe((key) => loaded.get(key) as V),
      this.#describe(),
      'what is loaded goes on as what was saved',
    );
  }

  #restart(): void {
    const now = this.#describe();
    this.#harness.restart();
    for (const change of this.#log) change(this.#harness);
    this.#t.same(this.#describe(), now, 'a node that starts again catches up');
  }

  #change(count: number): void {
    for (let i = 0; i < count; i++) {
      const change = this.#decide();
      change(this.#harness);
      this.#log.push(change);
    }
  }

  #decide(): Change<V> {
    const { random, make, operation, isEmpty } = this.#exercise;
    const key = random.below(KEYS);
    if (!this.#harness.keys().includes(key) || random.chance(0.005)) {
      const seed = random.uint32();
      return (dataset) => dataset.put(key, make(new Prng(seed, 1)));
    }
    if (random.chance(0.03)) return moved(key, random);
    if (random.chance(0.003)) return (dataset) => dataset.clear();
    const apply = operation(random, this.#harness.peek(key));
    return (dataset) => {
      const value = dataset.get(key);
      if (value === undefined) return;
      apply(value);
      if (isEmpty(value)) dataset.put(key, undefined);
    };
  }
}

/** The value of `key` is deleted, gets another key, or is copied to another key. */
function moved<V extends Value>(key: number, random: Prng): Change<V> {
  const to = random.below(KEYS);
  const what = random.below(3);
  return (dataset) => {
    const value = dataset.get(key);
    if (what < 2) dataset.put(key, undefined);
    if (what === 1) dataset.put(to, value);
    if (what === 2 && value !== undefined) dataset.put(to, copyOf(value) as V);
  };
}

/**
 * Writes images of a few values while these change, with some images given up, and looks whether each
 * one shows one moment and whether what is loaded goes on as what was saved.
 */
export function exerciseForm<V extends Value>(t: Test, exercise: Exercise<V>): void {
  const run = new Run(t, exercise);
  for (let i = 0; i < exercise.images; i++) run.round();
}
