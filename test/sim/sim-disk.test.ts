import t from 'tap';
import type { File, World } from '../../src/world/world.ts';
import { Simulation } from './sim-world.ts';

function code(action: () => void): string {
  try {
    action();
    return 'none';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function text(file: File): string {
  const bytes = Buffer.alloc(file.size());
  file.read(bytes, 0, bytes.length, 0);
  return bytes.toString('latin1');
}

function write(file: File, position: number, ...pieces: string[]): void {
  file.write(
    pieces.map((piece) => Buffer.from(piece, 'latin1')),
    position,
  );
}

/** What is in a file after power was lost; null if it is gone. */
function afterPowerCut(simulation: Simulation, name: string, path: string): string | null {
  const machine = simulation.machine(name);
  machine.crash({ kind: 'power' });
  const { files } = machine.restart();
  return files.exists(path) ? text(files.open(path, { create: false })) : null;
}

/** An empty file whose name is durable. */
function durableFile(world: World, path: string): File {
  const file = world.files.open(path, { create: true });
  world.files.syncDirectory('.');
  return file;
}

t.test('files behave as files do', async (t) => {
  const { files } = new Simulation({ seed: 1 }).machine('a').world;
  const file = files.open('a', { create: true });
  write(file, 2, 'one', '', 'two');
  t.equal(text(file), '\0\0onetwo');
  const into = Buffer.alloc(10, '.');
  t.equal(file.read(into, 1, 8, 4), 4);
  t.equal(into.toString('latin1'), '.etwo.....');
  file.truncate(3);
  file.truncate(5);
  t.equal(text(file), '\0\0o\0\0');
  files.makeDirectory('x/y');
  files.makeDirectory('x/y');
  files.rename('a', 'x/y/b');
  t.same(files.list('.'), ['x']);
  t.same(files.list('/data/x/y'), ['b']);
  t.equal(files.exists('x/../x/y/b'), true);
  write(file, 0, 'held');
  t.equal(text(files.open('x/y/b', { create: true })), 'held\0');
  files.remove('x/y/b');
  t.equal(text(file), 'held\0', 'an open file outlives its name');
  file.close();
  t.same(
    [
      code(() => file.size()),
      code(() => files.open('x/y/b', { create: false })),
      code(() => files.open('no/where', { create: true })),
      code(() => files.open('x', { create: true })),
      code(() => files.remove('b')),
      code(() => files.rename('b', 'c')),
      code(() => files.list('b')),
      code(() => files.syncDirectory('b')),
    ],
    ['EBADF', 'ENOENT', 'ENOENT', 'EISDIR', 'ENOENT', 'ENOENT', 'ENOENT', 'ENOENT'],
  );
});

t.test('a kill loses nothing that was written', async (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const machine = new Simulation({ seed }).machine('a');
    write(machine.world.files.open('f', { create: true }), 0, 'not synced');
    machine.crash({ kind: 'kill' });
    t.equal(text(machine.restart().files.open('f', { create: false })), 'not synced');
  }
});

t.test('synced bytes survive every power cut; later ones are kept, lost or torn', async (t) => {
  const seen = { kept: 0, lost: 0, torn: 0, zeros: 0 };
  for (let seed = 0; seed < 400; seed++) {
    const simulation = new Simulation({ seed });
    const { world } = simulation.machine('a');
    const file = durableFile(world, 'f');
    const safe = 'S'.repeat(1 + simulation.random.below(3000));
    write(file, 0, safe);
    if (seed % 2 === 0) file.sync();
    else {
      let synced = false;
      file.syncCallback((error) => {
        synced = error === null;
      });
      simulation.run(() => synced, { maxEvents: 1000 });
    }
    const late = 'L'.repeat(1 + simulation.random.below(5000));
    write(file, safe.length, late);
    const found = afterPowerCut(simulation, 'a', 'f') ?? '';
    if (!found.startsWith(safe)) t.fail(`seed ${seed} loses synced bytes`);
    const rest = found.slice(safe.length);
    if (!/^[L\0]*$/.test(rest)) t.fail(`seed ${seed} finds something else`);
    if (rest === late) seen.kept += 1;
    else if (rest === '') seen.lost += 1;
    else if (rest.includes('L')) seen.torn += 1;
    else seen.zeros += 1;
  }
  t.ok(
    Object.values(seen).every((count) => count > 5),
    JSON.stringify(seen),
  );
});

t.test('torn writes are torn between sectors', async (t) => {
  let tears = 0;
  for (let seed = 0; seed < 300; seed++) {
    const simulation = new Simulation({ seed });
    const file = durableFile(simulation.machine('a').world, 'f');
    write(file, 0, 'o'.repeat(4096));
    file.sync();
    const position = simulation.random.below(2000);
    write(file, position, 'n'.repeat(2000));
    const found = afterPowerCut(simulation, 'a', 'f') ?? '';
    t.equal(found.length, 4096);
    for (let i = 1; i < found.length; i++) {
      if (found[i] === found[i - 1]) continue;
      const edge = i === position || i === position + 2000;
      if (!edge && i % 512 !== 0) t.fail(`seed ${seed}: torn at ${i}`);
      if (!edge) tears += 1;
    }
  }
  t.ok(tears > 20, `${tears} tears`);
});

t.test(
  'only a sync that has ended protects, and only what was written before it began',
  async (t) => {
    let lostBefore = 0;
    let lostAfter = 0;
    for (let seed = 0; seed < 200; seed++) {
      const simulation = new Simulation({
        seed,
        disk: { sync: { minimum: 5, mean: 0, spikeChance: 0, spike: 0 } },
      });
      const file = durableFile(simulation.machine('a').world, 'f');
      write(file, 0, 'first');
      let ended = false;
      file.syncCallback(() => {
        ended = true;
      });
      write(file, 5, 'second');
      const wait = seed % 2 === 0 ? 1 : 50;
      simulation.run(simulation.now + wait);
      const found = afterPowerCut(simulation, 'a', 'f') ?? '';
      if (ended && !found.startsWith('first')) t.fail(`seed ${seed} loses synced bytes`);
      if (!ended && !found.startsWith('first')) lostBefore += 1;
      if (ended && !found.includes('second')) lostAfter += 1;
    }
    t.ok(lostBefore > 5 && lostAfter > 5, `${lostBefore} before, ${lostAfter} after`);
  },
);

t.test('a truncation is durable after a sync of the file only', async (t) => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    const simulation = new Simulation({ seed });
    const file = durableFile(simulation.machine('a').world, 'f');
    write(file, 0, '0123456789');
    file.sync();
    file.truncate(4);
    if (seed % 2 === 0) {
      file.sync();
      t.equal(afterPowerCut(simulation, 'a', 'f'), '0123');
    } else lengths.add((afterPowerCut(simulation, 'a', 'f') ?? '').length);
  }
  t.same([...lengths].sort(), [10, 4]);
});

