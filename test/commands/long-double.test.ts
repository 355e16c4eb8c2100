import t from 'tap';
import {
  addLongDoubles,
  formatLongDouble,
  parseLongDouble,
} from '../../src/commands/long-double.ts';

function round(text: string): string {
  const value = parseLongDouble(text);
  return value === undefined || value === 'infinite' ? String(value) : formatLongDouble(value);
}

t.test('numbers are read as strtold reads them', async (t) => {
  t.equal(round('3.0e3'), '3000');
  t.equal(round('.5'), '0.5');
  t.equal(round('5.'), '5');
  t.equal(round('+7'), '7');
  t.equal(round('0x1.8p1'), '3');
  t.equal(round('-0x10'), '-16');
  t.equal(round('-0'), '0');
  t.equal(round('Infinity'), 'infinite');
  for (const wrong of ['', '.', 'e1', '1e', '1e+', '0x', '0xp1', 'nan', '--1', '1 ', '1_0']) {
    t.equal(parseLongDouble(wrong), undefined, wrong);
  }
});

t.test('the significand has 64 bits', async (t) => {
  t.equal(round('18446744073709551615'), '18446744073709551615');
  t.equal(round('18446744073709551617'), '18446744073709551616', 'ties go to even');
  t.equal(round('18446744073709551619'), '18446744073709551620');
  t.equal(round('36893488147419103231'), '36893488147419103232');
});

t.test('numbers at the ends of the range', async (t) => {
  t.equal(round('1.18e4932').length, 4933);
  t.equal(parseLongDouble('1.19e4932'), undefined);
  t.equal(round('4e-4951'), '0');
  t.equal(parseLongDouble('1e-4951'), undefined, 'rounds to zero, but is not zero');
  t.equal(round('0e99999'), '0');
  t.equal(parseLongDouble('1e99999999999999999999'), undefined);
});

t.test('sums are rounded once', async (t) => {
  const add = (a: string, b: string): string => {
    const x = parseLongDouble(a);
    const y = parseLongDouble(b);
    if (x === undefined || y === undefined || x === 'infinite' || y === 'infinite') return 'none';
    const sum = addLongDoubles(x, y);
    return sum === undefined ? 'infinite' : formatLongDouble(sum);
  };
  t.equal(add('0.1', '0.2'), '0.3');
  t.equal(add('18446744073709551615', '0.5'), '18446744073709551616');
  t.equal(add('1e4931', '-1e4931'), '0');
  t.equal(add('1.1e4932', '1.1e4932'), 'infinite');
});
