/**
 * Something that happens at a point of virtual time. The queue fills in `time` and `sequence`; an
 * event stands in the queue at most once.
 */
export abstract class SimEvent {
  time = 0;
  sequence = 0;

  /** Called once when virtual time has reached `time`. */
  abstract fire(): void;
}

/** A binary heap of events, the earliest first and those of one instant in the order they came. */
export class EventQueue {
  readonly #heap: SimEvent[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next event is due; Infinity if there is none. */
  nextTime(): number {
    const [first] = this.#heap;
    return first === undefined ? Number.POSITIVE_INFINITY : first.time;
  }

  push(event: SimEvent, time: number): void {
    event.time = time;
    event.sequence = this.#sequence;
    this.#sequence += 1;
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above] as SimEvent;
      // A new event has the highest sequence number, so it stays behind its equals.
      if (parent.time <= time) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = event;
  }

  pop(): SimEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    this.#sink(last);
    return first;
  }

  /** Puts `event` where the top was. */
  #sink(event: SimEvent): void {
    const heap = this.#heap;
    const size = heap.length;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      let least = heap[child] as SimEvent;
      if (child + 1 < size) {
        const other = heap[child + 1] as SimEvent;
        if (isBefore(other, least)) {
          least = other;
          child += 1;
        }
      }
      if (!isBefore(least, event)) break;
      heap[hole] = least;
      hole = child;
    }
    heap[hole] = event;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}
