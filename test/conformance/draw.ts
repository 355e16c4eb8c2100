import type { Prng } from '../../src/base/prng.ts';

export type Family =
  | 'string'
  | 'hash'
  | 'list'
  | 'set'
  | 'sorted-set'
  | 'lexicographic'
  | 'stream'
  | 'bitmap'
  | 'hyperloglog'
  | 'geo';

/** Names of keys begin with these. */
const LETTERS: Readonly<Record<Family, string>> = {
  string: 's',
  hash: 'h',
  list: 'l',
  set: 'e',
  'sorted-set': 'z',
  lexicographic: 'y',
  stream: 'x',
  bitmap: 'b',
  hyperloglog: 'p',
  geo: 'g',
};

/**
 * Left alone by commands of other families, which would take away what makes their replies certain:
 * that all scores are equal, that no two places are, that a HyperLogLog is a sound one.
 */
const APART: readonly string[] = ['lexicographic', 'geo', 'hyperloglog'];
const MIXED = Object.keys(LETTERS).filter((name) => !APART.includes(name)) as readonly Family[];
const SUFFIXES = ['1', '2', '{t}', '\xff\x00', '5', '6'] as const;

/** What the values of one sequence look like. */
interface Look {
  /** Keys of each family. */
  readonly keys: number;
  /** Different members there are. */
  readonly members: number;
  /** Elements that one command adds at most. */
  readonly bulk: number;
  /** How likely a member is longer than fits the small forms. */
  readonly long: number;
  /** Members that are integers; the others are text. */
  readonly integers: number;
}

const LOOKS: readonly Look[] = [
  { keys: 2, members: 6, bulk: 3, long: 0, integers: 0.3 },
  { keys: 3, members: 12, bulk: 4, long: 0.02, integers: 0.3 },
  { keys: 2, members: 20, bulk: 6, long: 0, integers: 1 },
  { keys: 1, members: 200, bulk: 25, long: 0, integers: 0.5 },
  { keys: 2, members: 900, bulk: 90, long: 0, integers: 1 },
  { keys: 2, members: 300, bulk: 40, long: 0.05, integers: 0.1 },
  { keys: 6, members: 8, bulk: 3, long: 0.01, integers: 0.2 },
];

const ODD_MEMBERS = ['', 'n\x00\xff', '-0', '01', '+1', ' 1', 'a b', '\r\n', 'A', 'aa'] as const;
const BOUNDARIES = [
  '9223372036854775807',
  '-9223372036854775808',
  '4294967296',
  '2147483647',
  '-2147483649',
  '9007199254740993',
] as const;
/** Replaces an argument to make it wrong. None is a time to live that ends soon. */
const ODD_WORDS = [
  '',
  'x',
  '-1',
  '0',
  '1.5',
  'nan',
  'inf',
  '(1',
  '-',
  '+',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '\xff\x00',
  '1 ',
  '0x10',
  '1e3',
] as const;
const SCORES = [
  '0',
  '-0',
  '1.5',
  '2.25',
  'inf',
  '-inf',
  '+inf',
  '1e3',
  '0.1',
  '3.0',
  '1e300',
] as const;

/** Draws the parts of commands by a seed, in the look of one sequence. */
export class Draw {
  readonly random: Prng;
  /** Only what two right servers do alike. */
  readonly comparable: boolean;
  readonly look: Look;
  #entries = 0;

