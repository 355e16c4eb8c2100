import t from 'tap';
import { asMilliseconds } from '../../../src/base/ids.ts';
import { Prng } from '../../../src/base/prng.ts';
import { HashValue } from '../../../src/keyspace/hash-value.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { RawString } from '../../../src/keyspace/raw-string.ts';
import { buildValue } from '../../../src/keyspace/rdb/build.ts';
import { dumpValue, hasGoodFooter, readDump } from '../../../src/keyspace/rdb/dump.ts';
import { seal } from './old-forms.ts';

const hash = new KeyHash({ high: 1, low: 2 });

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** DUMPs of redis-server 7.0.15, and what is in them. */
const CAPTURED: readonly (readonly [string, unknown])[] = [
  ['00c17fff0a001760822854808480', { type: 'string', value: -129 }],
  ['000568656c6c6f0a006372df766534200a', { type: 'string', value: 'hello' }],
  ['00c30932016161e025000161610a0009ac48b9ab15fbc9', { type: 'string', value: 'a'.repeat(50) }],
  [
    '120102252500000006008161020501c12c02f290eefe04f400f2052a01000000098568656c6c6f06ff0a0037031ec828efdb8f',
    { type: 'list', elements: ['a', '5', '300', '-70000', '5000000000', 'hello'] },
  ],
  [
    '0b140400000003000000fbffffff01000000701101000a0086a0bbcf3a22ed25',
    { type: 'set', members: ['-5', '1', '70000'] },
  ],
  ['02030162c00701610a002d3ad4bcce3d99a4', { type: 'set', members: ['b', '7', 'a'] }],
  [
    '1122220000000800816402dffd02816102010181620283322e350481630283696e6604ff0a00f821e34c7aae5b14',
    {
      type: 'zset',
      members: ['d', 'a', 'b', 'c'],
      scores: [-3, 1, 2.5, Number.POSITIVE_INFINITY],
    },
  ],
  [
    '05030163000000000000f07f016200000000000004400161000000000000f03f0a00d05d23af3e180fa6',
    { type: 'zset', members: ['c', 'b', 'a'], scores: [Number.POSITIVE_INFINITY, 2.5, 1] },
  ],
  [
    '1013130000000400816102010182626203ded402ff0a00c8577f4155ad70cc',
    { type: 'hash', pairs: ['a', '1', 'bb', '-300'], deadlines: undefined },
  ],
  [
    '0402026262c1d4fe0161c0010a0014e7d5c18b5b3d19',
    { type: 'hash', pairs: ['bb', '-300', 'a', '1'], deadlines: undefined },
  ],
];

t.test('payloads of a real Redis are read', async (t) => {
  for (const [hex, expected] of CAPTURED) {
    t.equal(hasGoodFooter(bytes(hex)), true, hex.slice(0, 20));
    t.same(readDump(bytes(hex)), expected, hex.slice(0, 20));
  }
});

t.test('strings are dumped to the same bytes as by Redis', async (t) => {
  t.equal(dumpValue(-129)?.toString('hex'), '00c17fff0a001760822854808480');
  t.equal(dumpValue('hello')?.toString('hex'), '000568656c6c6f0a006372df766534200a');
  t.equal(dumpValue(10)?.toString('latin1'), '\x00\xc0\n\n\x00n\x9fWE\x0e\xaec\xbb');
  t.equal(dumpValue('10')?.toString('hex'), dumpValue(10)?.toString('hex'));
});

t.test('a footer of another version or checksum is not good', async (t) => {
  const good = bytes('000568656c6c6f0a006372df766534200a');
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] as number) ^ 1;
    if (hasGoodFooter(bad)) t.fail(`damaged at ${at}`);
  }
  for (const [version, expected] of [
    [1, true],
    [12, true],
    [13, false],
    [256, false],
  ] as const) {
    const head = Buffer.from([0, 0, version & 0xff, version >> 8]);
    t.equal(hasGoodFooter(seal(head)), expected, `version ${version}`);
  }
  t.equal(hasGoodFooter(Buffer.alloc(9)), false);
});

t.test('a payload with something behind its value is refused', async (t) => {
  t.equal(readDump(seal(Buffer.from([0, 1, 0x61, 0x62, 10, 0]))), undefined);
  t.equal(readDump(seal(Buffer.from([10, 0]))), undefined);
});

t.test('a hash with deadlines is dumped as by Redis 7.4', async (t) => {
  const value = new HashValue(hash);
  value.setAll(['a', '1', 'b', '2', 'c', '3']);
  value.setDeadline('a', 5000);
  value.setDeadline('c', 5100);
  const dump = dumpValue(value);
  const body =
    '18' + '8813000000000000' + '03' + '010161c001' + '000162c002' + '40650163c003' + '0c00';
  t.equal(dump?.toString('hex'), seal(bytes(body)).toString('hex'));
  t.same(dump && readDump(dump), {
    type: 'hash',
    pairs: ['a', '1', 'b', '2', 'c', '3'],
    deadlines: [5000, 0, 5100],
  });
});

t.test('a large string is dumped from its bytes', async (t) => {
  const text = 'x'.repeat(20_000);
  const dump = dumpValue(RawString.ofText(text));
  t.ok(dump !== undefined && hasGoodFooter(dump));
  const value = dump && readDump(dump);
  t.ok(value?.type === 'string' && value.value instanceof RawString && value.value.text() === text);
});

t.test('a value that no command could take back is not dumped', async (t) => {
  const value = RawString.ofBytes(Buffer.allocUnsafe(512 * 1024 * 1024));
  t.equal(dumpValue(value), undefined);
});

t.test('no payload throws or takes long', async (t) => {
  const inputs = Number(process.env['INPUTS'] ?? 20_000);
  const random = new Prng(Number(process.env['SEED'] ?? 1), 9);
  let built = 0;
  for (let i = 0; i < inputs; i++) {
    const [hex] = CAPTURED[random.below(CAPTURED.length)] as (typeof CAPTURED)[number];
    const payload = damaged(bytes(hex), random);
    const value = hasGoodFooter(payload) ? readDump(payload) : undefined;
    if (value && buildValue(value, { hash, now: asMilliseconds(1) }).kind === 'value') built++;
  }
  t.ok(built > 0);
});

/** Some bytes changed, and the checksum made right again. */
function damaged(payload: Buffer, random: Prng): Buffer {
  const head = Buffer.from(payload.subarray(0, -8));
  for (let n = random.below(4); n >= 0; n--) {
    const at = random.below(head.length - 2);
    head[at] = random.chance(0.5)
      ? random.below(256)
      : (head[at] as number) ^ (1 << random.below(8));
  }
  if (random.chance(0.3)) head[0] = random.below(27);
  return seal(head);
}
