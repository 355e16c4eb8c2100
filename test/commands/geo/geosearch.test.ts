import t from 'tap';
import { CommandTable } from '../../../src/commands/command-table.ts';
import { dataCommands } from '../../../src/commands/data-commands.ts';
import { getKeys } from '../../../src/commands/key-positions.ts';
import { Args } from '../../../src/resp/args.ts';
import { Harness } from '../harness.ts';

function sicily(): Harness {
  const h = new Harness();
  h.call('GEOADD', 'Sicily', '13.361389', '38.115556', 'Palermo');
  h.call('GEOADD', 'Sicily', '15.087269', '37.502669', 'Catania');
  h.call('GEOADD', 'Sicily', '12.758489', '38.788135', 'edge1');
  h.call('GEOADD', 'Sicily', '17.241510', '38.788135', 'edge2');
  h.call('SET', 'text', 'x');
  return h;
}

const FROM = ['FROMLONLAT', '15', '37'];
const BOX = ['BYBOX', '400', '400', 'km'];

t.test('GEOSEARCH answers members, nearest first if wanted', async (t) => {
  const h = sicily();
  t.same(h.call('GEOSEARCH', 'Sicily', ...FROM, ...BOX, 'ASC'), [
    ...['Catania', 'Palermo', 'edge2', 'edge1'],
  ]);
  t.same(h.call('GEOSEARCH', 'Sicily', ...FROM, 'BYRADIUS', '200', 'km', 'DESC'), [
    ...['Palermo', 'Catania'],
  ]);
  t.same(h.call('GEOSEARCH', 'Sicily', 'FROMMEMBER', 'edge1', 'BYRADIUS', '100', 'km', 'ASC'), [
    ...['edge1', 'Palermo'],
  ]);
  t.same(h.call('GEOSEARCH', 'none', ...FROM, ...BOX), []);
});

t.test('results without an order come cell by cell, the middle one first', async (t) => {
  const h = sicily();
  t.same(h.call('GEOSEARCH', 'Sicily', ...FROM, 'BYRADIUS', '1000', 'km'), [
    ...['Palermo', 'edge1', 'Catania', 'edge2'],
  ]);
});

t.test('results come with distance, hash and position', async (t) => {
  const h = sicily();
  const options = ['COUNT', '1', 'WITHCOORD', 'WITHDIST', 'WITHHASH'];
  t.same(h.call('GEOSEARCH', 'Sicily', ...FROM, ...BOX, ...options), [
    ['Catania', '56.4413', 3479447370796909, ['15.08726745843887329', '37.50266842333162032']],
  ]);
  t.same(h.call('GEORADIUS', 'Sicily', '15', '37', '200', 'km', 'WITHDIST', 'ASC'), [
    ['Catania', '56.4413'],
    ['Palermo', '190.4424'],
  ]);
});

t.test('GEOSEARCHSTORE and GEORADIUS store positions or distances', async (t) => {
  const h = sicily();
  t.equal(h.call('GEOSEARCHSTORE', 'to', 'Sicily', ...FROM, ...BOX, 'COUNT', '2'), 2);
  t.same(h.call('ZRANGE', 'to', '0', '-1', 'WITHSCORES'), [
    ...['Palermo', '3479099956230698', 'Catania', '3479447370796909'],
  ]);
  t.equal(h.call('GEORADIUSBYMEMBER', 'Sicily', 'Palermo', '200', 'km', 'STOREDIST', 'to'), 3);
  t.same(h.call('ZRANGE', 'to', '0', '-1'), ['Palermo', 'edge1', 'Catania']);
  t.match(h.call('ZSCORE', 'to', 'Catania'), /^166\.274151569600/);
  t.equal(h.call('GEORADIUS', 'Sicily', '0', '0', '1', 'm', 'STORE', 'to'), 0);
  t.equal(h.call('EXISTS', 'to'), 0);
  h.call('SET', 'to', 'x');
  t.equal(h.call('GEOSEARCHSTORE', 'to', 'none', ...FROM, ...BOX), 0);
  t.equal(h.call('EXISTS', 'to'), 0);
});

t.test('errors come in the order in which Redis looks', async (t) => {
  const h = sicily();
  const member = { error: 'ERR could not decode requested zset member' };
  t.match(h.call('GEOSEARCH', 'text', ...FROM, 'foo', 'bar', 'x'), { error: /^WRONGTYPE/ });
  t.same(h.call('GEOSEARCH', 'Sicily', 'FROMMEMBER', 'x', 'BYRADIUS', '-1', 'm'), member);
  t.same(h.call('GEOSEARCH', 'none', 'FROMMEMBER', 'x', 'BYRADIUS', '1', 'm'), []);
  t.match(h.call('GEOSEARCH', 'none', 'FROMMEMBER', 'x', 'BYRADIUS', '-1', 'm'), {
    error: 'ERR radius cannot be negative',
  });
  t.same(h.call('GEORADIUSBYMEMBER', 'Sicily', 'x', '-1', 'm'), member);
  t.match(h.call('GEORADIUSBYMEMBER', 'Sicily', 'Palermo', '-1', 'm'), { error: /negative/ });
  t.same(h.call('GEORADIUSBYMEMBER_RO', 'none', 'x', '-1', 'm'), []);
  t.same(h.call('GEORADIUS_RO', 'Sicily', '1', '1', '1', 'm', 'STORE', 'a'), {
    error: 'ERR syntax error',
  });
});

t.test('the key to store to is the last one named', async (t) => {
  const command = new CommandTable(dataCommands).get('georadius');
  t.ok(command);
  if (command === undefined) return;
  const keys = (line: string): number[] => getKeys(command, Args.of(line.split(' ')));
  t.same(keys('GEORADIUS k 1 1 1 m ASC'), [1]);
  t.same(keys('GEORADIUS k 1 1 1 m STORE a storedist b'), [1, 9]);
  t.same(keys('GEORADIUS k 1 1 1 m STORE'), [1]);
});
