import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { LogCheck } from '../../src/world/level-log.ts';
import { RealImageStores } from '../../src/world/real-image-store.ts';
import { close, type Driver, open, write } from './image-store-driver.ts';

/** The log of a LevelDB with batches of many sizes, and where each of them ends. */
async function writeLog(folder: string): Promise<{ log: Buffer; ends: number[] }> {
  const at: Driver = {
    stores: new RealImageStores(),
    folder: path.join(folder, 'image'),
    wait: async (until) => {
      while (!until()) await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const store = await open(at);
  const read = (): Buffer => {
    const name = readdirSync(at.folder).find((one) => one.endsWith('.log'));
    return readFileSync(path.join(at.folder, name ?? ''));
  };
  const ends: number[] = [];
  for (const size of [1, 100, 20_000, 5, 40_000, 32_000, 90_000, 300, 0, 12_000]) {
    await write(at, store, { [`k${size}`]: 'v'.repeat(size) });
    ends.push(read().length);
  }
  const log = read();
  await close(at, store);
  return { log, ends };
}

function lost(...logs: readonly Buffer[]): number | null {
  const check = new LogCheck();
  let found: number | null = null;
  logs.forEach((log, i) => {
    found ??= check.add(`${i}.log`, log)?.offset ?? null;
  });
  return found;
}

t.test('wrong bits, zeros and holes are found before the last batch, and only there', async (t) => {
  const { log, ends } = await writeLog(t.testdir());
  const random = new Prng(0, 1);
  const last = ends.at(-2) ?? 0;
  t.equal(lost(log), null);
  for (let round = 0; round < 600; round++) {
    const offset = random.below(log.length);
    const spoilt = Buffer.from(log);
    const length = round % 3 === 0 ? 1 : 1 + random.below(2000);
    if (round % 2 === 0) spoilt[offset] = (spoilt[offset] ?? 0) ^ (1 << random.below(8));
    else spoilt.fill(0, offset, offset + length);
    // What is left over of a block is never read.
    if (spoilt.equals(log) || 32_768 - (offset % 32_768) < 7) continue;
    const found = lost(spoilt);
    const whole = offset + length <= last || round % 2 === 0;
    if (offset >= last) {
      if (found !== null) t.fail(`round ${round}: ${offset} is in the last batch`);
    } else if (whole && (found === null || found > offset)) {
      t.fail(`round ${round}: ${offset} found at ${found}`);
    }
  }
});

t.test(
  'a log that ends anywhere is no damage, unless another one with batches follows',
  async (t) => {
    const { log, ends } = await writeLog(t.testdir());
    const random = new Prng(0, 2);
    for (let round = 0; round < 200; round++) {
      const torn = log.subarray(0, random.below(log.length));
      if (lost(torn) !== null) t.fail(`cut at ${torn.length}`);
      if (lost(torn, Buffer.alloc(0)) !== null) t.fail(`cut at ${torn.length}, then an empty log`);
    }
    const [first = 0] = ends;
    t.equal(lost(log.subarray(0, first + 20), log), first);
    t.equal(lost(log.subarray(0, first), log), null);
  },
);
