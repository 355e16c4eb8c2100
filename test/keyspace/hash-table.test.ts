import t from 'tap';
import { FlatFields } from '../../src/keyspace/hash-flat.ts';
import { TableFields } from '../../src/keyspace/hash-table.ts';
import { contentOf, fill, hasher } from './hash-stores.ts';

t.test('a table takes over content, order, deadlines and time', async (t) => {
  const flat = new FlatFields(hasher, 'hashtable', []);
  fill(flat, 10).setDeadline(3, 50);
  flat.remove(0);
  flat.asOf = 60;
  const table = TableFields.of(hasher, flat);
  t.same(contentOf(table), contentOf(flat));
  t.equal(table.asOf, 60);
  t.equal(table.encoding, 'hashtable');
});

t.test('a table holds many fields with deadlines', async (t) => {
  const table = new TableFields(hasher);
  fill(table, 20_000);
  for (let at = 0; at < 20_000; at += 2) table.setDeadline(at, 1 + at);
  t.equal(table.countUntil(10_000), 5000);
  for (let i = 0; i < 5000; i++) table.remove(table.minDeadlineAt());
  t.equal(table.count, 15_000);
  t.equal(table.minDeadline(), 10_001);
  t.equal(table.value(table.find('f19999')), 'v19999');
});
