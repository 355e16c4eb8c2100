import t from 'tap';
import { connectedPair } from './sim-support.ts';
import { Simulation } from './sim-world.ts';

const FREE = { turn: 0, event: 0, call: 0, kilobyte: 0, clockRead: 0 };

t.test('timers fire in the order of their time, never early by the machine clock', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const { world } = simulation.machine('a', { clockDrift: -0.01 });
  const start = world.clock.monotonic();
  const fired: number[] = [];
  let early = 0;
  for (const delay of [30, 10, 20, 0, 10.5, 0.25]) {
    world.timers.after(delay, () => {
      fired.push(delay);
      if (world.clock.monotonic() < start + delay) early += 1;
    });
  }
  simulation.run(100);
  t.same(fired, [0, 0.25, 10, 10.5, 20, 30]);
  t.equal(early, 0);
});

t.test('timers of one delay fire in the order they were set', async (t) => {
  const simulation = new Simulation({ seed: 1, cpu: FREE });
  const { world } = simulation.machine('a');
  const fired: number[] = [];
  for (let i = 0; i < 20; i++) world.timers.after(5, () => fired.push(i));
  simulation.run(100);
  t.same(fired, [...Array(20).keys()]);
});

t.test('a cancelled timer never fires, not even when it is due in this very turn', async (t) => {
  const simulation = new Simulation({ seed: 1, cpu: FREE });
  const { world } = simulation.machine('a');
  let fired = 0;
  const early = world.timers.after(5, () => {
    fired += 1;
  });
  early.cancel();
  world.timers.after(5, () => sameTurn.cancel());
  const sameTurn = world.timers.after(5, () => {
    fired += 1;
  });
  simulation.run(100);
  t.equal(fired, 0);
});

t.test('events of one instant are one turn, and turnEnd comes after all of them', async (t) => {
  const simulation = new Simulation({ seed: 1, cpu: FREE });
  const { world } = simulation.machine('a');
  const order: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    world.timers.after(5, () => {
      order.push(name);
      world.timers.turnEnd(() => {
        order.push(`end of ${name}`);
        if (name === 'one') world.timers.turnEnd(() => order.push('end of the next turn'));
      });
    });
  }
  simulation.run(100);
  t.same(order, [
    'one',
    'two',
    'three',
    'end of one',
    'end of two',
    'end of three',
    'end of the next turn',
  ]);
});

t.test('what comes while a machine is busy is handled together afterwards', async (t) => {
  const simulation = new Simulation({ seed: 1, cpu: { ...FREE, event: 10 } });
  const { world } = simulation.machine('a', { clockDrift: 0 });
  const turns: string[][] = [];
  let turn: string[] = [];
  const handle = (name: string) => () => {
    if (turn.length === 0) {
      world.timers.turnEnd(() => {
        turns.push(turn);
        turn = [];
      });
    }
    turn.push(name);
  };
  world.timers.after(5, handle('first'));
  world.timers.after(7, handle('second'));
  world.timers.after(9, handle('third'));
  world.timers.after(50, handle('fourth'));
  simulation.run(200);
  t.same(turns, [['first'], ['second', 'third'], ['fourth']]);
});

t.test('work takes virtual time, and a loop that waits for the clock ends', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a');
  let took = 0;
  machine.call(({ clock }) => {
    const start = clock.microseconds();
    while (clock.microseconds() < start + 500) took += 1;
  });
  simulation.run(10);
  t.ok(took > 100 && took < 10_000, `${took} reads`);
});

t.test('a paused machine handles nothing, then everything at once', async (t) => {
  const simulation = new Simulation({ seed: 3, cpu: FREE });
  const { a, b, near, far } = connectedPair(simulation);
  const times: number[] = [];
  const start = simulation.now;
  far.onData = () => times.push(simulation.now);
  b.world.timers.after(100, () => times.push(simulation.now));
  b.pause(500);
  for (const delay of [10, 200, 400]) a.world.timers.after(delay, () => near.write('x'));
  simulation.run(start + 1000);
  t.equal(far.text, 'xxx');
  t.ok(times.length >= 2);
  t.same(new Set(times), new Set([start + 500]));
});

