import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { type Position, scoreAt, scoresOf } from '../../../src/commands/geo/geohash.ts';
import {
  cellsAround,
  distanceBetween,
  type Extent,
  Gauge,
} from '../../../src/commands/geo/shape.ts';

const BERLIN: Position = { longitude: 13.4, latitude: 52.5 };
const PARIS: Position = { longitude: 2.35, latitude: 48.85 };

function circle(radius: number): Extent {
  return { kind: 'circle', radius, toMetres: 1000 };
}

t.test('distances are those on a sphere', async (t) => {
  t.ok(Math.abs(distanceBetween(BERLIN, PARIS) - 878_000) < 2000);
  t.equal(distanceBetween(BERLIN, PARIS), distanceBetween(PARIS, BERLIN));
  t.equal(distanceBetween(BERLIN, BERLIN), 0);
  const north = distanceBetween({ longitude: 5, latitude: 0 }, { longitude: 5, latitude: 90 });
  t.ok(Math.abs(north - (6372797.560856 * Math.PI) / 2) < 1e-6);
});

t.test('antipodes are half a girth apart', async (t) => {
  for (let latitude = -85; latitude <= 85; latitude += 0.37) {
    const distance = distanceBetween(
      { longitude: -90, latitude },
      { longitude: 90, latitude: -latitude },
    );
    t.ok(Math.abs(distance - 6372797.560856 * Math.PI) < 1);
  }
});

t.test('a position is inside a circle up to its radius', async (t) => {
  const distance = distanceBetween(BERLIN, PARIS) / 1000;
  t.equal(new Gauge({ center: BERLIN, extent: circle(distance - 1) }).distance(PARIS), -1);
  t.equal(
    new Gauge({ center: BERLIN, extent: circle(distance + 1) }).distance(PARIS),
    distanceBetween(BERLIN, PARIS),
  );
});

t.test('a gauge says the same as the distance, up to the last bit of the radius', async (t) => {
  const random = new Prng(3, 9);
  for (let i = 0; i < 300; i++) {
    const near = 180 / 4 ** random.below(9);
    const [center, place] = [BERLIN, BERLIN].map(({ longitude, latitude }) => ({
      longitude: longitude + (random.float() - 0.5) * near,
      latitude: (latitude + (random.float() - 0.5) * near) % 90,
    })) as [Position, Position];
    const distance = distanceBetween(center, place);
    for (const [factor, inside] of [
      [1, true],
      [1 - 2 ** -52, false],
      [1 + 1e-12, true],
      [1 - 1e-8, false],
      [2, true],
      [0.5, false],
    ] as const) {
      const extent: Extent = { kind: 'circle', radius: distance * factor, toMetres: 1 };
      const gauge = new Gauge({ center, extent });
      t.equal(gauge.distance(place), inside ? distance : -1, `${distance} m`);
      t.equal(gauge.holds(place), inside);
    }
  }
});

t.test('a position is inside a box up to half its width and height', async (t) => {
  const box = (width: number, height: number): Extent => ({
    kind: 'box',
    width,
    height,
    toMetres: 1000,
  });
  const east = { longitude: 13.5, latitude: 52.5 };
  t.ok(new Gauge({ center: BERLIN, extent: box(14, 1) }).distance(east) > 0);
  t.equal(new Gauge({ center: BERLIN, extent: box(13, 100) }).distance(east), -1);
  const north = { longitude: 13.4, latitude: 52.6 };
  t.ok(new Gauge({ center: BERLIN, extent: box(1, 23) }).distance(north) > 0);
  t.equal(new Gauge({ center: BERLIN, extent: box(100, 22) }).distance(north), -1);
});

t.test('the cells around a circle hold all that is in it', async (t) => {
  const centers = [BERLIN, { longitude: 179.9, latitude: -70 }, { longitude: 0, latitude: 84 }];
  for (const center of centers) {
    for (const radius of [0.01, 1, 30, 900]) {
      const cells = cellsAround({ center, extent: circle(radius) });
      t.ok(cells.length <= 9);
      const north = radius / 111.3;
      for (const offset of [-0.99, -0.5, 0.5, 0.99]) {
        const latitude = center.latitude + offset * north;
        if (latitude > 85) continue;
        const score = scoreAt({ longitude: center.longitude, latitude });
        const held = cells.some(
          (cell) => score >= scoresOf(cell).min && score < scoresOf(cell).max,
        );
        t.ok(held, `${radius} km, ${latitude}`);
      }
    }
  }
});

t.test('the middle cell is first, and no cell is there twice', async (t) => {
  for (const radius of [0, 5, 5000, 20_000, Number.POSITIVE_INFINITY]) {
    const cells = cellsAround({ center: BERLIN, extent: circle(radius) });
    const { min, max } = scoresOf(cells[0] ?? { step: 1, column: 0, row: 0 });
    t.ok(scoreAt(BERLIN) >= min && scoreAt(BERLIN) < max);
    t.equal(new Set(cells.map(({ column, row }) => `${column} ${row}`)).size, cells.length);
  }
});
