import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import {
  countElements,
  countRegisters,
  denseOf,
  keptCardinality,
  mergeRegisters,
  toDense,
} from '../../src/keyspace/hyperloglog.ts';
import { DENSE_BYTES, emptyHyperloglog, REGISTERS } from '../../src/keyspace/hyperloglog-format.ts';

const HEAD: Buffer = emptyHyperloglog().view();

function randomRegisters(most: number): Uint8Array {
  const random = new Prng(most, 1);
  return Uint8Array.from({ length: REGISTERS }, () => random.below(most + 1));
}

function headWith(cardinality: string): Buffer {
  return Buffer.from(`HYLL\x01\0\0\0${cardinality}\x7f\xff`, 'latin1');
}

t.test('registers of 6 bits come back as they were put in', async (t) => {
  const registers = randomRegisters(63);
  const dense = denseOf(HEAD, registers);
  t.equal(dense.length, DENSE_BYTES);
  t.equal(dense[4], 0);
  const merged = new Uint8Array(REGISTERS);
  t.ok(mergeRegisters(dense, merged));
  t.same(merged, registers);
});

t.test('merging keeps the greater of two registers', async (t) => {
  const a = randomRegisters(20);
  const b = randomRegisters(30);
  const merged = a.slice();
  mergeRegisters(denseOf(HEAD, b), merged);
  t.ok(merged.every((rank, i) => rank === Math.max(a[i] ?? 0, b[i] ?? 0)));
});

t.test('a sparse one becomes dense with the same registers', async (t) => {
  const runs = '\x84\x3f\x7f\xbe';
  const sparse = Buffer.concat([HEAD.subarray(0, 16), Buffer.from(runs, 'latin1')]);
  const dense = toDense(sparse);
  t.equal(dense?.length, DENSE_BYTES);
  t.equal(dense?.[16], 2);
  t.ok(dense?.subarray(17).every((byte) => byte === 0));
  t.equal(toDense(sparse.subarray(0, 18)), undefined);
});

t.test('counts are those of Redis for the same registers', async (t) => {
  t.equal(countElements(HEAD), 0);
  const one = new Uint8Array(REGISTERS);
  one[5] = 3;
  t.equal(countRegisters(one), 1);
  // Counted by a real Redis.
  t.equal(
    countElements(Buffer.from(`HYLL${'\0'.repeat(11)}\x80${'\x5a'.repeat(12_288)}`, 'latin1')),
    186_613_125_348,
  );
  t.equal(countElements(denseOf(HEAD, randomRegisters(10))), 61_650);
});

t.test('sparse, dense and merged registers count alike', async (t) => {
  const sparse = Buffer.concat([HEAD.subarray(0, 16), Buffer.from('\x84\x3f\x7f\xbe', 'latin1')]);
  const registers = new Uint8Array(REGISTERS);
  mergeRegisters(sparse, registers);
  t.equal(countElements(sparse), 1);
  t.equal(countElements(denseOf(HEAD, registers)), 1);
  t.equal(countRegisters(registers), 1);
});

t.test('counts of registers that nobody gets by adding stay 64-bit integers', async (t) => {
  t.equal(countRegisters(new Uint8Array(REGISTERS).fill(63)), -(2n ** 63n));
  t.equal(countRegisters(new Uint8Array(REGISTERS).fill(51)), -(2n ** 63n));
  const large = countRegisters(new Uint8Array(REGISTERS).fill(45));
  t.ok(typeof large === 'bigint' && large > 2n ** 53n);
});

t.test('runs that are not sound do not count', async (t) => {
  t.equal(countElements(HEAD.subarray(0, 16)), undefined);
});

t.test('the count in the head is read unless it is out of date', async (t) => {
  t.equal(keptCardinality(headWith('\x05\x01\0\0\0\0\0\0')), 261);
  t.equal(keptCardinality(headWith('\xff\xff\xff\xff\xff\xff\xff\x7f')), 2n ** 63n - 1n);
  t.equal(keptCardinality(headWith('\x05\0\0\0\0\0\0\x80')), undefined);
});
