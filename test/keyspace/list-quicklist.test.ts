import t from 'tap';
import { ListNode } from '../../src/keyspace/list-node.ts';
import { Quicklist } from '../../src/keyspace/list-quicklist.ts';

/** A text of this length takes 1022 bytes in a listpack: eight of them fill a node. */
const LONG = 'x'.repeat(1018);

function counts(list: Quicklist): number[] {
  const out: number[] = [];
  for (let i = 0; i < list.nodes; i++) out.push(list.node(i).count);
  return out;
}

function isPacked(list: Quicklist): boolean[] {
  const out: boolean[] = [];
  for (let i = 0; i < list.nodes; i++) out.push(list.node(i).packed !== undefined);
  return out;
}

function elements(list: Quicklist): string[] {
  const out: string[] = [];
  list.forEach(0, list.size, (element) => {
    out.push(element);
  });
  return out;
}

/** `nodes` nodes of eight long elements. */
function full(nodes: number): Quicklist {
  const list = new Quicklist();
  for (let i = 0; i < nodes * 8; i++) list.pushTail(LONG);
  return list;
}

t.test('a node is full at 8 KB', async (t) => {
  t.same(counts(full(1)), [8]);
  const list = full(1);
  list.pushTail('yy');
  t.same(counts(list), [8, 1]);
  list.pushHead('zz');
  t.same(counts(list), [1, 8, 1]);
});

t.test(
  'a push is refused by a node that has room for the element but not for a guess',
  async (t) => {
    const roomOf = (length: number) => {
      const list = full(1);
      list.popTail();
      list.pushTail('y'.repeat(length));
      return list.nodes;
    };
    // 8192 bytes less 7 and 7 × 1022, and 8 for what an entry may need.
    t.equal(roomOf(1023), 1);
    t.equal(roomOf(1024), 2);
  },
);

t.test('only the two nodes at either end are open', async (t) => {
  const list = new Quicklist();
  for (let i = 0; i < 20_000; i++) list.pushTail(`element ${i}`);
  const forms = isPacked(list);
  t.same(forms.slice(0, 2), [false, false]);
  t.same(forms.slice(-2), [false, false]);
  t.ok(forms.slice(2, -2).every((packed) => packed));
  for (let i = 0; i < 20_000; i++) list.pushHead(`other ${i}`);
  t.ok(
    isPacked(list)
      .slice(2, -2)
      .every((packed) => packed),
  );
});

t.test('nodes that become empty go', async (t) => {
  const list = full(3);
  for (let i = 0; i < 8; i++) list.popHead();
  t.same(counts(list), [8, 8]);
  for (let i = 0; i < 8; i++) list.popTail();
  t.same(counts(list), [8]);
});

t.test('a large element has a node of its own', async (t) => {
  const list = new Quicklist();
  for (const text of ['a', 'b', 'c', 'd']) list.pushTail(text);
  const large = 'y'.repeat(8193);
  list.set(1, large);
  t.same(counts(list), [1, 1, 2]);
  t.same(elements(list), ['a', large, 'c', 'd']);
  list.set(1, large.replace('y', 'z'));
  t.same(counts(list), [1, 1, 2]);
  list.set(1, 'b');
  t.same(elements(list), ['a', 'b', 'c', 'd']);
  t.same(counts(list), [1, 3]);
  list.insert(2, large, 'after');
  t.same(counts(list), [1, 2, 1, 1]);
  t.same(elements(list), ['a', 'b', 'c', large, 'd']);
});

t.test('an insert beside a full node goes to a neighbour with room', async (t) => {
  const list = full(1);
  list.pushTail('tt');
  list.insert(7, 'after', 'after');
  t.same(counts(list), [8, 2]);
  list.insert(0, 'before', 'before');
  t.same(counts(list), [1, 8, 2]);
  list.insert(1, 'again', 'before');
  t.same(counts(list), [2, 8, 2]);
  t.equal(
    elements(list)
      .map((each) => (each === LONG ? '.' : each))
      .join(' '),
    'before again . . . . . . . . after tt',
  );
});

t.test('an insert into a full node cuts it', async (t) => {
  const list = full(3);
  list.insert(12, 'put after', 'after');
  t.same(counts(list), [8, 5, 4, 8]);
  t.equal(list.at(13), 'put after');
  const other = full(3);
  other.insert(12, 'put before', 'before');
  t.same(counts(other), [8, 5, 4, 8]);
  t.equal(other.at(12), 'put before');
});

t.test('an insert joins the parts with neighbours that have become small', async (t) => {
  const list = full(3);
  for (let i = 0; i < 6; i++) list.popHead();
  for (let i = 0; i < 6; i++) list.popTail();
  t.same(counts(list), [2, 8, 2]);
  list.insert(4, 'xx', 'after');
  t.same(counts(list), [5, 8]);
});

t.test('LREM and LTRIM drop nodes but never join them', async (t) => {
  const list = full(2);
  for (let i = 0; i < 8; i++) list.pushTail(i % 2 === 0 ? 'aa' : 'b'.repeat(1018));
  t.same(counts(list), [8, 8, 8]);
  t.equal(list.removeMatches(LONG, 10, 'head'), 10);
  t.same(counts(list), [6, 8]);
  t.equal(list.removeMatches('aa', 2, 'tail'), 2);
  t.same(counts(list), [6, 6]);
  list.keep(5, 8);
  t.same(counts(list), [1, 2]);
  t.equal(list.size, 3);
});

t.test('a search goes from node to node, from either end', async (t) => {
  const list = full(2);
  for (const i of [0, 7, 8, 15]) list.set(i, 'here');
  const search = (from: number, to: number, start: 'head' | 'tail', limit = 9) => {
    const found: number[] = [];
    list.search({ element: 'here', from, to, start }, (i) => {
      found.push(i);
      return found.length < limit;
    });
    return found;
  };
  t.same(search(0, 16, 'head'), [0, 7, 8, 15]);
  t.same(search(0, 16, 'tail'), [15, 8, 7, 0]);
  t.same(search(1, 15, 'head'), [7, 8]);
  t.same(search(1, 15, 'tail'), [8, 7]);
  t.same(search(8, 16, 'tail', 1), [15]);
  t.same(search(3, 3, 'head'), []);
});

t.test('a list can be made of nodes, and a copy changes apart', async (t) => {
  const list = new Quicklist([ListNode.of(['a', 'b']), ListNode.of(['c'])]);
  t.equal(list.size, 3);
  const copy = list.copy();
  copy.popHead();
  copy.set(0, 'z');
  t.same(elements(list), ['a', 'b', 'c']);
  t.same(elements(copy), ['z', 'c']);
});

t.test('memory is estimated from some of the nodes', async (t) => {
  const list = full(10);
  t.equal(list.memory(0), list.memory(100));
  t.ok(Math.abs(list.memory(5) / list.memory(0) - 1) < 0.2);
  t.equal(new Quicklist().memory(5), 0);
});