t.test('names are durable after a sync of their folder only', async (t) => {
  const seen = {
    create: new Set<boolean>(),
    rename: new Set<string>(),
    remove: new Set<boolean>(),
  };
  for (let seed = 0; seed < 200; seed++) {
    const simulation = new Simulation({ seed });
    const machine = simulation.machine('a');
    machine.disk.put('old', Buffer.from('old'));
    machine.disk.put('new.tmp', Buffer.from('new'));
    machine.disk.put('gone', Buffer.from('x'));
    const { files } = machine.world;
    files.open('made', { create: true }).sync();
    files.rename('new.tmp', 'old');
    files.remove('gone');
    const synced = seed % 2 === 0;
    if (synced) files.syncDirectory('.');
    machine.crash({ kind: 'power' });
    const after = machine.restart().files;
    const old = text(after.open('old', { create: false }));
    if (synced) {
      t.same([after.list('.'), old], [['made', 'old'], 'new']);
    } else {
      seen.create.add(after.exists('made'));
      seen.rename.add(`${old} ${after.exists('new.tmp')}`);
      seen.remove.add(after.exists('gone'));
    }
  }
  t.same([seen.create.size, seen.remove.size], [2, 2]);
  t.same(
    [...seen.rename].sort(),
    ['new false', 'old true'],
    'a rename is done whole or not at all',
  );
});

