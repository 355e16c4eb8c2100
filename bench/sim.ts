import { EventQueue, SimEvent } from '../test/sim/event-queue.ts';
import { connect, recordAll } from '../test/sim/sim-support.ts';
import { Simulation } from '../test/sim/sim-world.ts';

/**
 * How fast the simulator is: five machines that send each other small messages, sync small writes
 * and reset timers, against a queue that fires as many events that do nothing.
 */
const EVENTS = 1_000_000;
const NAMES = ['a', 'b', 'c', 'd', 'e'];

class Nothing extends SimEvent {
  readonly #queue: EventQueue;

  constructor(queue: EventQueue) {
    super();
    this.#queue = queue;
  }

  fire(): void {
    this.#queue.push(this, this.time + 1 + (this.sequence % 7));
  }
}

function bareQueue(): number {
  const queue = new EventQueue();
  for (let i = 0; i < 100; i++) queue.push(new Nothing(queue), i);
  const start = performance.now();
  for (let i = 0; i < EVENTS; i++) queue.pop()?.fire();
  return (EVENTS / (performance.now() - start)) * 1000;
}

function talk(simulation: Simulation, name: string): void {
  const { world } = simulation.machine(name);
  recordAll(world, { host: name, port: 1 }, (recorder) => {
    recorder.onData = (chunk) => {
      recorder.text = '';
      recorder.socket?.write(Buffer.alloc(chunk.length, 1));
    };
  });
  const file = world.files.open('log', { create: true });
  let syncing = false;
  const save = (): void => {
    if (syncing) return;
    syncing = true;
    file.write([Buffer.alloc(200)], 0);
    file.syncCallback(() => {
      syncing = false;
    });
  };
  for (const other of NAMES) {
    if (other === name) continue;
    const peer = connect(world, { host: other, port: 1 });
    let timer = world.timers.after(1000, () => {});
    peer.onData = () => {
      peer.text = '';
      timer.cancel();
      timer = world.timers.after(1000, () => {});
      world.timers.turnEnd(save);
      peer.socket?.write(Buffer.alloc(100, 2));
    };
    peer.socket?.write(Buffer.alloc(100, 2));
  }
}

function fiveMachines(): { readonly perSecond: number; readonly timesReal: number } {
  const simulation = new Simulation({ seed: 1 });
  for (const name of NAMES) talk(simulation, name);
  const start = performance.now();
  simulation.run(() => false, { maxEvents: EVENTS });
  const took = performance.now() - start;
  return { perSecond: (EVENTS / took) * 1000, timesReal: simulation.now / took };
}

for (let round = 1; round <= 3; round++) {
  const bare = bareQueue();
  const { perSecond, timesReal } = fiveMachines();
  console.log(
    `round ${round}: ${Math.round(perSecond / 1000)} k events/s, ` +
      `${((100 * perSecond) / bare).toFixed(1)} % of the bare queue's ${Math.round(bare / 1000)} k, ` +
      `${timesReal.toFixed(1)} times real time`,
  );
}