t.test('a pause also stops what was about to be handled', async (t) => {
  const simulation = new Simulation({ seed: 3 });
  const machine = simulation.machine('a');
  let at = 0;
  simulation.at(10, () => {
    machine.call(() => {
      at = simulation.now;
    });
    machine.pause(100);
  });
  simulation.run(1000);
  t.equal(at, 110);
});

t.test('after a crash no callback of the old process is called, and its calls throw', async (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const simulation = new Simulation({ seed });
    const { b, near, far } = connectedPair(simulation);
    const old = b.world;
    const file = old.files.open('a', { create: true });
    let calls = 0;
    const called = (): void => {
      calls += 1;
    };
    old.timers.after(5, called);
    old.timers.turnEnd(called);
    file.syncCallback(called);
    far.onData = called;
    near.write('bytes');
    b.crash();
    const { text } = far;
    t.throws(() => b.world);
    b.restart();
    simulation.run(simulation.now + 1000);
    if (calls > 0 || far.text !== text || far.closes.length > 0) t.fail(`seed ${seed}`);
    t.throws(() => old.timers.after(1, called), { name: 'ProcessGone' });
    t.throws(() => file.size(), { name: 'ProcessGone' });
    t.throws(() => far.write('x'), { name: 'ProcessGone' });
  }
});

t.test('a process that ends itself does not go on', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a');
  let wentOn = false;
  machine.call(() => {
    machine.exit();
    wentOn = true;
  });
  simulation.run(10);
  t.equal(wentOn, false);
  t.equal(machine.running, false);
  machine.restart();
  t.equal(machine.lives, 2);
});

t.test('what a process throws comes out of run', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  simulation.machine('a').call(() => {
    throw new Error('a bug');
  });
  let others = 0;
  simulation.machine('b').call(() => {
    others += 1;
  });
  t.throws(() => simulation.run(10), { message: 'a bug' });
  simulation.run(10);
  t.equal(others, 1);
});

t.test('clocks drift apart, steps move the wall clock only, and nothing goes back', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const fast = simulation.machine('fast', { clockDrift: 0.1, clockOffset: 5000 });
  const exact = simulation.machine('exact', { clockDrift: 0, clockOffset: 0 });
  const before = [fast.world.clock.monotonic(), exact.world.clock.monotonic()] as const;
  t.ok(Math.abs(fast.world.clock.wall() - exact.world.clock.wall() - 5000) <= 1);
  simulation.run(10_000);
  const after = [fast.world.clock.monotonic(), exact.world.clock.monotonic()] as const;
  t.ok(Math.abs(after[0] - before[0] - 11_000) < 1);
  t.ok(Math.abs(after[1] - before[1] - 10_000) < 1);
  const wall = exact.world.clock.wall();
  exact.stepWallClock(-3600_000);
  t.ok(Math.abs(exact.world.clock.wall() - wall + 3600_000) <= 1);
  t.ok(exact.world.clock.monotonic() >= after[1]);
  t.ok(Number.isInteger(exact.world.clock.wall()));
});

t.test('a timer waits longer on a machine whose clock was slowed down', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a', { clockDrift: 0 });
  let at = 0;
  machine.world.timers.after(100, () => {
    at = simulation.now;
  });
  simulation.at(50, () => machine.setClockDrift(-0.5));
  simulation.run(1000);
  t.ok(at >= 150 && at < 152, `${at}`);
});

t.test('a machine that was switched off starts its monotone clock anew', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a', { clockDrift: 0 });
  simulation.run(1000);
  const { clock } = machine.world;
  const wall = clock.wall();
  machine.crash({ kind: 'power', peers: 'silence' });
  const again = machine.restart().clock;
  t.not(Math.floor(again.monotonic()), Math.floor(machine.localTime - 1e6));
  t.ok(Math.abs(again.wall() - wall) <= 1);
});