t.test('a sync of one folder says nothing about another', async (t) => {
  const seen = { made: new Set<boolean>(), moved: new Set<string>() };
  for (let seed = 0; seed < 100; seed++) {
    const machine = new Simulation({ seed }).machine('a');
    machine.disk.put('one/moved', Buffer.from('m'));
    machine.disk.put('two/other', Buffer.from('o'));
    const { files } = machine.world;
    files.open('one/made', { create: true });
    files.rename('one/moved', 'two/moved');
    files.open('two/safe', { create: true });
    files.syncDirectory('two');
    machine.crash({ kind: 'power' });
    const after = machine.restart().files;
    t.equal(after.exists('two/safe'), true);
    seen.made.add(after.exists('one/made'));
    seen.moved.add(`${after.exists('one/moved')} ${after.exists('two/moved')}`);
  }
  t.equal(seen.made.size, 2);
  t.same([...seen.moved].sort(), ['false true', 'true false'], 'in one folder, never in none');
});

t.test('a rename without a sync of the file may leave it empty', async (t) => {
  let empty = 0;
  for (let seed = 0; seed < 200; seed++) {
    const simulation = new Simulation({ seed });
    const { files } = simulation.machine('a').world;
    write(files.open('tmp', { create: true }), 0, 'content');
    files.rename('tmp', 'final');
    files.syncDirectory('.');
    if (afterPowerCut(simulation, 'a', 'final') === '') empty += 1;
  }
  t.ok(empty > 5, `${empty} times`);
});

t.test('durableContents says what a crash cannot take away', async (t) => {
  for (let seed = 0; seed < 200; seed++) {
    const simulation = new Simulation({ seed });
    const machine = simulation.machine('a');
    const file = durableFile(machine.world, 'f');
    write(file, 0, 'x'.repeat(2000));
    file.sync();
    write(file, 100, 'y'.repeat(50));
    file.truncate(1000);
    const sure = machine.disk.durableContents('f');
    t.equal(sure?.toString(), 'x'.repeat(2000));
    t.equal(machine.disk.contents('f')?.length, 1000);
    machine.world.files.open('g', { create: true }).sync();
    t.equal(machine.disk.durableContents('g'), null);
    t.same(machine.disk.contents('g'), Buffer.alloc(0));
  }
});

t.test('a failed sync throws, and later syncs do not make its bytes safe', async (t) => {
  let lost = 0;
  for (let seed = 0; seed < 100; seed++) {
    const simulation = new Simulation({ seed });
    const machine = simulation.machine('a');
    const file = durableFile(machine.world, 'f');
    write(file, 0, 'doomed');
    machine.disk.failSyncs(1);
    t.equal(
      code(() => file.sync()),
      'EIO',
    );
    write(file, 6, 'safe');
    file.sync();
    t.equal(text(file), 'doomedsafe');
    const found = afterPowerCut(simulation, 'a', 'f') ?? '';
    if (!found.endsWith('safe') || found.length !== 10) t.fail(`seed ${seed} loses synced bytes`);
    if (!found.startsWith('doomed')) lost += 1;
  }
  t.ok(lost > 5, `lost ${lost} times`);
});

t.test('a failed syncCallback tells its error', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a');
  const file = machine.world.files.open('log.dat', { create: true });
  const other = machine.world.files.open('other', { create: true });
  machine.disk.failSyncs(1, 'ENOSPC', 'log');
  const told: string[] = [];
  other.syncCallback((error) => told.push(error === null ? 'other ok' : 'other failed'));
  file.syncCallback((error) => told.push((error as NodeJS.ErrnoException | null)?.code ?? 'ok'));
  simulation.run(1000);
  t.same(told.sort(), ['ENOSPC', 'other ok']);
  t.throws(() => {
    file.syncCallback(() => {});
    file.syncCallback(() => {});
  });
});

