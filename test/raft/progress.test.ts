import t from 'tap';
import { asLogIndex, asMilliseconds, asNodeId } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import { Progress } from '../../src/raft/progress.ts';

const NOW = asMilliseconds(0);

t.test('a probe does not move next, an answer begins the stream', (t) => {
  const progress = new Progress(asNodeId(2), asLogIndex(10), NOW);
  t.same([progress.next, progress.previous, progress.state], [11, 10, 'probe']);
  progress.sent(asLogIndex(12), 2, NOW);
  t.same([progress.next, progress.probing], [11, true]);
  progress.acknowledged(asLogIndex(12));
  t.same([progress.next, progress.match, progress.state], [13, 12, 'replicate']);
  t.end();
});

t.test('the window counts what is on its way, by appends and by bytes', (t) => {
  const progress = new Progress(asNodeId(2), asLogIndex(0), NOW);
  progress.acknowledged(asLogIndex(0));
  progress.sent(asLogIndex(2), 100, NOW);
  progress.sent(asLogIndex(3), 50, NOW);
  t.same([progress.inflightCount, progress.inflightBytes], [2, 150]);
  progress.acknowledged(asLogIndex(1));
  t.same([progress.inflightCount, progress.inflightBytes], [2, 150]);
  progress.acknowledged(asLogIndex(2));
  t.same([progress.inflightCount, progress.inflightBytes], [1, 50]);
  t.end();
});

t.test('match < next and match never falls, whatever comes in whatever order', (t) => {
  const random = new Prng(5, 1);
  for (let round = 0; round < 500; round++) {
    const progress = new Progress(asNodeId(2), asLogIndex(random.below(20)), NOW);
    for (let step = 0; step < 40; step++) {
      const before = progress.match;
      const action = random.below(5);
      if (action === 0) progress.sent(asLogIndex(progress.next + random.below(4)), 1, NOW);
      else if (action === 1) progress.acknowledged(asLogIndex(random.below(progress.next)));
      else if (action === 2) progress.becomeProbe(asLogIndex(1 + random.below(progress.next)));
      else if (action === 3) progress.reset();
      else progress.becomeSnapshot();
      if (progress.match >= progress.next || progress.match < before) t.fail(`round ${round}`);
      if (progress.inflightBytes !== progress.inflightCount) t.fail('bytes and count differ');
    }
  }
  t.pass('500 rounds');
  t.end();
});

t.test('a node that needs an image has nothing on its way, whatever it acknowledges', (t) => {
  const progress = new Progress(asNodeId(2), asLogIndex(10), NOW);
  progress.acknowledged(asLogIndex(2));
  progress.sent(asLogIndex(5), 100, NOW);
  progress.becomeSnapshot();
  t.same([progress.inflightCount, progress.inflightBytes, progress.probing], [0, 0, false]);
  progress.acknowledged(asLogIndex(5));
  t.same([progress.state, progress.match, progress.next], ['snapshot', 5, 6]);
  progress.reset();
  t.equal(progress.state, 'snapshot', 'a broken link does not end it');
  progress.becomeProbe(asLogIndex(9));
  t.same([progress.state, progress.match, progress.next], ['probe', 5, 9]);
  t.end();
});
