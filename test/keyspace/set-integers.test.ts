import t from 'tap';
import {
  type IntegerWidth,
  integerAt,
  integerBytes,
  integerFind,
  integerInsert,
  integerRemove,
  integerWiden,
  integerWidth,
} from '../../src/keyspace/set-integers.ts';

type Integer = number | bigint;

const SMALL: readonly Integer[] = [-32768, -129, -1, 0, 1, 255, 256, 32767];
const MIDDLE: readonly Integer[] = [-2147483648, -32769, ...SMALL, 32768, 16909060, 2147483647];
const LARGE: readonly Integer[] = [
  -9223372036854775808n,
  -9007199254740993n,
  Number.MIN_SAFE_INTEGER,
  -4294967296,
  -2147483649,
  ...MIDDLE,
  2147483648,
  4294967295,
  4294967296,
  Number.MAX_SAFE_INTEGER,
  9007199254740992n,
  9223372036854775807n,
];

const LISTS: readonly (readonly [IntegerWidth, readonly Integer[]])[] = [
  [2, SMALL],
  [4, MIDDLE],
  [8, LARGE],
];

function packInOrder(width: IntegerWidth, values: readonly Integer[]): string {
  let packed = '';
  for (const value of values) {
    packed = integerInsert(packed, width, { index: packed.length / width, value });
  }
  return packed;
}

function unpackAll(packed: string, width: IntegerWidth): Integer[] {
  return Array.from({ length: packed.length / width }, (_, i) => integerAt(packed, width, i));
}

t.test('integers come back as they were put in', async (t) => {
  for (const [width, values] of LISTS) {
    const packed = packInOrder(width, values);
    t.equal(packed.length, values.length * width);
    t.same(unpackAll(packed, width), values);
  }
});

t.test('every integer is found, and where others would stand', async (t) => {
  for (const [width, values] of LISTS) {
    const packed = packInOrder(width, values);
    values.forEach((value, i) => {
      t.equal(integerFind(packed, width, value), i);
      t.equal(integerFind(integerRemove(packed, width, i), width, value), -1 - i);
    });
  }
  t.equal(integerFind('', 2, 5), -1);
});

t.test('an integer is put between others', async (t) => {
  const packed = packInOrder(2, [1, 2, 4]);
  t.same(unpackAll(integerInsert(packed, 2, { index: 2, value: 3 }), 2), [1, 2, 3, 4]);
});

t.test('the width is the least that holds an integer', async (t) => {
  t.same([-32768, 32767].map(integerWidth), [2, 2]);
  t.same([-32769, 32768, -2147483648, 2147483647].map(integerWidth), [4, 4, 4, 4]);
  t.same([-2147483649, 2147483648].map(integerWidth), [8, 8]);
  t.equal(integerWidth(9223372036854775807n), 8);
});

t.test('a greater width changes nothing but the bytes', async (t) => {
  t.same(unpackAll(integerWiden(packInOrder(2, SMALL), 2, 4), 4), SMALL);
  t.same(unpackAll(integerWiden(packInOrder(2, SMALL), 2, 8), 8), SMALL);
  t.same(unpackAll(integerWiden(packInOrder(4, MIDDLE), 4, 8), 8), MIDDLE);
});

t.test('the bytes they need follow from the least and the greatest', async (t) => {
  t.equal(integerBytes(packInOrder(8, SMALL), 8), SMALL.length * 2);
  t.equal(integerBytes(packInOrder(8, [-32769, 0]), 8), 8);
  t.equal(integerBytes(packInOrder(4, [0, 32768]), 4), 8);
  t.equal(integerBytes('', 4), 0);
});
