import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import {
  formatDouble,
  parseDouble,
  parseInteger,
  parseIntegerText,
} from '../../src/resp/numbers.ts';

const INTEGERS: readonly (readonly [string, number | bigint | undefined])[] = [
  ['0', 0],
  ['7', 7],
  ['-1', -1],
  ['123456789012345', 123456789012345],
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['-9007199254740992', -9007199254740992n],
  ['9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808', -9223372036854775808n],
  ['9223372036854775808', undefined],
  ['-9223372036854775809', undefined],
  ['99999999999999999999', undefined],
  ['', undefined],
  ['-', undefined],
  ['-0', undefined],
  ['00', undefined],
  ['01', undefined],
  ['-01', undefined],
  ['+1', undefined],
  [' 1', undefined],
  ['1 ', undefined],
  ['1.0', undefined],
  ['1e3', undefined],
  ['12345678901234567x', undefined],
  ['0x10', undefined],
];

t.test('integers have one spelling and 64 bits', (t) => {
  for (const [text, value] of INTEGERS) {
    const padded = Buffer.from(`9${text}9`, 'latin1');
    t.equal(parseInteger(padded, 1, 1 + text.length), value, `bytes ${text}`);
    t.equal(parseIntegerText(text), value, `string ${text}`);
  }
  t.end();
});

t.test('doubles are read as strtod reads them', (t) => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['1', 1],
    ['-1.5', -1.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['-0', -0],
    ['0e999', 0],
    ['4.9e-324', 5e-324],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['+INF', Infinity],
    ['0x10', 16],
    ['-0X1.8p1', -3],
    ['0x.8', 0.5],
    ['nan', undefined],
    ['', undefined],
    [' 1', undefined],
    ['1 ', undefined],
    ['1e', undefined],
    ['.', undefined],
    ['e5', undefined],
    ['0x', undefined],
    ['0x1p', undefined],
    ['1e400', undefined],
    ['-1e400', undefined],
    ['1e-400', undefined],
    ['0x1p99999', undefined],
    ['0x1p-99999', undefined],
    ['1_000', undefined],
    ['infinit', undefined],
    ['1\x00', undefined],
  ];
  for (const [text, value] of cases) t.equal(parseDouble(text), value, JSON.stringify(text));
  t.end();
});

t.test('a long text that is no double is refused in linear time', (t) => {
  const start = process.hrtime.bigint();
  for (const prefix of ['', '0x', '.', '1e']) {
    t.equal(parseDouble(`${prefix}${'1'.repeat(1_000_000)}z`), undefined);
  }
  t.ok(Number(process.hrtime.bigint() - start) / 1e9 < 2);
  t.end();
});

t.test('doubles are printed as Redis 7.2 prints them', (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-3.5, '-3.5'],
    [0.1, '0.1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e15, '1000000000000000'],
    [1e17, '100000000000000000'],
    [2 ** 60, '1152921504606846976'],
    [2 ** 62, '4611686018427387904'],
    [2 ** 63, '9223372036854776000'],
    [1e19, '1e+19'],
    [1.5e300, '1.5e+300'],
    [-1e100, '-1e+100'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [0.000001, '0.000001'],
    [0.0000001, '1e-7'],
    [1.5e-10, '1.5e-10'],
    [5e-324, '5e-324'],
    [0.00123456789, '0.00123456789'],
    [1234.567891234, '1234.567891234'],
    [12345.123456, '12345.123456'],
    [12345.1234567, '1.23451234567e+4'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [Number.NaN, 'nan'],
  ];
  for (const [value, text] of cases) t.equal(formatDouble(value), text);
  t.end();
});

t.test('every double printed reads back as itself', (t) => {
  const prng = new Prng(7, 11);
  const bits = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 100_000; i++) {
    bits.setUint32(0, prng.uint32());
    bits.setUint32(4, prng.uint32());
    const value = prng.chance(0.5)
      ? bits.getFloat64(0)
      : (prng.float() - 0.5) * 10 ** prng.below(20);
    const text = formatDouble(value);
    const back = text === 'nan' ? Number.NaN : parseDouble(text);
    if (!Object.is(back, value)) t.fail(`${value} was printed as ${text}`);
  }
  t.end();
});
