import t from 'tap';
import { Interests, interestName } from '../../src/keyspace/interests.ts';

const a = interestName(0, 'a');
const b = interestName(0, 'b');

t.test('the keys of a whole database are taken in an order that no past decides', async (t) => {
  const lived = new Interests();
  for (const name of [b, a, b]) lived.add(name);
  lived.remove(b);
  // What an image has of it: whoever waited first for b is gone.
  const restored = new Interests();
  for (const name of [a, b]) restored.add(name);
  for (const interests of [lived, restored]) interests.noteDatabase(0);
  t.same(lived.take(), [a, b]);
  t.same(restored.take(), [a, b]);
});

t.test('the keys of another database have not changed', async (t) => {
  const interests = new Interests();
  for (const name of [a, interestName(1, 'a')]) interests.add(name);
  interests.noteDatabase(1);
  t.same(interests.take(), [interestName(1, 'a')]);
});
