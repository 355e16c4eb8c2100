import t from 'tap';
import { asLogIndex, asTerm } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { TermIndex, termInRuns } from '../../src/raft/term-index.ts';

/** The same thing as a plain array, to compare with. */
class Slow {
  terms: number[] = [];
  base: number;
  baseTerm: number;
  constructor(base: number, baseTerm: number) {
    this.base = base;
    this.baseTerm = baseTerm;
  }
  get last(): number {
    return this.base + this.terms.length;
  }
  term(index: number): number | undefined {
    if (index === this.base) return this.baseTerm;
    return this.terms[index - this.base - 1];
  }
  compact(base: number): void {
    this.baseTerm = this.term(base) ?? 0;
    this.terms.splice(0, base - this.base);
    this.base = base;
  }
  reset(base: number, term: number): void {
    this.terms = [];
    this.base = base;
    this.baseTerm = term;
  }
  agreement(index: number, term: number): number {
    let at = Math.min(index, this.last);
    while (at > this.base && (this.term(at) ?? 0) > term) at--;
    return at;
  }
}

/** What differs between the two, or null. */
function difference(fast: TermIndex, slow: Slow, random: Prng): string | null {
  if (fast.last !== slow.last) return 'last';
  if (fast.base !== slow.base || fast.first !== slow.base + 1) return 'base';
  if (fast.lastTerm !== slow.term(slow.last)) return 'lastTerm';
  for (let index = Math.max(0, slow.base - 2); index <= slow.last + 2; index++) {
    if (fast.term(asLogIndex(index)) !== slow.term(index)) return `term ${index}`;
    const asked = random.below(fast.lastTerm + 2);
    if (index < slow.base) continue;
    if (fast.agreement(asLogIndex(index), asTerm(asked)) !== slow.agreement(index, asked)) {
      return `agreement ${index} ${asked}`;
    }
  }
  return null;
}

/** Does one thing to both. */
function change(fast: TermIndex, slow: Slow, random: Prng): void {
  const kind = random.float();
  if (kind < 0.3 && slow.terms.length > 0) {
    const from = slow.base + 1 + random.below(slow.terms.length + 1);
    fast.truncate(asLogIndex(from));
    slow.terms.length = Math.min(slow.terms.length, from - slow.base - 1);
  } else if (kind < 0.45) {
    const base = slow.base + random.below(slow.terms.length + 1);
    fast.compact(asLogIndex(base));
    slow.compact(base);
  } else if (kind < 0.5) {
    // An image may end before this log does, and in an older term.
    const base = slow.base + random.below(slow.terms.length + 5);
    const term = random.below(fast.lastTerm + 2);
    fast.reset(asLogIndex(base), asTerm(term));
    slow.reset(base, term);
  } else {
    const term = fast.lastTerm + random.below(3);
    const count = 1 + random.below(4);
    for (let i = 0; i < count; i++) slow.terms.push(term);
    fast.append(asLogIndex(slow.last), asTerm(term));
  }
}

t.test('TermIndex agrees with a plain array of terms', (t) => {
  const random = new Prng(1, 1);
  for (let round = 0; round < 500; round++) {
    const base = random.below(3) * 5;
    const slow = new Slow(base, base === 0 ? 0 : 1);
    const fast = new TermIndex(asLogIndex(base), asTerm(slow.baseTerm));
    for (let step = 0; step < 30; step++) {
      change(fast, slow, random);
      const different = difference(fast, slow, random);
      if (different !== null) t.fail(`round ${round} step ${step}: ${different}`);
    }
  }
  t.pass('500 rounds');
  t.end();
});

t.test('a log that was cut knows the term before its first entry, and none before that', (t) => {
  const log = new TermIndex();
  log.append(asLogIndex(3), asTerm(1));
  log.append(asLogIndex(6), asTerm(2));
  log.compact(asLogIndex(4));
  const terms = [2, 3, 4, 5, 6, 7].map((index) => log.term(asLogIndex(index)));
  t.same(terms, [undefined, undefined, 2, 2, 2, undefined]);
  t.same([log.base, log.first, log.last], [4, 5, 6]);
  log.compact(asLogIndex(6));
  t.same([log.base, log.first, log.last, log.lastTerm], [6, 7, 6, 2]);
  t.throws(() => log.compact(asLogIndex(5)), 'what is gone does not come back');
  t.throws(() => log.compact(asLogIndex(7)));
  t.end();
});

t.test('a log is up to date by its last term first, then by its length (§5.4.1)', (t) => {
  const log = new TermIndex();
  log.append(asLogIndex(3), asTerm(2));
  const asks = (index: number, term: number): boolean =>
    log.isUpToDate(asLogIndex(index), asTerm(term));
  t.equal(asks(3, 2), true);
  t.equal(asks(4, 2), true);
  t.equal(asks(2, 2), false);
  t.equal(asks(9, 1), false);
  t.equal(asks(1, 3), true);
  t.end();
});

t.test('terms may not fall along the log, nor entries be overwritten by an append', (t) => {
  const log = new TermIndex();
  log.append(asLogIndex(3), asTerm(2));
  t.throws(() => log.append(asLogIndex(4), asTerm(1)));
  t.throws(() => log.append(asLogIndex(3), asTerm(2)));
  t.throws(() => new TermIndex(asLogIndex(5), asTerm(1)).truncate(asLogIndex(5)));
  t.end();
});

t.test('termInRuns finds the run that an index is in', (t) => {
  const runs = [
    { first: asLogIndex(5), term: asTerm(1) },
    { first: asLogIndex(7), term: asTerm(4) },
  ];
  t.same(
    [4, 5, 6, 7, 100].map((index) => termInRuns(runs, asLogIndex(index))),
    [0, 1, 1, 4, 4],
  );
  t.end();
});
