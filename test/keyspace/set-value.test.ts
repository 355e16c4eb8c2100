import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { KeyHash } from '../../src/keyspace/key-hash.ts';
import { type SetEncoding, SetValue } from '../../src/keyspace/set-value.ts';
import type { DigestSink } from '../../src/keyspace/value.ts';

const hash = new KeyHash({ high: 3, low: 4 });

function setOf(members: readonly string[], encoding?: SetEncoding): SetValue {
  const set = new SetValue(hash, encoding);
  for (const member of members) set.add(member);
  return set;
}

function integers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

function words(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `word-${i}`);
}

function fed(set: SetValue): unknown[] {
  const parts: unknown[] = [];
  const sink: DigestSink = {
    text: (text) => parts.push(text),
    bytes: (bytes) => parts.push(bytes),
    number: (value) => parts.push(value),
  };
  set.feed(sink);
  return parts;
}

t.test('integers alone are an intset, in the order of their numbers', async (t) => {
  const set = setOf(['10', '-5', '9223372036854775807', '2', '-9223372036854775808', '70000']);
  t.equal(set.encoding(), 'intset');
  t.same(set.members(), ['-9223372036854775808', '-5', '2', '10', '70000', '9223372036854775807']);
  t.equal(set.at(3), '10');
});

t.test('an intset has up to 512 members, then it is a hashtable for ever', async (t) => {
  const set = setOf(integers(512));
  t.equal(set.encoding(), 'intset');
  set.add('512');
  t.equal(set.encoding(), 'hashtable');
  for (const member of integers(510)) set.remove(member);
  t.equal(set.encoding(), 'hashtable');
  t.same(set.size, 3);
});

t.test('what reads back as another text is no integer', async (t) => {
  for (const member of ['01', '+1', '-0', '', ' 1', '9223372036854775808', '1.0']) {
    const set = setOf(['1', member]);
    t.equal(set.encoding(), 'listpack', member);
    t.ok(set.has(member));
    t.notOk(setOf(['1']).has(member));
  }
});

t.test('a listpack has up to 128 members of up to 64 bytes, in the order they came', async (t) => {
  const set = setOf(words(128));
  t.equal(set.encoding(), 'listpack');
  t.same(set.members(), words(128));
  set.remove('word-5');
  t.equal(set.at(5), 'word-6');
  set.add('x'.repeat(64));
  t.equal(set.encoding(), 'listpack');
  set.add('one more');
  t.equal(set.encoding(), 'hashtable');
  const long = setOf(['a', 'x'.repeat(65)]);
  t.equal(long.encoding(), 'hashtable');
  t.same(long.members(), ['a', 'x'.repeat(65)]);
});

t.test('an intset becomes a listpack, or a hashtable if it has more members', async (t) => {
  const small = setOf([...integers(127).reverse(), 'word']);
  t.equal(small.encoding(), 'listpack');
  t.same(small.members(), [...integers(127), 'word']);
  t.equal(setOf([...integers(128), 'word']).encoding(), 'hashtable');
  t.equal(setOf(['1', 'x'.repeat(65)]).encoding(), 'hashtable');
});

t.test('the form follows from the first member and from how many come', async (t) => {
  t.equal(SetValue.expecting(hash, '1', 512).encoding(), 'intset');
  t.equal(SetValue.expecting(hash, '1', 513).encoding(), 'hashtable');
  t.equal(SetValue.expecting(hash, 'a', 128).encoding(), 'listpack');
  t.equal(SetValue.expecting(hash, 'a', 129).encoding(), 'hashtable');
  const set = setOf(['1', '2']);
  set.expect(512);
  t.equal(set.encoding(), 'intset');
  set.expect(513);
  t.equal(set.encoding(), 'hashtable');
  t.same(set.members(), ['1', '2']);
});

t.test('in a hashtable the last member takes the place of one that goes', async (t) => {
  const set = setOf(words(5), 'hashtable');
  t.equal(set.take(1), 'word-1');
  t.same(set.members(), ['word-0', 'word-4', 'word-2', 'word-3']);
  t.ok(set.remove('word-3'));
  t.notOk(set.remove('word-3'));
  t.same(set.members(), ['word-0', 'word-4', 'word-2']);
});

