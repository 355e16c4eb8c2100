/**
 * Keys that somebody waits for, and which of them have changed. Most of the time nobody waits, and
 * then it costs one comparison per change.
 */
export class Interests {
  /** How many wait for a key, by database and key. */
  readonly #waiting: Map<string, number> = new Map();
  /** In the order of their first change since they were taken. */
  readonly #changed: Set<string> = new Set();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(name: string): void {
    this.#waiting.set(name, (this.#waiting.get(name) ?? 0) + 1);
  }

  remove(name: string): void {
    const left = (this.#waiting.get(name) ?? 1) - 1;
    if (left > 0) this.#waiting.set(name, left);
    else this.#waiting.delete(name);
  }

  /** A key with elements was made or changed, or a key was deleted. */
  note(db: number, key: string): void {
    const name = interestName(db, key);
    if (this.#waiting.has(name)) this.#changed.add(name);
  }

  /**
   * Anything in the database may have changed. Its keys are taken in the order of their names: that of
   * their coming is another one on a node whose waiters come from an image.
   */
  noteDatabase(db: number): void {
    const prefix = interestName(db, '');
    const names = [...this.#waiting.keys()].filter((name) => name.startsWith(prefix));
    for (const name of names.sort()) this.#changed.add(name);
  }

  /** The keys that have changed since the last time, in the order of their first change. */
  take(): readonly string[] {
    if (this.#changed.size === 0) return NONE;
    const names = [...this.#changed];
    this.#changed.clear();
    return names;
  }
}

const NONE: readonly string[] = [];

/** Database and key as one string. */
export function interestName(db: number, key: string): string {
  return `${db}:${key}`;
}