  constructor(random: Prng, comparable: boolean) {
    this.random = random;
    this.comparable = comparable;
    this.look = this.pick(LOOKS);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)] as T;
  }

  chance(p: number): boolean {
    return this.random.chance(p);
  }

  below(bound: number): number {
    return this.random.below(bound);
  }

  /** `words` with probability `p`, else nothing. */
  maybe(p: number, ...words: readonly string[]): readonly string[] {
    return this.chance(p) ? words : [];
  }

  /** Some of the options, in any order. */
  some(p: number, ...options: readonly (readonly string[])[]): string[] {
    const chosen = options.filter(() => this.chance(p));
    for (let i = chosen.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const moved = chosen[i] as readonly string[];
      chosen[i] = chosen[j] as readonly string[];
      chosen[j] = moved;
    }
    return chosen.flat();
  }

  /** What `make` makes, once to `most` times. */
  several(most: number, make: () => string | readonly string[]): string[] {
    const words: string[] = [];
    for (let i = this.below(most); i >= 0; i--) {
      const made = make();
      if (typeof made === 'string') words.push(made);
      else words.push(...made);
    }
    return words;
  }

  /** A key, most likely one that holds the type of the family. */
  key(family: Family): string {
    const of = APART.includes(family) || this.chance(0.93) ? family : this.pick(MIXED);
    return LETTERS[of] + SUFFIXES[this.below(this.look.keys)];
  }

  anyKey(): string {
    return this.key(this.pick(MIXED));
  }

  /** One to four keys of the family. */
  keys(family: Family): string[] {
    return this.several(4, () => this.key(family));
  }

  /** Keys with their number before them, which is seldom wrong. */
  counted(family: Family): string[] {
    const keys = this.keys(family);
    if (!this.chance(0.05)) return [String(keys.length), ...keys];
    return [this.pick(['0', '-1', 'x', '1', '2', '9223372036854775807']), ...keys];
  }

  /** A member of a collection, a field, an element. */
  member(): string {
    if (this.chance(this.look.long)) return 'long'.repeat(17 + this.below(3)) + this.below(4);
    if (this.chance(0.01) && this.look.integers < 1) return this.pick(ODD_MEMBERS);
    const i = this.below(this.look.members);
    return i < this.look.members * this.look.integers ? String(i - 3) : `m${i}`;
  }

  members(): string[] {
    return this.several(this.look.bulk, () => this.member());
  }

  /** The value of a field or a string. */
  value(): string {
    switch (this.below(12)) {
      case 0:
        return this.pick(ODD_MEMBERS);
      case 1:
        return 'v'.repeat(this.below(70));
      case 2:
        return this.pick(BOUNDARIES);
      case 3:
        return (this.random.float() * 1000).toFixed(this.below(6));
      case 4:
        return this.pick(['nan', '0x10', '1e3', '1e400', '-1.5e-3', '5.0', '.5', 'inf']);
      case 5:
        return this.chance(this.look.long) ? 'value'.repeat(30) : 'v';
      default:
        return String(this.below(40) - 20);
    }
  }

  /** An integer near zero; seldom a boundary, or none. */
  integer(): string {
    if (this.chance(0.03)) return this.pick(BOUNDARIES);
    if (this.chance(0.02)) return this.pick(ODD_WORDS);
    return String(this.below(60) - 25);
  }

  /** A position in a collection, from its beginning or its end. */
  index(): string {
    if (this.chance(0.03)) return this.pick(BOUNDARIES);
    if (this.chance(0.02)) return this.pick(ODD_WORDS);
    const span = this.chance(0.5) ? 6 : this.look.members;
    return String(this.below(2 * span + 1) - span);
  }

  /** How many are wanted. */
  count(): string {
    if (this.chance(0.03)) return this.pick(ODD_WORDS);
    return String(this.chance(0.8) ? 1 + this.below(5) : this.below(this.look.members + 5));
  }

  score(): string {
    const score = this.#anyScore();
    return score === '-0' && this.growsLarge ? '0' : score;
  }

  /**
   * Whether sorted sets become large. A -0 in them stays or not by the order of what was done, so
   * there is none.
   */
  get growsLarge(): boolean {
    return this.look.long > 0 || this.look.members > 100;
  }

  #anyScore(): string {
    if (this.chance(0.15)) return this.pick(SCORES);
    if (this.chance(0.01)) return this.pick(ODD_WORDS);
    if (this.chance(0.1)) return (this.random.float() * 20 - 10).toFixed(this.below(17));
    return String(this.below(this.chance(0.5) ? 5 : this.look.members) - 2);
  }

  /** A number that stays or grows by one from call to call. */
  nextEntry(): string {
    if (this.chance(0.7)) this.#entries++;
    return String(this.#entries);
  }

  /** One of the numbers that {@link nextEntry} has given, or nearly. */
  entry(): string {
    return String(this.below(this.#entries + 2));
  }

  odd(): string {
    return this.pick(ODD_WORDS);
  }

  /** A time to live, or a deadline, that is far away, or over with probability `over`. */
  expiry(unit: 'EX' | 'PX' | 'EXAT' | 'PXAT', over = 0.1): string {
    if (this.chance(0.05)) {
      return this.pick(['0', '-1', 'x', '9223372036854775807', '9223372036854770000', '']);
    }
    const far = 1_000_000 + this.below(1000) * 1000;
    switch (unit) {
      case 'EX':
        return String(far);
      case 'PX':
        return String(far * 1000);
      case 'EXAT':
        return String(this.chance(over) ? 1000 : 4_000_000_000 + this.below(1000));
      case 'PXAT':
        return String(this.chance(over) ? 1000 : 4_000_000_000_000 + this.below(1000));
    }
  }

  /** An option with a time to live, seldom without its value. */
  ttl(over: number): string[] {
    const unit = this.pick(['EX', 'PX', 'EXAT', 'PXAT'] as const);
    return this.chance(0.03) ? [unit] : [unit, this.expiry(unit, over)];
  }
}