t.test('a full disk takes what fits and then throws ENOSPC', async (t) => {
  const machine = new Simulation({ seed: 1 }).machine('a');
  const file = machine.world.files.open('f', { create: true });
  machine.disk.limitSpace(10);
  write(file, 0, '12345678');
  t.equal(
    code(() => write(file, 8, 'abcd')),
    'ENOSPC',
  );
  t.equal(text(file), '12345678ab');
  write(file, 0, 'over');
  file.truncate(4);
  write(file, 4, 'again');
  machine.disk.limitSpace(null);
  write(file, 9, ' and on');
  t.equal(text(file), 'overagain and on');
});

t.test('faults of reads, writes and folders strike as often as told', async (t) => {
  const machine = new Simulation({ seed: 1 }).machine('a');
  const { files } = machine.world;
  const file = files.open('f', { create: true });
  machine.disk.failWrites(1);
  machine.disk.failReads(2);
  machine.disk.failDirectorySyncs(1);
  const codes = [
    code(() => write(file, 0, 'x')),
    code(() => write(file, 0, 'x')),
    code(() => text(file)),
    code(() => text(file)),
    code(() => text(file)),
    code(() => files.syncDirectory('.')),
    code(() => files.syncDirectory('.')),
  ];
  t.same(codes, ['EIO', 'none', 'EIO', 'EIO', 'none', 'EIO', 'none']);
  machine.disk.loseWrites(1);
  write(file, 0, 'lost');
  t.equal(text(file), 'x');
  machine.disk.failTruncates(1);
  t.equal(
    code(() => file.truncate(0)),
    'EIO',
  );
  machine.disk.failWrites(1);
  machine.disk.clearFaults();
  write(file, 0, 'goes');
});

t.test('a misdirected write lands some sectors away', async (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const machine = new Simulation({ seed }).machine('a');
    const file = machine.world.files.open('f', { create: true });
    file.write([Buffer.alloc(8192, 'o')], 0);
    machine.disk.misdirectWrites(1);
    write(file, 3000, 'astray');
    const found = text(file).indexOf('astray');
    t.ok(found >= 0 && found !== 3000 && (found - 3000) % 512 === 0, `seed ${seed}: ${found}`);
  }
});

t.test('damage stays through sync and crash', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a');
  machine.disk.put('deep/f', Buffer.from('AAAAAAAA'));
  machine.disk.damage('deep/f', 2, 1);
  machine.disk.damage('deep/f', 4, 2, 'zero');
  t.equal(afterPowerCut(simulation, 'a', 'deep/f'), 'AA\u0001A\0\0AA');
});

t.test('syncs take time, more if told', async (t) => {
  const simulation = new Simulation({ seed: 1 });
  const machine = simulation.machine('a', { clockDrift: 0 });
  const file = machine.world.files.open('f', { create: true });
  const before = machine.world.clock.monotonic();
  file.sync();
  const blocked = machine.world.clock.monotonic() - before;
  t.ok(blocked > 0.1 && blocked < 30, `${blocked}`);
  machine.disk.slowSyncs(500);
  let at = 0;
  file.syncCallback(() => {
    at = simulation.now;
  });
  simulation.run(2000);
  t.ok(at > 500 && at < 550, `${at}`);
});

t.test('a machine can crash in any of its file operations', async (t) => {
  const found = new Set<string>();
  for (let n = 1; n <= 8; n++) {
    for (let seed = 0; seed < 20; seed++) {
      const simulation = new Simulation({ seed });
      const machine = simulation.machine('a');
      let steps = 0;
      machine.disk.crashInOperation(n);
      machine.call(({ files }) => {
        const file = files.open('tmp', { create: true });
        steps = 1;
        write(file, 0, 'content');
        steps = 2;
        file.sync();
        steps = 3;
        files.rename('tmp', 'final');
        steps = 4;
        files.syncDirectory('.');
        steps = 5;
      });
      simulation.run(100);
      t.equal(steps, Math.min(n - 1, 5));
      t.equal(machine.running, n > 5);
      if (machine.running) continue;
      const { files } = machine.restart();
      found.add(files.list('.').join(' '));
      if (!files.exists('final')) continue;
      t.equal(text(files.open('final', { create: false })), 'content');
    }
  }
  t.same([...found].sort(), ['', 'final', 'tmp']);
});
