import t from 'tap';
import {
  fitsPacked,
  PACKED_LIST_BYTES,
  packedListpackBytes,
  packFew,
  unpackApart,
} from '../../src/keyspace/list-packed.ts';
import { listpackBytes } from '../../src/keyspace/list-size.ts';
import { pack } from '../../src/keyspace/packed.ts';

const ELEMENTS = ['', 'a', '17', 'x'.repeat(12), 'y'.repeat(13), '\x00\xff'.repeat(100)];

t.test('elements fit while the whole is short and each of them is', async (t) => {
  t.ok(fitsPacked('', ['x'.repeat(255)]));
  t.notOk(fitsPacked('', ['x'.repeat(256)]));
  t.ok(fitsPacked('p'.repeat(PACKED_LIST_BYTES - 3), ['ab']));
  t.notOk(fitsPacked('p'.repeat(PACKED_LIST_BYTES - 3), ['abc']));
  t.notOk(fitsPacked('p'.repeat(PACKED_LIST_BYTES - 3), ['a', 'b']));
});

t.test('one element and many are packed alike', async (t) => {
  t.equal(packFew(['abc']), pack(['abc']));
  t.equal(packFew(ELEMENTS), pack(ELEMENTS));
});

t.test('a packed string knows the size of its listpack', async (t) => {
  t.equal(packedListpackBytes(pack(ELEMENTS)), listpackBytes(ELEMENTS));
});

t.test('what was packed is unpacked again', async (t) => {
  t.same(unpackApart(pack(ELEMENTS)), ELEMENTS);
  t.same(unpackApart(''), []);
});
