import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import type { End } from '../../src/keyspace/list-segment.ts';
import { ListValue } from '../../src/keyspace/list-value.ts';
import type { DigestSink } from '../../src/keyspace/value.ts';

function elements(list: ListValue): string[] {
  return list.range(0, list.size);
}

/** What a digest is fed of a list. */
function fed(list: ListValue): string {
  const parts: string[] = [];
  const sink: DigestSink = {
    text: (text) => parts.push(text),
    bytes: () => parts.push('bytes'),
    number: (value) => parts.push(String(value)),
  };
  list.feed(sink);
  return parts.join('|');
}

function pushAll(list: ListValue, count: number, element: string): void {
  for (let i = 0; i < count; i++) list.pushTail(element);
}

t.test('elements pushed together end up as if pushed one by one', async (t) => {
  const list = new ListValue();
  list.push('tail', ['a', 'b']);
  list.push('head', ['c', 'd']);
  t.same(elements(list), ['d', 'c', 'a', 'b']);
  const long = 'x'.repeat(300);
  list.push('head', [long, 'e']);
  list.push('tail', ['f', long]);
  t.same(elements(list), ['e', long, 'd', 'c', 'a', 'b', 'f', long]);
});

t.test('pops give the outermost element, many of them the outermost first', async (t) => {
  const list = ListValue.of(['a', 'b', 'c', 'd', 'e']);
  t.equal(list.pop('head'), 'a');
  t.equal(list.pop('tail'), 'e');
  t.same(list.popMany('tail', 2), ['d', 'c']);
  t.same(list.popMany('head', 10), ['b']);
  t.equal(list.pop('head'), undefined);
  t.equal(list.size, 0);
});

t.test('elements beyond either end are not there', async (t) => {
  const list = ListValue.of(['a']);
  t.equal(list.at(0), 'a');
  t.equal(list.at(1), undefined);
  t.equal(list.at(-1), undefined);
});

t.test('a list is a listpack up to 8 KB', async (t) => {
  const list = new ListValue();
  // Each takes 103 bytes: 79 of them 8144 with the header.
  pushAll(list, 79, 'x'.repeat(100));
  t.equal(list.encoding(), 'listpack');
  // 8144 and 48 are 8192.
  const other = list.copy();
  other.pushTail('y'.repeat(48));
  t.equal(other.encoding(), 'listpack');
  list.pushTail('y'.repeat(49));
  t.equal(list.encoding(), 'quicklist');
});

t.test('what a push is about to add is measured without its overhead', async (t) => {
  const list = new ListValue();
  list.push('tail', new Array<string>(4000).fill('ab'));
  t.equal(list.encoding(), 'listpack');
  list.pushTail('a');
  t.equal(list.encoding(), 'quicklist');
});

t.test('a list made at once is measured as it is', async (t) => {
  t.equal(ListValue.of(new Array<string>(4000).fill('ab')).encoding(), 'quicklist');
  t.equal(ListValue.of(new Array<string>(2000).fill('ab')).encoding(), 'listpack');
  t.equal(ListValue.of(['x'.repeat(9000)]).encoding(), 'quicklist');
});

t.test('an element that is replaced or put in counts as one that is pushed', async (t) => {
  const set = ListValue.of(['a', 'b']);
  set.set(0, 'x'.repeat(9000));
  t.equal(set.encoding(), 'quicklist');
  set.set(0, 'a');
  t.equal(set.encoding(), 'listpack');
  t.same(elements(set), ['a', 'b']);
  const inserted = ListValue.of(['a', 'b']);
  inserted.insert(0, 'x'.repeat(9000), 'after');
  t.equal(inserted.encoding(), 'quicklist');
});

t.test('a quicklist is a listpack again when one node of half the size is left', async (t) => {
  const list = new ListValue();
  // 81 of 103 bytes make two nodes: 79 and 2.
  pushAll(list, 81, 'x'.repeat(100));
  for (let i = 0; i < 78; i++) list.pop('head');
  t.equal(list.encoding(), 'quicklist', 'two nodes with three elements');
  list.pop('head');
  t.equal(list.encoding(), 'listpack', 'one node with two elements');
  const other = new ListValue();
  pushAll(other, 81, 'x'.repeat(100));
  // 4096 less 7 are 39 elements and some bytes.
  for (let i = 0; i < 41; i++) other.pop('tail');
  t.equal(other.size, 40);
  t.equal(other.encoding(), 'quicklist');
  other.pop('tail');
  t.equal(other.encoding(), 'listpack');
});

t.test('LREM and LTRIM make a quicklist a listpack as well', async (t) => {
  const make = () => {
    const list = new ListValue();
    list.pushTail('a');
    pushAll(list, 100, 'x'.repeat(100));
    return list;
  };
  const removed = make();
  t.equal(removed.removeMatches('x'.repeat(100), 100, 'head'), 100);
  t.equal(removed.encoding(), 'listpack');
  t.same(elements(removed), ['a']);
  const trimmed = make();
  trimmed.keep(0, 20);
  t.equal(trimmed.encoding(), 'listpack');
  t.equal(trimmed.size, 20);
});

