import t from 'tap';
import { asLogIndex, asTerm } from '../../src/base/ids.ts';
import { Waits } from '../../src/replica/waits.ts';

t.test('an entry that another leader put in the place of ours is not ours', (t) => {
  const waits = new Waits();
  const outcomes: [string, boolean][] = [];
  waits.add(asLogIndex(3), asTerm(1), (committed) => outcomes.push(['kept', committed]));
  waits.add(asLogIndex(4), asTerm(1), (committed) => outcomes.push(['replaced', committed]));
  waits.add(asLogIndex(5), asTerm(1), (committed) => outcomes.push(['open', committed]));
  waits.applied(asLogIndex(4), (index) => asTerm(index === 4 ? 2 : 1));
  t.same(outcomes, [
    ['kept', true],
    ['replaced', false],
  ]);
  waits.abandon();
  t.same(outcomes[2], ['open', false]);
  t.end();
});
