import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { pack, unpack } from '../../src/keyspace/packed.ts';
import { PackedEdit } from '../../src/keyspace/packed-edit.ts';

t.test('elements are replaced by longer and shorter ones, and added', async (t) => {
  const edit = new PackedEdit(pack(['a', '1', 'b', '2']), 100);
  const value = edit.next(edit.findKey('a'));
  edit.put(value, edit.next(value), 'a long value, longer than what a loop copies');
  edit.add('c');
  edit.add('');
  t.equal(edit.findKey('d'), -1);
  t.equal(edit.findKey('2'), -1);
  const other = edit.next(edit.findKey('b'));
  edit.put(other, edit.next(other), '');
  const wanted = ['a', 'a long value, longer than what a loop copies', 'b', '', 'c', ''];
  t.equal(edit.length, pack(wanted).length);
  t.same(unpack(edit.packed()), wanted);
});

t.test('many changes give what they give one by one', async (t) => {
  const random = new Prng(1, 9);
  for (let round = 0; round < 200; round++) {
    const wanted = new Map<string, string>();
    let packed = '';
    for (let turn = 0; turn < 3; turn++) {
      const edit = new PackedEdit(packed, 10 * 100);
      for (let i = 0; i < 10; i++) {
        const key = 'key'.repeat(random.below(4)) + String(random.below(9));
        const value = '\xff'.repeat(random.below(60));
        const at = edit.findKey(key);
        t.equal(at !== -1, wanted.has(key));
        if (at === -1) {
          edit.add(key);
          edit.add(value);
        } else {
          edit.put(edit.next(at), edit.next(edit.next(at)), value);
        }
        wanted.set(key, value);
      }
      packed = edit.packed();
    }
    t.same(unpack(packed), [...wanted].flat());
  }
});
