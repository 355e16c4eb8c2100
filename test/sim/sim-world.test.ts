import t from 'tap';
import { connect, recordAll } from './sim-support.ts';
import { Simulation } from './sim-world.ts';

/** A run with something of everything: talk, files, crashes, partitions, pauses. */
function busyRun(seed: number): { readonly hash: string; readonly lines: readonly string[] } {
  const simulation = new Simulation({ seed, network: { sendWindow: 2000 } });
  const names = ['a', 'b', 'c'];
  const begin = (name: string): void => {
    const { world } = simulation.machine(name);
    recordAll(world, { host: name, port: 1 }, (recorder) => {
      recorder.onData = (chunk) => {
        recorder.socket?.write(Buffer.from(chunk.subarray(0, chunk.length >> 1)));
      };
    });
    const file = world.files.open('log', { create: true });
    let syncing = false;
    const tick = (): void => {
      for (const other of names) {
        if (other === name) continue;
        const peer = connect(world, { host: other, port: 1 });
        peer.socket?.write(Buffer.alloc(1 + (world.random.uint32() % 3000), 7));
        world.timers.after(50, () => peer.socket?.end());
      }
      file.write([Buffer.from(`${world.clock.wall()}`)], file.size());
      if (!syncing) {
        syncing = true;
        file.syncCallback(() => {
          syncing = false;
        });
      }
      world.timers.after(10, tick);
    };
    tick();
  };
  for (const name of names) begin(name);
  simulation.at(100, () => simulation.network.partition([['a'], ['b', 'c']]));
  simulation.at(200, () => simulation.machine('b').crash());
  simulation.at(300, () => simulation.network.healAll());
  simulation.at(350, () => {
    simulation.machine('b').restart();
    begin('b');
  });
  simulation.at(400, () => simulation.machine('c').pause(60));
  t.equal(simulation.run(600, { maxEvents: 200_000 }), 'reached');
  return { hash: simulation.traceHash(), lines: simulation.lastEvents(50) };
}

t.test('equal seeds give equal runs, different seeds different ones', async (t) => {
  const hashes = new Set<string>();
  for (let seed = 0; seed < 10; seed++) {
    const one = busyRun(seed);
    const two = busyRun(seed);
    t.equal(one.hash, two.hash);
    t.same(one.lines, two.lines);
    hashes.add(one.hash);
  }
  t.equal(hashes.size, 10);
  t.match([...hashes][0], /^[0-9a-f]{16}$/);
});

t.test('the last events are readable lines, the oldest first', async (t) => {
  const simulation = new Simulation({ seed: 1, traceLines: 3 });
  for (const text of ['one', 'two', 'three', 'four']) simulation.note(text);
  t.same(
    simulation.lastEvents(10).map((line) => line.trim().replace(/\s+/g, ' ')),
    ['0.0000 note two', '0.0000 note three', '0.0000 note four'],
  );
  t.equal(simulation.lastEvents(1).length, 1);
});

t.test('a run ends at its time, its predicate, its limits, or when nothing is left', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  let count = 0;
  const tick = (): void => {
    count += 1;
    simulation.after(1, tick);
  };
  simulation.after(1, tick);
  t.equal(simulation.run(10), 'reached');
  t.equal(simulation.now, 10);
  t.equal(count, 10);
  t.equal(
    simulation.run(() => count === 15),
    'reached',
  );
  t.equal(
    simulation.run(() => false, { maxTime: 20.5 }),
    'too-long',
  );
  t.equal(simulation.now, 20.5);
  t.equal(
    simulation.run(() => false, { maxEvents: 5 }),
    'too-many-events',
  );
  t.equal(simulation.run(1000, { maxEvents: 5 }), 'too-many-events');
  const empty = new Simulation({ seed: 1 });
  t.equal(
    empty.run(() => false),
    'idle',
  );
});

t.test('what processes log is in the trace and told', async (t) => {
  const lines: string[] = [];
  const simulation = new Simulation({
    seed: 1,
    log: (machine, line) => lines.push(`${machine}: ${line}`),
  });
  simulation.machine('a').world.process.log('hello');
  t.same(lines, ['a: hello']);
  t.match(simulation.lastEvents(1)[0], /a +log hello$/);
});
