import t from 'tap';
import { ListNode } from '../../src/keyspace/list-node.ts';
import { ListNodes } from '../../src/keyspace/list-nodes.ts';

function nodesOf(...lengths: number[]): ListNodes {
  return new ListNodes(lengths.map((length) => ListNode.of(new Array<string>(length).fill('x'))));
}

function counts(nodes: ListNodes): number[] {
  return nodes.toArray().map((node) => node.count);
}

t.test('nodes come and go at the ends and between others', async (t) => {
  const nodes = nodesOf(1, 2, 3);
  nodes.pushHead(ListNode.of([]));
  nodes.pushTail(ListNode.of(['a', 'b', 'c', 'd']));
  nodes.insert(2, ListNode.of(new Array<string>(9).fill('x')));
  t.same(counts(nodes), [0, 1, 9, 2, 3, 4]);
  nodes.popHead();
  nodes.popTail();
  nodes.remove(1);
  t.same(counts(nodes), [1, 2, 3]);
  t.equal(nodes.size, 3);
  t.equal(nodes.edit(1), nodes.at(1));
});

t.test('empty nodes are dropped', async (t) => {
  const nodes = nodesOf(0, 1, 0, 2);
  nodes.dropEmpty();
  t.same(counts(nodes), [1, 2]);
});

t.test('nodes beside one another are joined where both fit into one', async (t) => {
  const small = nodesOf(1, 2, 3, 4, 5);
  small.mergeAround(2);
  t.same(counts(small), [15]);
  const large = nodesOf(2500, 2500, 700, 700, 2500);
  large.mergeAround(2);
  t.same(counts(large), [2500, 2500, 1400, 2500]);
});

t.test('nodes away from the ends are packed', async (t) => {
  const nodes = nodesOf(1, 1, 1, 1, 1);
  nodes.settleAround(2);
  t.same(
    nodes.toArray().map((node) => node.packed !== undefined),
    [false, false, true, false, false],
  );
});
