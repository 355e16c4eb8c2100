interface Task {
  readonly time: number;
  /** Ties are run in the order in which they were made. */
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: a heap of things to do, each at its moment, in one fixed order. */
export class Scheduler {
  now = 0;
  #order = 0;
  readonly #heap: Task[] = [];

  at(time: number, run: () => void): void {
    const task = { time: Math.max(time, this.now), order: this.#order++, run };
    const heap = this.#heap;
    let i = heap.length;
    heap.push(task);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(task, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = task;
  }

  after(delay: number, run: () => void): void {
    this.at(this.now + delay, run);
  }

  /** Runs everything up to `time` and stops there. */
  runTo(time: number): void {
    for (let task = this.#heap[0]; task !== undefined && task.time <= time; task = this.#heap[0]) {
      this.#pop();
      this.now = task.time;
      task.run();
    }
    this.now = time;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      let smallest = heap[child];
      if (smallest === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && before(right, smallest)) {
        smallest = right;
        child++;
      }
      if (!before(smallest, last)) break;
      heap[i] = smallest;
      i = child;
    }
    heap[i] = last;
  }
}

function before(a: Task, b: Task): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
