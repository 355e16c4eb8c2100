import t from 'tap';
import { NULL_ARRAY } from '../../../src/resp/reply.ts';
import { Harness } from '../harness.ts';

function sicily(): Harness {
  const h = new Harness();
  h.call('GEOADD', 'Sicily', '13.361389', '38.115556', 'Palermo');
  h.call('GEOADD', 'Sicily', '15.087269', '37.502669', 'Catania');
  h.call('SET', 'text', 'x');
  return h;
}

t.test('GEOPOS answers coordinates with 17 places', async (t) => {
  const h = sicily();
  t.same(h.call('GEOPOS', 'Sicily', 'Palermo', 'x', 'Catania'), [
    ['13.36138933897018433', '38.11555639549629859'],
    null,
    ['15.08726745843887329', '37.50266842333162032'],
  ]);
  t.same(h.reply('GEOPOS', 'none', 'a'), [NULL_ARRAY]);
  t.same(h.call('GEOPOS', 'Sicily'), []);
});

t.test('GEOHASH answers standard geohashes', async (t) => {
  const h = sicily();
  t.same(h.call('GEOHASH', 'Sicily', 'Palermo', 'x', 'Catania'), [
    'sqc8b49rny0',
    null,
    'sqdtr74hyu0',
  ]);
  t.same(h.call('GEOHASH', 'none', 'a'), [null]);
});

t.test('GEODIST answers distances in any unit', async (t) => {
  const h = sicily();
  t.equal(h.call('GEODIST', 'Sicily', 'Palermo', 'Catania'), '166274.1516');
  t.equal(h.call('GEODIST', 'Sicily', 'Palermo', 'Catania', 'km'), '166.2742');
  t.equal(h.call('GEODIST', 'Sicily', 'Palermo', 'Catania', 'MI'), '103.3182');
  t.equal(h.call('GEODIST', 'Sicily', 'Palermo', 'Palermo'), '0.0000');
  t.equal(h.call('GEODIST', 'Sicily', 'Palermo', 'x'), null);
  t.equal(h.call('GEODIST', 'none', 'a', 'b'), null);
});

t.test('wrong units come before wrong types', async (t) => {
  const h = sicily();
  t.match(h.call('GEODIST', 'text', 'a', 'b', 'x'), { error: /^ERR unsupported unit/ });
  t.same(h.call('GEODIST', 'text', 'a', 'b', 'm', 'x'), { error: 'ERR syntax error' });
  for (const name of ['GEODIST', 'GEOHASH', 'GEOPOS']) {
    t.match(h.call(name, 'text', 'a', 'b'), { error: /^WRONGTYPE/ });
  }
});
