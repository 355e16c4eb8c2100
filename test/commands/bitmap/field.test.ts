import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { fit, readField, writeField } from '../../../src/commands/bitmap/field.ts';
import { RawString } from '../../../src/keyspace/raw-string.ts';

/** The same by way of a string of binary digits. */
function modelRead(text: string, offset: number, bits: number): string {
  const digits = [...text].map((c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('');
  return digits.padEnd(offset + bits, '0').slice(offset, offset + bits);
}

t.test('fields of any width are written and read back at any offset', async (t) => {
  const random = new Prng(7, 8);
  for (let round = 0; round < 2000; round++) {
    const signed = random.chance(0.5);
    const bits = 1 + random.below(signed ? 64 : 63);
    const offset = random.below(100);
    const raw = RawString.ofText(Buffer.alloc(24, random.below(256)).latin1Slice());
    const before = raw.text();
    const wide = (BigInt(random.below(2 ** 32)) << 32n) | BigInt(random.below(2 ** 32));
    const value = signed ? BigInt.asIntN(bits, wide) : BigInt.asUintN(bits, wide);
    writeField(raw, { signed, bits, offset }, value);
    const read = readField(raw, { signed, bits, offset });
    const digits = BigInt.asUintN(bits, wide).toString(2).padStart(bits, '0');
    const same =
      BigInt(read) === value &&
      modelRead(raw.text(), offset, bits) === digits &&
      modelRead(raw.text(), 0, offset) === modelRead(before, 0, offset) &&
      modelRead(raw.text(), offset + bits, 20) === modelRead(before, offset + bits, 20);
    if (!same) t.fail(`${signed ? 'i' : 'u'}${bits} at ${offset}`);
  }
  t.pass('2000 fields');
});

t.test('a field behind the end of its string is 0', async (t) => {
  t.equal(readField('\xff', { signed: false, bits: 16, offset: 0 }), 0xff00);
  t.equal(readField('\xff', { signed: true, bits: 64, offset: 4 }), -(2n ** 60n));
  t.equal(readField('', { signed: false, bits: 8, offset: 2 ** 32 - 1 }), 0);
});

t.test('a number is cut to the width of its field, saturates or fails', async (t) => {
  const u8 = { signed: false, bits: 8, offset: 0 };
  const i8 = { signed: true, bits: 8, offset: 0 };
  t.equal(fit(255, u8, 'fail'), 255);
  t.equal(fit(256, u8, 'fail'), undefined);
  t.equal(fit(257, u8, 'wrap'), 1);
  t.equal(fit(-1, u8, 'wrap'), 255);
  t.equal(fit(300, u8, 'saturate'), 255);
  t.equal(fit(-1, u8, 'saturate'), 0);
  t.equal(fit(-128, i8, 'fail'), -128);
  t.equal(fit(128, i8, 'wrap'), -128);
  t.equal(fit(-129, i8, 'wrap'), 127);
  t.equal(fit(-129, i8, 'saturate'), -128);
  t.equal(fit(128, i8, 'saturate'), 127);
});

t.test('the widest fields are exact', async (t) => {
  const i64 = { signed: true, bits: 64, offset: 0 };
  const u63 = { signed: false, bits: 63, offset: 0 };
  t.equal(fit(2n ** 63n - 1n, i64, 'fail'), 2n ** 63n - 1n);
  t.equal(fit(2n ** 63n, i64, 'fail'), undefined);
  t.equal(fit(2n ** 63n, i64, 'wrap'), -(2n ** 63n));
  t.equal(fit(2n ** 63n, i64, 'saturate'), 2n ** 63n - 1n);
  t.equal(fit(2n ** 63n, u63, 'saturate'), 2n ** 63n - 1n);
  t.equal(fit(2n ** 63n + 5n, u63, 'wrap'), 5);
});
