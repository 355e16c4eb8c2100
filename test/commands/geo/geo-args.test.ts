import t from 'tap';
import { readBox, readCircle, readPosition, readUnit } from '../../../src/commands/geo/geo-args.ts';
import { Args } from '../../../src/resp/args.ts';

function args(line: string): Args {
  return Args.of(line.split(' '));
}

t.test('units are metres, kilometres, feet and miles in any case', async (t) => {
  const units = args('m KM ft Mi x');
  t.same(
    [0, 1, 2, 3].map((i) => readUnit(units, i)),
    [1, 1000, 0.3048, 1609.34],
  );
  t.match(readUnit(units, 4), { text: 'ERR unsupported unit provided. please use M, KM, FT, MI' });
});

t.test('positions lie on the map', async (t) => {
  t.same(readPosition(args('-180 85.05112878'), 0), { longitude: -180, latitude: 85.05112878 });
  const pair = (line: string): unknown => readPosition(args(line), 0);
  t.match(pair('x 1'), { text: 'ERR value is not a valid float' });
  t.match(pair('200 1e22'), {
    text: 'ERR invalid longitude,latitude pair 200.000000,10000000000000000000000.000000',
  });
  t.match(pair('-0.5 100.25'), {
    text: 'ERR invalid longitude,latitude pair -0.500000,100.250000',
  });
  t.match(pair('inf -0'), { text: 'ERR invalid longitude,latitude pair inf,-0.000000' });
});

t.test('circles and boxes have no negative sizes', async (t) => {
  t.same(readCircle(args('1.5 km'), 0), { kind: 'circle', radius: 1.5, toMetres: 1000 });
  t.match(readCircle(args('x km'), 0), { text: 'ERR need numeric radius' });
  t.match(readCircle(args('-1 x'), 0), { text: 'ERR radius cannot be negative' });
  t.same(readBox(args('1 2 m'), 0), { kind: 'box', width: 1, height: 2, toMetres: 1 });
  t.match(readBox(args('x y m'), 0), { text: 'ERR need numeric width' });
  t.match(readBox(args('-1 y m'), 0), { text: 'ERR need numeric height' });
  t.match(readBox(args('1 -1 x'), 0), { text: 'ERR height or width cannot be negative' });
  t.match(readBox(args('1 1 x'), 0), { text: /unsupported unit/ });
});
