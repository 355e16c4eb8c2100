import t from 'tap';
import { asLogIndex, asTerm } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { TermIndex, termInRuns } from '../../src/raft/term-index.ts';

/** The same thing as a plain array, to compare with. */
class Slow {
  terms: number[] = [];
  readonly base: number;
  readonly baseTerm: number;
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
  agreement(index: number, term: number): number {
    let at = Math.min(index, this.last);
    while (at > this.base && (this.term(at) ?? 0) > term) at--;
    return at;
  }
}

t.test('TermIndex agrees with a plain array of terms', (t) => {
  const random = new Prng(1, 1);
  for (let round = 0; round < 300; round++) {
    const base = random.below(3) * 5;
    const slow = new Slow(base, base === 0 ? 0 : 1);
    const fast = new TermIndex(asLogIndex(base), asTerm(slow.baseTerm));
    let term = 1;
    for (let step = 0; step < 30; step++) {
      if (random.chance(0.3) && slow.terms.length > 0) {
        const from = base + 1 + random.below(slow.terms.length + 1);
        fast.truncate(asLogIndex(from));
        slow.terms.length = Math.min(slow.terms.length, from - base - 1);
      } else {
        term += random.below(3);
        const count = 1 + random.below(4);
        for (let i = 0; i < count; i++) slow.terms.push(term);
        fast.append(asLogIndex(slow.last), asTerm(term));
      }
      if (fast.last !== slow.last) t.fail('last');
      if (fast.lastTerm !== slow.term(slow.last)) t.fail('lastTerm');
      for (let index = Math.max(0, base - 2); index <= slow.last + 2; index++) {
        if (fast.term(asLogIndex(index)) !== slow.term(index)) t.fail(`term ${index}`);
        const asked = random.below(term + 2);
        if (index < base) continue;
        if (fast.agreement(asLogIndex(index), asTerm(asked)) !== slow.agreement(index, asked)) {
          t.fail(`agreement ${index} ${asked}`);
        }
      }
    }
  }
  t.pass('300 rounds');
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
