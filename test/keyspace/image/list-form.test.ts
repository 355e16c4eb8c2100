import { createHash } from 'node:crypto';
import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import { listForm } from '../../../src/keyspace/image/list-form.ts';
import { ListNode } from '../../../src/keyspace/list-node.ts';
import { ListValue } from '../../../src/keyspace/list-value.ts';
import { exerciseForm, type Operation } from './part-exercise.ts';
import { ImageHarness, imageHash } from './part-harness.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** An element that Redis gives a node of its own. */
const LARGE = 'L'.repeat(8500);
/** Of these a node has one. */
const WIDE = 'w'.repeat(5000);

function numbers(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `element ${from + i}`);
}

function digest(elements: readonly string[]): string {
  const hash = createHash('md5');
  for (const element of elements) hash.update(`${element.length} ${element}`, 'latin1');
  return hash.digest('hex');
}

/** All that a client or later writes could tell two lists apart by. */
function describe(list: ListValue): unknown {
  const { body } = list;
  const elements = digest(list.range(0, list.size));
  const rest = [list.size, elements, list.memory(0), list.encoding()];
  if (typeof body === 'string') return ['text', ...rest];
  const nodes = body instanceof ListNode ? [body] : [];
  if (!(body instanceof ListNode)) for (let i = 0; i < body.nodes; i++) nodes.push(body.node(i));
  const borders = nodes.map(({ count, bytes, packed }) => `${count}/${bytes}/${packed?.length}`);
  return [body instanceof ListNode ? 'node' : 'nodes', borders.join(), ...rest];
}

function saved(list: ListValue): ImageHarness<ListValue> {
  const harness = new ImageHarness(listForm);
  harness.put(0, list);
  harness.save();
  return harness;
}

function opened(count: number): ListValue {
  const list = ListValue.of(numbers(count));
  list.pop('head');
  return list;
}

t.test('a list of each form comes back as it was', async (t) => {
  const keeping = ListValue.of(numbers(2000));
  keeping.keep(5, 400);
  for (const [list, records] of [
    [ListValue.of(numbers(3)), 1],
    [ListValue.of(['', '\xff\x00', '-5']), 1],
    [opened(300), 1],
    [ListValue.of(['x'.repeat(300), 'y']), 1],
    // One node that is too large to be the whole list, and the order.
    [keeping, 2 + 1],
    // Nodes of about 550 elements, and the order.
    [ListValue.of(numbers(2000)), 2 + 4],
    [ListValue.of([LARGE, 'a', LARGE]), 2 + 3],
  ] as const) {
    const harness = saved(list);
    const loaded = harness.loadOne();
    t.same(describe(loaded), describe(list));
    t.equal(harness.records, records);
    for (const each of [list, loaded]) {
      each.push('tail', numbers(3));
      each.push('head', [WIDE]);
      each.insert(2, 'another', 'before');
      each.pop('tail');
    }
    t.same(describe(loaded), describe(list));
  }
});

