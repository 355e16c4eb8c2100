import t from 'tap';
import { Allowance, Malformed } from '../../../src/keyspace/rdb/malformed.ts';
import { readZipmap } from '../../../src/keyspace/rdb/zipmap.ts';
import { zipmap } from './old-forms.ts';

function read(bytes: Buffer): string[] {
  return readZipmap(bytes, new Allowance());
}

t.test('a zipmap gives back its pairs without unused bytes', async (t) => {
  const long = 'x'.repeat(300);
  const bytes = zipmap([
    ['a', 'b'],
    ['', long],
    [long, ''],
  ]);
  t.same(read(bytes), ['a', 'b', '', long, long, '']);
});

t.test('a zipmap of very many pairs has no count', async (t) => {
  const bytes = zipmap([['a', 'b']]);
  bytes[0] = 254;
  t.same(read(bytes), ['a', 'b']);
});

t.test('a zipmap that is not whole is refused', async (t) => {
  const good = zipmap([
    ['ab', 'cd'],
    ['ef', 'gh'],
  ]);
  for (let end = 0; end < good.length; end++) {
    t.throws(() => read(good.subarray(0, end)), Malformed, `cut at ${end}`);
  }
  for (const at of [0, 1, 4, 5, good.length - 1]) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] as number) ^ 0x40;
    t.throws(() => read(bad), Malformed, `damaged at ${at}`);
  }
});