t.test('positions are counted from the end where the search begins', async (t) => {
  const list = ListValue.of(['a', 'b', 'c', 'a', 'b', 'c', 'c', 'c']);
  const find = (start: End, skip: number, limit: number, within: number) => {
    return list.positions({ element: 'c', start, skip, limit, within });
  };
  t.same(find('head', 0, 1, 99), [2]);
  t.same(find('head', 1, 2, 99), [5, 6]);
  t.same(find('tail', 0, 2, 99), [7, 6]);
  t.same(find('tail', 3, 9, 99), [2]);
  t.same(find('head', 0, 9, 6), [2, 5]);
  t.same(find('tail', 0, 9, 1), [7]);
  t.equal(list.indexOf('b'), 1);
  t.equal(list.indexOf('z'), -1);
});

t.test('a copy changes apart in every form', async (t) => {
  for (const [count, length] of [
    [3, 2],
    [3, 300],
    [300, 300],
  ] as const) {
    const list = new ListValue();
    pushAll(list, count, 'x'.repeat(length));
    const before = elements(list);
    const copy = list.copy();
    copy.set(0, 'changed');
    copy.pop('tail');
    copy.pushTail('new');
    t.same(elements(list), before);
    t.equal(elements(copy)[0], 'changed');
    t.equal(copy.size, list.size);
    t.ok(list.memory(5) > count * length);
  }
});

t.test('a digest depends on the elements and not on the form', async (t) => {
  const grown = new ListValue();
  pushAll(grown, 200, 'x'.repeat(100));
  grown.push('head', ['b', 'a']);
  for (let i = 0; i < 198; i++) grown.pop('tail');
  const made = ListValue.of(['a', 'b', 'x'.repeat(100), 'x'.repeat(100)]);
  t.equal(fed(grown), fed(made));
  t.not(fed(made), fed(ListValue.of(['b', 'a', 'x'.repeat(100), 'x'.repeat(100)])));
  t.not(fed(ListValue.of(['a', 'b'])), fed(ListValue.of(['a'])));
});

t.test('a list does what an array does, in every form and between them', async (t) => {
  const random = new Prng(5, 5);
  for (const [target, longest] of [
    [20, 40],
    [150, 40],
    [3000, 40],
    [40, 400],
    [30, 12000],
  ] as const) {
    const list = new ListValue();
    let model: string[] = [];
    const element = () => {
      const kind = random.below(4);
      if (kind === 0) return String(random.below(5));
      if (kind === 1) return String(random.below(100_000) - 50_000);
      return 'x'.repeat(random.below(random.below(longest) + 1));
    };
    for (let step = 0; step < 4000; step++) {
      model = change({ list, model, random, element, grow: model.length < target });
      if (list.size !== model.length) t.fail(`size ${list.size}, not ${model.length}`);
      if (step % 100 === 0) t.same(elements(list), model);
    }
    t.same(elements(list), model);
  }
});

interface Change {
  readonly list: ListValue;
  readonly model: string[];
  readonly random: Prng;
  readonly element: () => string;
  readonly grow: boolean;
}

/** Makes the same random change to a list and an array, and returns the array. */
function change({ list, model, random, element, grow }: Change): string[] {
  const end: End = random.chance(0.5) ? 'head' : 'tail';
  const at = model.length === 0 ? 0 : random.below(model.length);
  if (model.length === 0 || random.chance(grow ? 0.5 : 0.3)) {
    const added = Array.from({ length: 1 + random.below(random.chance(0.1) ? 30 : 2) }, element);
    list.push(end, added);
    return end === 'tail' ? [...model, ...added] : [...added.toReversed(), ...model];
  }
  switch (random.below(8)) {
    case 0: {
      const replacement = element();
      list.set(at, replacement);
      return model.with(at, replacement);
    }
    case 1: {
      const where = random.chance(0.5) ? 'before' : 'after';
      const added = element();
      list.insert(at, added, where);
      return model.toSpliced(where === 'before' ? at : at + 1, 0, added);
    }
    case 2: {
      const removed = model[at] as string;
      list.removeMatches(removed, 2, end);
      return without(model, removed, end);
    }
    case 3: {
      const to = model.length - random.below(Math.min(5, model.length - at));
      const from = random.chance(0.1) ? at : Math.min(at, 3);
      list.keep(from, to);
      return model.slice(from, to);
    }
    case 4: {
      const count = random.below(20);
      list.popMany(end, count);
      return end === 'head'
        ? model.slice(count)
        : model.slice(0, Math.max(0, model.length - count));
    }
    default:
      list.pop(end);
      return end === 'head' ? model.slice(1) : model.slice(0, -1);
  }
}

/** Without the first or last two that match. */
function without(model: readonly string[], element: string, end: End): string[] {
  let left = 2;
  const keep = (each: string) => each !== element || left-- <= 0;
  return end === 'head' ? model.filter(keep) : model.toReversed().filter(keep).reverse();
}

t.test('a list can be made of views, which it does not keep', async (t) => {
  const long = 'a view on a longer string, '.repeat(1000);
  const views = Array.from({ length: 200 }, (_, i) => long.slice(i, i + 20));
  t.same(elements(ListValue.ofViews(views)), views);
  t.same(elements(ListValue.ofViews(views.slice(0, 3))), views.slice(0, 3));
  t.equal(ListValue.ofViews([]).size, 0);
});
