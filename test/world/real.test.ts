import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import t from 'tap';
import { openRealWorld } from '../../src/world/real.ts';

const world = openRealWorld();

t.test('the monotone clock never goes back and counts milliseconds', async (t) => {
  const start = world.clock.monotonic();
  const startMicroseconds = world.clock.microseconds();
  let last: number = start;
  let backwards = 0;
  for (let i = 0; i < 10_000; i++) {
    const now = world.clock.monotonic();
    if (now < last) backwards += 1;
    last = now;
  }
  t.equal(backwards, 0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const elapsed = world.clock.monotonic() - start;
  t.ok(elapsed >= 19 && elapsed < 5000);
  t.ok(world.clock.microseconds() - startMicroseconds >= 19_000);
  t.ok(Number.isInteger(world.clock.wall()));
});

t.test('a timer never fires before its delay is over', async (t) => {
  const delays = [0, 0.4, 1, 1.5, 2, 3, 7, 10];
  const early: number[] = [];
  for (const delay of delays) {
    const start = world.clock.monotonic();
    await new Promise<void>((resolve) => {
      world.timers.after(delay, resolve);
    });
    if (world.clock.monotonic() - start < delay) early.push(delay);
  }
  t.same(early, []);
});

t.test('a cancelled timer never calls back', async (t) => {
  let called = 0;
  const timer = world.timers.after(1, () => {
    called += 1;
  });
  timer.cancel();
  timer.cancel();
  world.timers.after(2 ** 40, () => t.fail('too early')).cancel();
  await new Promise((resolve) => setTimeout(resolve, 10));
  t.equal(called, 0);
});

t.test('a delay longer than Node knows does not fire at once', async (t) => {
  let called = 0;
  const timer = world.timers.after(2 ** 40, () => {
    called += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  timer.cancel();
  t.equal(called, 0);
});

t.test('turnEnd calls back in order, before timers that come later', async (t) => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    world.timers.after(5, () => {
      order.push('timer');
      resolve();
    });
    world.timers.turnEnd(() => order.push('first'));
    world.timers.turnEnd(() => order.push('second'));
    order.push('now');
  });
  t.same(order, ['now', 'first', 'second', 'timer']);
});

t.test('random numbers are 32 bits wide and differ', async (t) => {
  const seen = new Set<number>();
  let or = 0;
  for (let i = 0; i < 1000; i++) {
    const value = world.random.uint32();
    seen.add(value);
    or |= value;
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) t.fail(`${value}`);
  }
  t.ok(seen.size > 990);
  t.equal(or >>> 0, 0xffffffff);
});

t.test('the process tells its memory, CPU time and name', async (t) => {
  const { resident, heap } = world.process.memory();
  t.ok(resident > heap && heap > 1e6);
  const { user, system } = world.process.cpu();
  t.ok(user > 0 && user < 1000 && system >= 0);
  t.equal(world.process.pid, process.pid);
  t.match(world.process.runtime, /^node \d+/);
});

t.test('the log file gets one line per call, also after it was moved away', async (t) => {
  const folder = t.testdir();
  const logFile = path.join(folder, 'log');
  const { files, process: facts } = openRealWorld({ logFile });
  facts.log('one');
  files.rename(logFile, `${logFile}.1`);
  facts.log('two');
  facts.log('three');
  t.equal(readFileSync(`${logFile}.1`, 'latin1'), 'one\n');
  t.equal(readFileSync(logFile, 'latin1'), 'two\nthree\n');
});

t.test('a log file that cannot be written is no error', async (t) => {
  t.doesNotThrow(() => openRealWorld({ logFile: '/nonexistent/folder/log' }).process.log('lost'));
});

t.test('a process whose output nobody reads any more goes on', async (t) => {
  const module = new URL('../../src/world/real.js', import.meta.url).href;
  const script = `
    import { openRealWorld } from ${JSON.stringify(module)};
    const world = openRealWorld();
    let left = 20;
    const say = () => {
      world.process.log('x'.repeat(10000));
      if (--left > 0) world.timers.after(5, say);
      else process.stderr.write('survived');
    };
    say();
  `;
  const command = `"${process.execPath}" --input-type=module -e '${script.replaceAll("'", "'\\''")}' | true`;
  const { stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 20_000 });
  t.equal(stderr, 'survived');
});
