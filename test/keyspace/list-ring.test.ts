import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { Ring } from '../../src/keyspace/list-ring.ts';

t.test('a ring does what an array does', async (t) => {
  const random = new Prng(1, 1);
  const ring = new Ring<number>();
  const model: number[] = [];
  for (let step = 0; step < 20_000; step++) {
    const grow = Math.floor(step / 500) % 2 === 0;
    const item = step;
    switch (random.below(grow ? 5 : 8)) {
      case 0:
        ring.pushHead(item);
        model.unshift(item);
        break;
      case 1:
        ring.pushTail(item);
        model.push(item);
        break;
      case 2: {
        const i = random.below(model.length + 1);
        ring.insert(i, item);
        model.splice(i, 0, item);
        break;
      }
      case 3:
        if (model.length === 0) break;
        ring.set(0, item);
        model[0] = item;
        break;
      case 4: {
        if (model.length === 0) break;
        const i = random.below(model.length);
        ring.remove(i);
        model.splice(i, 1);
        break;
      }
      case 5:
      case 6:
        if (model.length > 0) t.equal(ring.popHead(), model.shift());
        break;
      default:
        if (model.length > 0) t.equal(ring.popTail(), model.pop());
    }
    if (step % 100 === 0) t.same(ring.toArray(), model);
  }
  t.same(ring.toArray(), model);
});

t.test('a ring starts with the items it is given, and leaves them alone', async (t) => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const ring = new Ring(items);
  ring.pushHead('z');
  t.equal(ring.size, 6);
  t.same(ring.toArray(), ['z', 'a', 'b', 'c', 'd', 'e']);
  t.equal(items.length, 5);
});

t.test('a ring keeps what passes a test', async (t) => {
  const ring = new Ring([1, 2, 3, 4, 5, 6]);
  ring.retain((item) => item % 2 === 0);
  t.same(ring.toArray(), [2, 4, 6]);
});

t.test('nothing can be taken from an empty ring', async (t) => {
  t.throws(() => new Ring().popHead(), /gives only what it has/);
  t.throws(() => new Ring().popTail(), /gives only what it has/);
});
