import t, { type Test } from 'tap';
import { ListNode } from '../../src/keyspace/list-node.ts';
import { listpackBytes } from '../../src/keyspace/list-size.ts';
import { pack } from '../../src/keyspace/packed.ts';

const ELEMENTS = ['one', '2', 'three', '2', '5', 'x'.repeat(40)];

function elements(node: ListNode): string[] {
  const out: string[] = [];
  node.forEach(0, node.count, (element) => {
    out.push(element);
  });
  return out;
}

const FORMS: readonly [string, () => ListNode][] = [
  ['packed', () => ListNode.ofPacked(pack(ELEMENTS))],
  ['open', () => ListNode.of(ELEMENTS)],
];

for (const [form, make] of FORMS) {
  const check = (t: Test, node: ListNode, expected: readonly string[]) => {
    t.same(elements(node), expected);
    t.equal(node.count, expected.length);
    t.equal(node.bytes, listpackBytes(expected), 'bytes');
  };

  t.test(`a node that is ${form} has the elements it was made of`, async (t) => {
    check(t, make(), ELEMENTS);
    t.equal(make().at(2), 'three');
    t.ok(make().memory > 0);
  });

  t.test(`a node that is ${form} takes and gives elements at both ends`, async (t) => {
    const node = make();
    node.pushHead('zero');
    node.pushTail('end');
    check(t, node, ['zero', ...ELEMENTS, 'end']);
    t.equal(node.popHead(), 'zero');
    t.equal(node.popTail(), 'end');
    check(t, node, ELEMENTS);
    t.equal(node.packed, undefined);
  });

  t.test(`a node that is ${form} is edited inside`, async (t) => {
    const node = make();
    node.set(1, 'two');
    node.insert(0, 'zero');
    node.insert(node.count, 'end');
    check(t, node, ['zero', 'one', 'two', ...ELEMENTS.slice(2), 'end']);
    node.set(1, 'y'.repeat(300));
    node.insert(2, 'z'.repeat(300));
    check(t, node, ['zero', 'y'.repeat(300), 'z'.repeat(300), 'two', ...ELEMENTS.slice(2), 'end']);
  });

  t.test(`a node that is ${form} keeps a part`, async (t) => {
    const little = make();
    little.keep(1, 3);
    check(t, little, ['2', 'three']);
    const much = make();
    much.keep(1, 5);
    check(t, much, ELEMENTS.slice(1, 5));
  });

  t.test(`a node that is ${form} loses the elements that match, from either end`, async (t) => {
    const both = make();
    t.equal(both.removeMatches('2', 9, 'head'), 2);
    check(t, both, ['one', 'three', '5', 'x'.repeat(40)]);
    const first = make();
    t.equal(first.removeMatches('2', 1, 'head'), 1);
    check(t, first, ['one', ...ELEMENTS.slice(2)]);
    const last = make();
    t.equal(last.removeMatches('2', 1, 'tail'), 1);
    check(t, last, ['one', '2', 'three', '5', 'x'.repeat(40)]);
    t.equal(last.removeMatches('none', 1, 'tail'), 0);
  });

  t.test(`a node that is ${form} is cut in two and joined again`, async (t) => {
    const node = make();
    const rest = node.splitOff(4);
    check(t, node, ELEMENTS.slice(0, 4));
    check(t, rest, ELEMENTS.slice(4));
    node.absorb(rest);
    check(t, node, ELEMENTS);
  });

  t.test(`a copy of a node that is ${form} changes apart`, async (t) => {
    const node = make();
    const copy = node.copy();
    copy.popHead();
    copy.set(0, 'changed');
    check(t, node, ELEMENTS);
    check(t, copy, ['changed', ...ELEMENTS.slice(2)]);
  });
}

t.test('a node is closed unless an element is too long', async (t) => {
  const node = ListNode.of(ELEMENTS);
  node.close();
  t.equal(node.packed, pack(ELEMENTS));
  const long = ListNode.of([...ELEMENTS, 'y'.repeat(256)]);
  long.close();
  t.equal(long.packed, undefined);
});
