import t from 'tap';
import { Harness } from '../harness.ts';

function withHash(): Harness {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2', 'c', '3');
  return h;
}

t.test('HGETEX answers values and changes nothing without an option', async (t) => {
  const h = withHash();
  const db = h.keyspace.database(0);
  const version = db.version('h');
  t.same(h.call('HGETEX', 'h', 'FIELDS', '3', 'a', 'x', 'c'), ['1', null, '3']);
  t.same(h.call('HGETEX', 'none', 'FIELDS', '2', 'a', 'b'), [null, null]);
  t.equal(db.version('h'), version);
});

t.test('HGETEX sets deadlines in every form', async (t) => {
  const h = withHash();
  const left = () => h.call('HPTTL', 'h', 'FIELDS', '2', 'a', 'b');
  t.same(h.call('HGETEX', 'h', 'EX', '10', 'FIELDS', '2', 'a', 'x'), ['1', null]);
  t.same(left(), [10_000, -1]);
  h.call('HGETEX', 'h', 'px', '1234', 'fields', '2', 'a', 'b');
  t.same(left(), [1234, 1234]);
  h.call('HGETEX', 'h', 'EXAT', '1700000005', 'FIELDS', '1', 'b');
  t.same(left(), [1234, 5000]);
  h.call('HGETEX', 'h', 'PXAT', '1700000000007', 'FIELDS', '1', 'b');
  t.same(left(), [1234, 7]);
  t.same(h.call('HGETEX', 'h', 'PERSIST', 'FIELDS', '2', 'a', 'c'), ['1', '3']);
  t.same(left(), [-1, 7]);
});

t.test('a time that has passed deletes the fields that were answered', async (t) => {
  const h = withHash();
  t.same(h.call('HGETEX', 'h', 'EX', '0', 'FIELDS', '2', 'a', 'a'), ['1', null]);
  t.same(h.call('HKEYS', 'h'), ['b', 'c']);
  t.same(h.call('HGETEX', 'h', 'PXAT', '1', 'FIELDS', '2', 'b', 'c'), ['2', '3']);
  t.equal(h.call('EXISTS', 'h'), 0);
});

t.test('the type is checked first, then the time, then the fields', async (t) => {
  const h = withHash();
  h.call('SET', 's', 'x');
  t.match(h.call('HGETEX', 's', 'EX', 'x', 'a'), { error: /^WRONGTYPE/ });
  const missing = 'ERR Mandatory argument FIELDS is missing or not at the right position';
  for (const key of ['h', 'none']) {
    t.same(h.call('HGETEX', key, 'EX', 'x', 'FOO', '1', 'a'), {
      error: 'ERR value is not an integer or out of range',
    });
    t.same(h.call('HGETEX', key, 'EX', '-1', 'FIELDS', '1', 'a'), {
      error: 'ERR invalid expire time, must be >= 0',
    });
    t.same(h.call('HGETEX', key, 'EX', '70368744178', 'FIELDS', '1', 'a'), {
      error: "ERR invalid expire time in 'hgetex' command",
    });
    t.same(h.call('HGETEX', key, 'PX', '70368744177663', 'FIELDS', '1', 'a'), {
      error: "ERR invalid expire time in 'hgetex' command",
    });
    t.same(h.call('HGETEX', key, 'FOO', '1', 'a'), { error: missing });
    t.same(h.call('HGETEX', key, 'EX', '1', 'PX', '1', 'FIELDS', '1', 'a'), { error: missing });
    t.same(h.call('HGETEX', key, 'PERSIST', 'FIELDS', '0', 'a'), {
      error: 'ERR Number of fields must be a positive integer',
    });
    t.same(h.call('HGETEX', key, 'FIELDS', '1', 'a', 'b'), {
      error: 'ERR The `numfields` parameter must match the number of arguments',
    });
    t.same(h.call('HGETEX', key, 'EX', '1', 'FIELDS'), {
      error: 'ERR Number of fields must be a positive integer',
    });
  }
});
