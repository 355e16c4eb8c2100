import t from 'tap';
import { asNodeId } from '../../src/base/ids.ts';
import { Solo } from './support/solo.ts';

function asked(node: Solo): number[] {
  return node.sent('heartbeat').map((message) => message.to);
}

t.test('reads share the next round while one is on its way, but not for long', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.readIndex();
  t.same(asked(node), [2, 3]);
  node.raft.readIndex();
  t.same(asked(node), []);
  node.wait(2);
  t.same(asked(node), [2, 3]);
  t.end();
});

t.test('nobody is asked over a broken link', (t) => {
  const node = new Solo().lead().settle(2, 3);
  node.raft.peerUnreachable(asNodeId(2));
  node.raft.readIndex();
  t.same(asked(node), [3]);
  t.end();
});