t.test('members are taken by their number', async (t) => {
  const listpack = setOf(words(3));
  t.equal(listpack.take(1), 'word-1');
  t.same(listpack.members(), ['word-0', 'word-2']);
  const intset = setOf(['30', '10', '20']);
  t.equal(intset.take(1), '20');
  t.same(intset.members(), ['10', '30']);
});

t.test('members with certain numbers stay, in their order and form', async (t) => {
  for (const members of [words(10), integers(10)]) {
    for (const encoding of [setOf(members).encoding(), 'hashtable'] as const) {
      const set = setOf(members, encoding);
      set.retain([1, 4, 9]);
      t.same(set.members(), [members[1], members[4], members[9]]);
      t.equal(set.size, 3);
      t.equal(set.encoding(), encoding);
    }
  }
});

t.test('going through ends as soon as it is told to', async (t) => {
  for (const encoding of ['intset', 'listpack', 'hashtable'] as const) {
    const seen: string[] = [];
    const all = setOf(['1', '2', '3'], encoding).every((member) => {
      seen.push(member);
      return member !== '2';
    });
    t.notOk(all);
    t.same(seen, ['1', '2']);
  }
});

t.test('a copy is independent and has the same order', async (t) => {
  for (const members of [integers(5), words(5), words(200)]) {
    const set = setOf(members);
    const copy = set.copy();
    t.same(copy.members(), set.members());
    t.equal(copy.encoding(), set.encoding());
    copy.add('new');
    copy.remove(members[0] ?? '');
    t.same(set.members(), members);
    t.notOk(set.has('new'));
  }
});

t.test('what is fed does not depend on the order or the form', async (t) => {
  const expected = fed(setOf(['1', '2', '3']));
  t.same(fed(setOf(['3', '1', '2'], 'listpack')), expected);
  t.same(fed(setOf(['2', '3', '1'], 'hashtable')), expected);
  t.notSame(fed(setOf(['1', '2', '4'])), expected);
  t.notSame(fed(setOf(['1', '2'])), expected);
});

t.test('memory grows with the members and does not depend on history', async (t) => {
  const small = setOf(integers(10)).memory(5);
  t.ok(setOf(integers(20)).memory(5) > small);
  const narrowed = setOf([...integers(10), '9223372036854775807']);
  narrowed.remove('9223372036854775807');
  t.equal(narrowed.memory(0), small);
  const table = setOf(words(200));
  t.ok(table.memory(0) > 200 * 50 && table.memory(0) < 200 * 100);
  t.equal(setOf([], 'hashtable').memory(0), 56);
});

t.test('sets of any history equal a model and a set rebuilt from them', async (t) => {
  const random = new Prng(Date.now(), 5);
  for (let run = 0; run < 60; run++) {
    let set = new SetValue(hash, (['intset', 'listpack', 'hashtable'] as const)[run % 3]);
    const model = new Set<string>();
    const range = run < 30 ? 40 : 700;
    for (let part = 0; part < 4; part++) {
      t.equal(step(set, model, { random, range, steps: 100 }), undefined);
      const rebuilt = setOf(set.members(), set.encoding());
      t.equal(rebuilt.encoding(), set.encoding());
      t.same(rebuilt.members(), set.members());
      set = rebuilt;
    }
    t.same([...set.members()].sort(), [...model].sort());
    t.ok([...model].every((member) => set.has(member)));
  }
});

/** Adds and removes members at random. Returns what went wrong. */
function step(
  set: SetValue,
  model: Set<string>,
  options: { random: Prng; range: number; steps: number },
): string | undefined {
  const { random, range } = options;
  for (let i = 0; i < options.steps; i++) {
    const number = random.below(range);
    const member = random.chance(0.01) ? `word ${number}` : String(number - 20);
    if (random.chance(range < 100 ? 0.5 : 0.8)) {
      if (set.add(member) === model.has(member)) return `adding ${member}`;
      model.add(member);
    } else if (random.chance(0.5) || model.size === 0) {
      if (set.remove(member) !== model.delete(member)) return `removing ${member}`;
    } else {
      const at = random.below(set.size);
      const expected = set.at(at);
      if (set.take(at) !== expected || !model.delete(expected)) return `taking ${at}`;
    }
    if (set.size !== model.size) return 'the size';
  }
  return undefined;
}
