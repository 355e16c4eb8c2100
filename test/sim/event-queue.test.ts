import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { EventQueue, SimEvent } from './event-queue.ts';

class Marked extends SimEvent {
  readonly mark: number;

  constructor(mark: number) {
    super();
    this.mark = mark;
  }

  fire(): void {}
}

t.test('events leave by time, and those of one instant in the order they came', async (t) => {
  const random = new Prng(1, 2);
  const queue = new EventQueue();
  const model: { time: number; mark: number }[] = [];
  let wrong = 0;
  let mark = 0;
  for (let i = 0; i < 20_000; i++) {
    if (random.chance(0.55)) {
      const time = random.below(50);
      queue.push(new Marked(mark), time);
      model.push({ time, mark });
      mark += 1;
    } else {
      model.sort((a, b) => a.time - b.time || a.mark - b.mark);
      const expected = model.shift();
      if (queue.nextTime() !== (expected?.time ?? Number.POSITIVE_INFINITY)) wrong += 1;
      const event = queue.pop();
      if ((event as Marked | undefined)?.mark !== expected?.mark) wrong += 1;
    }
    if (queue.size !== model.length) wrong += 1;
    if (model.length > 60) {
      for (let k = model.length; k > 0; k--) queue.pop();
      model.length = 0;
    }
  }
  t.equal(wrong, 0);
});