t.test('a push to a list of a million elements writes a few kilobytes', async (t) => {
  const harness = saved(ListValue.of(numbers(1_000_000)));
  // Nodes of 511 elements.
  t.ok(harness.records > 1950);
  harness.get(0)?.push('tail', ['another']);
  harness.save();
  t.ok(harness.records <= 4, `${harness.records} records`);
  t.ok(harness.bytes < 40_000, `${harness.bytes} bytes`);
  harness.get(0)?.set(500_000, 'middle');
  harness.save();
  t.equal(harness.records, 2);
  t.ok(harness.bytes < 12_000);
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test(
  'a node that is put in the middle of a thousand writes itself and some of the order',
  async (t) => {
    const harness = saved(ListValue.of(new Array<string>(1000).fill(WIDE)));
    harness.get(0)?.insert(500, LARGE, 'before');
    harness.save();
    t.ok(harness.bytes < 20_000, `${harness.bytes} bytes`);
    t.same(describe(harness.loadOne()), describe(harness.peek(0)));
  },
);

t.test('a queue uses numbers again', async (t) => {
  const harness = saved(ListValue.of(new Array<string>(20).fill(WIDE)));
  for (let i = 0; i < 3000; i++) {
    const list = harness.get(0);
    list?.push('tail', [`${i} ${WIDE}`]);
    list?.pop('head');
    if (i % 100 === 0) harness.save();
  }
  harness.save();
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
  const parts = listForm.attached(harness.peek(0));
  t.ok((parts?.capacity ?? 0) < 300, `${parts?.capacity} numbers`);
});

t.test('a list that is cut short while it is written writes nothing at that moment', async (t) => {
  const harness = saved(ListValue.of([]));
  harness.put(0, ListValue.of(new Array<string>(2000).fill(WIDE)));
  const whole = describe(harness.peek(0));
  harness.begin();
  harness.step(3);
  const before = process.hrtime.bigint();
  harness.get(0)?.keep(0, 2);
  const took = Number(process.hrtime.bigint() - before) / 1e6;
  t.ok(took < 50, `${took} ms`);
  harness.commit();
  t.same(describe(harness.loadOne()), whole);
  harness.save();
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
  t.equal(harness.records, 2, 'the key and what is left of the order');
});

t.test('a list that loses all nodes but one gives its parts up', async (t) => {
  const harness = saved(ListValue.of(numbers(3000)));
  harness.get(0)?.pop('tail');
  const frozen = describe(harness.peek(0));
  harness.begin();
  const list = harness.get(0);
  list?.keep(0, 20);
  list?.set(3, 'changed');
  harness.commit();
  t.same(describe(harness.loadOne()), frozen);
  harness.save();
  t.equal(harness.peek(0).encoding(), 'listpack');
  t.equal(harness.records, 1);
  harness.get(0)?.push('head', numbers(2000));
  harness.save();
  t.same(describe(harness.loadOne()), describe(harness.peek(0)));
});

t.test('a node that becomes the whole list while it is written is written as it was', async (t) => {
  const harness = saved(ListValue.of([]));
  harness.put(0, ListValue.of([...numbers(100), LARGE]));
  const whole = describe(harness.peek(0));
  harness.begin();
  harness.step(1);
  const list = harness.get(0);
  list?.pop('tail');
  list?.set(0, 'changed');
  t.equal(list?.encoding(), 'listpack');
  harness.commit();
  t.same(describe(harness.loadOne()), whole);
});

t.test('an order that gets more places while it is written is written as it was', async (t) => {
  const harness = saved(ListValue.of([]));
  const list = ListValue.of(new Array<string>(257).fill(WIDE));
  list.pop('head');
  harness.put(0, list);
  for (const end of ['tail', 'head'] as const) {
    const whole = describe(list);
    harness.begin();
    harness.step(1);
    harness.get(0)?.push(end, new Array<string>(600).fill(WIDE));
    harness.commit();
    t.same(describe(harness.loadOne()), whole);
  }
  harness.save();
  t.same(describe(harness.loadOne()), describe(list));
});

t.test('what was never written is refused', async (t) => {
  const context = { changes: new Changes(), hash: imageHash };
  const header = (...numbers: number[]): ByteReader => {
    const into = new ByteWriter();
    for (const number of numbers) into.varint(number);
    return new ByteReader(Buffer.from(into.view()));
  };
  for (const numbers of [
    [10, 1, 0, 255],
    [10, 1, 256, 256],
    [10, 257, 0, 256],
  ]) {
    t.throws(() => listForm.load(1, header(...numbers), context), Malformed);
  }
  t.throws(() => listForm.load(1, header(10, 1, 0, 256), context).finish(), Malformed);
  const loader = listForm.load(1, header(2, 1, 0, 256), context);
  t.notOk(loader.part(32, new ByteReader(Buffer.alloc(0))), 'no node stands there');
  loader.part(0, header(1));
  loader.part(1, new ByteReader(Buffer.from([1, 2, 1, 65])));
  t.throws(() => loader.finish(), /too few/);
  t.throws(() => loader.part(2, new ByteReader(Buffer.from([1, 2, 9, 65]))), /behind its list/);
  loader.part(2, new ByteReader(Buffer.from([1, 2, 1, 65])));
  t.throws(
    () => listForm.decode(new ByteReader(Buffer.from([0, 3, 9, 65, 66])), context),
    Malformed,
  );
});

const LENGTHS = [1, 8, 40, 300, 3000, 5000, 9000];

function elementOf(random: Prng): string {
  const length = LENGTHS[random.below(LENGTHS.length)] ?? 1;
  return String.fromCharCode(97 + random.below(4)).repeat(length);
}

function operation(random: Prng, { size }: ListValue): Operation<ListValue> {
  const element = elementOf(random);
  const end = random.chance(0.5) ? 'head' : 'tail';
  const where = random.chance(0.5) ? 'before' : 'after';
  const many = random.below(12);
  const index = random.below(size);
  switch (random.below(size > 800 ? 14 : 12)) {
    case 0:
    case 1:
      return (list) => list.push(end, new Array<string>(many + 1).fill(element));
    case 2:
    case 3:
      return (list) => list.push(end, [element]);
    case 4:
      return (list) => void list.pop(end);
    case 5:
      return (list) => void list.popMany(end, many);
    case 6:
    case 7:
      return (list) => list.set(index, element);
    case 8:
    case 9:
      return (list) => list.insert(index, element, where);
    case 10:
      return (list) => void list.removeMatches(element, many + 1, end);
    case 11:
      return (list) => {
        for (let i = 0; i < many; i++) list.insert(Math.min(index, list.size - 1), element, where);
      };
    case 12:
      return (list) => list.keep(index, size);
    default:
      return (list) => list.keep(Math.floor(index / 2), Math.min(size, index + 20));
  }
}

t.test(`images of lists that change meanwhile (SEED=${seed})`, async (t) => {
  exerciseForm(t, {
    form: listForm,
    random: new Prng(seed, 0),
    make: (random) =>
      ListValue.of(Array.from({ length: random.chance(0.4) ? 5 : 600 }, () => elementOf(random))),
    operation,
    describe,
    isEmpty: (list) => list.size === 0,
    images: 30,
  });
});
