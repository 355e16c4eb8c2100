import t from 'tap';
import { StreamFields } from '../../src/keyspace/stream-fields.ts';
import { StreamNode } from '../../src/keyspace/stream-node.ts';
import { StreamNodes } from '../../src/keyspace/stream-nodes.ts';

function nodesOf(...times: number[]): StreamNodes {
  const nodes = new StreamNodes();
  for (const ms of times) {
    nodes.push(StreamNode.open({ ms, seq: 0 }, StreamFields.of(['name', 'value']), undefined));
  }
  return nodes;
}

function times(nodes: StreamNodes): unknown[] {
  const found: unknown[] = [];
  for (let i = nodes.start; i < nodes.end; i++) found.push(nodes.at(i).firstMs);
  return found;
}

t.test('the node of an id is the last that does not begin after it', async (t) => {
  const nodes = nodesOf(10, 20, 30);
  t.same([nodes.of(10, 0), nodes.of(19, 5), nodes.of(20, 0), nodes.of(99, 0)], [0, 0, 1, 2]);
  t.ok(nodes.of(9, 99) < nodes.start);
  t.ok(new StreamNodes().of(1, 1) < 0);
});

t.test('nodes go from anywhere', async (t) => {
  const nodes = nodesOf(10, 20, 30, 40);
  nodes.remove(2);
  t.same(times(nodes), [10, 20, 40]);
  nodes.remove(nodes.start);
  t.same(times(nodes), [20, 40]);
  t.equal(nodes.count, 2);
  t.ok(nodes.of(15, 0) < nodes.start, 'the first one is gone');
  t.equal(nodes.edit(nodes.of(45, 0)).firstMs, 40);
});

t.test('places at the front are given back when many nodes have gone', async (t) => {
  const nodes = nodesOf(...Array.from({ length: 100 }, (_, i) => i + 1));
  for (let i = 0; i < 60; i++) nodes.remove(nodes.start);
  t.equal(nodes.count, 40);
  t.ok(nodes.start < 32);
  t.same(times(nodes).slice(0, 2), [61, 62]);
  t.equal(nodes.at(nodes.of(70, 5)).firstMs, 70);
});
