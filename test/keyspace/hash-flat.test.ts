import t from 'tap';
import { NEVER } from '../../src/keyspace/hash-fields.ts';
import { FlatFields } from '../../src/keyspace/hash-flat.ts';
import { contentOf, hasher } from './hash-stores.ts';

t.test('small encodings close the gap of a removed field', async (t) => {
  for (const encoding of ['listpack', 'listpackex'] as const) {
    const fields = new FlatFields(hasher, encoding, ['a', '1', 'b', '2', 'c', '3']);
    fields.setDeadline(2, 50);
    fields.remove(0);
    t.same(contentOf(fields), [
      ['b', '2', NEVER],
      ['c', '3', 50],
    ]);
  }
});

t.test('a hash table puts the last field into the gap', async (t) => {
  const fields = new FlatFields(hasher, 'hashtable', ['a', '1', 'b', '2', 'c', '3']);
  fields.setDeadline(2, 50);
  fields.remove(0);
  t.same(contentOf(fields), [
    ['c', '3', 50],
    ['b', '2', NEVER],
  ]);
  fields.remove(1);
  fields.remove(0);
  t.equal(fields.count, 0);
  t.equal(fields.minDeadline(), NEVER);
});

t.test('fields added after the first deadline have none', async (t) => {
  const fields = new FlatFields(hasher, 'listpackex', ['a', '1']);
  fields.setDeadline(0, NEVER);
  t.equal(fields.minDeadline(), NEVER);
  fields.setDeadline(0, 50);
  fields.add('b', '2');
  t.equal(fields.deadline(1), NEVER);
  t.equal(fields.minDeadline(), 50);
});
