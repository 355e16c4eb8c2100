import t from 'tap';
import {
  areaOf,
  cellAt,
  geohashOf,
  neighbour,
  positionOf,
  scoreAt,
  scoresOf,
} from '../../../src/commands/geo/geohash.ts';

const PALERMO = { longitude: 13.361389, latitude: 38.115556 };
const PALERMO_SCORE = 3479099956230698;

t.test('the score of a position has the bits of both coordinates', async (t) => {
  t.equal(scoreAt(PALERMO), PALERMO_SCORE);
  t.equal(scoreAt({ longitude: -180, latitude: -85.05112878 }), 0);
  t.equal(scoreAt({ longitude: 180, latitude: 85.05112878 }), 2 ** 53 + 2 ** 52);
});

t.test('a score means the middle of its cell', async (t) => {
  t.same(positionOf(PALERMO_SCORE), {
    longitude: 13.361389338970184,
    latitude: 38.1155563954963,
  });
  t.equal(scoreAt(positionOf(PALERMO_SCORE)), PALERMO_SCORE);
});

t.test('scores that are no positions mean some position all the same', async (t) => {
  for (const score of [-1, 3.7, 1e18, 1e300, -1e300, Number.POSITIVE_INFINITY, 2 ** 63]) {
    const { longitude, latitude } = positionOf(score);
    t.ok(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 85.05112878, String(score));
  }
});

t.test('a standard geohash has eleven chars', async (t) => {
  t.equal(geohashOf(positionOf(PALERMO_SCORE)), 'sqc8b49rny0');
  t.equal(geohashOf({ longitude: 15.087267458438873, latitude: 37.50266842333162 }), 'sqdtr74hyu0');
});

t.test('a cell contains the positions whose scores begin with its bits', async (t) => {
  for (const step of [1, 5, 13, 26]) {
    const cell = cellAt(PALERMO, step);
    const { min, max } = scoresOf(cell);
    t.ok(min <= PALERMO_SCORE && PALERMO_SCORE < max);
    t.equal(max - min, 2 ** (2 * (26 - step)));
    const { west, east, south, north } = areaOf(cell);
    t.ok(west <= PALERMO.longitude && PALERMO.longitude < east);
    t.ok(south <= PALERMO.latitude && PALERMO.latitude < north);
  }
});

t.test('neighbours go around the edges', async (t) => {
  const corner = { step: 3, column: 7, row: 0 };
  t.same(neighbour(corner, 1, 0), { step: 3, column: 0, row: 0 });
  t.same(neighbour(corner, -1, -1), { step: 3, column: 6, row: 7 });
  t.same(neighbour(corner, 0, 1), { step: 3, column: 7, row: 1 });
});
