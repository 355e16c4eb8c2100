import t from 'tap';
import { lookUpPattern, readPattern } from '../../../src/commands/keys/sort-pattern.ts';
import { Harness } from '../harness.ts';

/** What a pattern finds for the element `1`. */
function found(h: Harness, pattern: string): unknown {
  const db = h.keyspace.database(0);
  return lookUpPattern(readPattern(pattern), '1', (key) => db.peek(key));
}

t.test('the first star stands for the element', async (t) => {
  const h = new Harness();
  h.call('MSET', 'w_1', 'a', '1', 'b', 'w_1_*', 'c');
  t.equal(found(h, 'w_*'), 'a');
  t.equal(found(h, '*'), 'b');
  t.equal(found(h, 'w_*_*'), 'c');
  t.equal(found(h, 'v_*'), undefined);
});

t.test('a hash mark is the element, a pattern without a star finds nothing', async (t) => {
  const h = new Harness();
  h.call('MSET', 'w_1', 'a', '#1', 'b', '##', 'c');
  t.equal(found(h, '#'), '1');
  t.equal(found(h, '#*'), 'b');
  t.equal(found(h, '##'), undefined);
  t.equal(found(h, 'w_1'), undefined);
});

t.test('an arrow behind the star leads to a field of a hash', async (t) => {
  const h = new Harness();
  h.call('HSET', 'h_1', 'f', 'a', 'f->g', 'b');
  h.call('HSET', 'h->1', 'f', 'c');
  h.call('MSET', 'w_1', 'd', 'w_1->', 'e');
  t.equal(found(h, 'h_*->f'), 'a');
  t.equal(found(h, 'h_*->f->g'), 'b');
  t.equal(found(h, 'h->*->f'), 'c');
  t.equal(found(h, 'h_*->none'), undefined);
  t.equal(found(h, 'w_*->f'), undefined, 'a string has no fields');
  t.equal(found(h, 'w_*->'), 'e', 'no field is named');
  t.equal(found(h, 'h_*'), undefined, 'a hash is no string');
});
