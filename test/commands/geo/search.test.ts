import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { type Position, positionOf, scoreAt } from '../../../src/commands/geo/geohash.ts';
import { search, type Wanted } from '../../../src/commands/geo/search.ts';
import { distanceBetween, Gauge, type Shape } from '../../../src/commands/geo/shape.ts';
import { KeyHash } from '../../../src/keyspace/key-hash.ts';
import { SortedSet } from '../../../src/keyspace/sorted-set.ts';

const ALL: Wanted = { order: 'none', count: 0, any: false, distances: true };
const random = new Prng(5, 5);

function place(): Position {
  return { longitude: 10 + random.float() * 4, latitude: 50 + random.float() * 4 };
}

function scattered(count: number): SortedSet {
  const set = new SortedSet(new KeyHash({ high: 0, low: 0 }));
  for (let i = 0; i < count; i++) set.set(`p${i}`, scoreAt(place()));
  return set;
}

function circle(radius: number): Shape {
  return { center: place(), extent: { kind: 'circle', radius, toMetres: 1000 } };
}

t.test('a search finds what looking at every element finds', async (t) => {
  for (const count of [100, 2000]) {
    const set = scattered(count);
    for (let i = 0; i < 30; i++) {
      const side = 10 ** random.below(4);
      const shape: Shape = random.chance(0.5)
        ? circle(side)
        : {
            center: place(),
            extent: { kind: 'box', width: side, height: side * 2, toMetres: 1000 },
          };
      const gauge = new Gauge(shape);
      const expected: string[] = [];
      set.forEach((member, score) => {
        if (gauge.distance(positionOf(score)) >= 0) expected.push(member);
      });
      const found = search(set, shape, ALL).map(({ member }) => member);
      t.same(found.sort(), expected.sort());
    }
  }
});

t.test('distances are left out if neither they nor an order are asked for', async (t) => {
  const set = scattered(2000);
  const shape = circle(100);
  const found = search(set, shape, { ...ALL, distances: false });
  t.ok(found.every(({ distance }) => Number.isNaN(distance)));
  const members = search(set, shape, ALL).map(({ member }) => member);
  t.same(
    found.map(({ member }) => member),
    members,
  );
});

t.test('the nearest or farthest are found in order', async (t) => {
  const set = scattered(2000);
  const shape = circle(100);
  const byDistance = search(set, shape, ALL).sort((a, b) => a.distance - b.distance);
  const names = (order: Wanted['order'], count: number): string[] =>
    search(set, shape, { order, count, any: false, distances: false }).map(({ member }) => member);
  const expected = byDistance.map(({ member }) => member);
  t.same(names('nearest', 0), expected);
  t.same(names('nearest', 7), expected.slice(0, 7));
  t.same(names('none', 7), expected.slice(0, 7));
  t.same(names('farthest', 7), expected.slice(-7).reverse());
  t.same(names('farthest', 5000), expected.slice().reverse());
  for (const { position, distance } of byDistance) {
    t.equal(distance, distanceBetween(shape.center, position));
  }
});

t.test('any will do if that is said', async (t) => {
  const set = scattered(2000);
  const shape = circle(100);
  const all = search(set, shape, ALL);
  const some = search(set, shape, { order: 'none', count: 20, any: true, distances: true });
  t.same(some, all.slice(0, 20));
  const sorted = search(set, shape, { order: 'nearest', count: 20, any: true, distances: true });
  t.same(sorted.map(({ member }) => member).sort(), some.map(({ member }) => member).sort());
});
