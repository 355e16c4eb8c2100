import t from 'tap';
import { Harness } from '../harness.ts';

const NAMES = ['HEXPIRE', 'HPEXPIRE', 'HEXPIREAT', 'HPEXPIREAT'] as const;
/** 2^46 - 1: the greatest deadline, in ms of the epoch. */
const MAX = 70368744177663;

function withHash(): Harness {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2', 'c', '3');
  return h;
}

t.test('HEXPIRE and its kin set deadlines of fields, exact to the millisecond', async (t) => {
  const h = withHash();
  t.same(h.call('HEXPIRE', 'h', '10', 'FIELDS', '2', 'a', 'x'), [1, -2]);
  t.same(h.call('HPTTL', 'h', 'FIELDS', '2', 'a', 'b'), [10_000, -1]);
  t.same(h.call('HPEXPIRE', 'h', '1501', 'FIELDS', '1', 'a'), [1]);
  t.same(h.call('HPTTL', 'h', 'FIELDS', '1', 'a'), [1501]);
  t.same(h.call('HEXPIREAT', 'h', '4000000000', 'FIELDS', '1', 'a'), [1]);
  t.same(h.call('HPEXPIRETIME', 'h', 'FIELDS', '1', 'a'), [4_000_000_000_000]);
  t.same(h.call('HPEXPIREAT', 'h', '4000000000001', 'FIELDS', '1', 'a'), [1]);
  t.same(h.call('HPEXPIRETIME', 'h', 'FIELDS', '1', 'a'), [4_000_000_000_001]);
  t.same(h.call('HEXPIRE', 'none', '10', 'FIELDS', '2', 'a', 'b'), [-2, -2]);
});

t.test('a field is there until its deadline and gone from then on', async (t) => {
  const h = withHash();
  h.call('HPEXPIRE', 'h', '10', 'FIELDS', '1', 'b');
  h.pass(9);
  t.equal(h.call('HGET', 'h', 'b'), '2');
  h.pass(1);
  t.equal(h.call('HGET', 'h', 'b'), null);
  t.equal(h.call('HLEN', 'h'), 2);
  t.equal(h.keyspace.expiredFields, 1);
});

t.test('the key goes with its last field', async (t) => {
  const h = withHash();
  h.call('HPEXPIRE', 'h', '10', 'FIELDS', '3', 'a', 'b', 'c');
  h.pass(10);
  t.equal(h.call('EXISTS', 'h'), 0);
  t.equal(h.call('DBSIZE'), 0);
  t.equal(h.keyspace.expiredFields, 3);
});

t.test('a time that has passed deletes the field at once', async (t) => {
  for (const name of NAMES) {
    const h = withHash();
    t.same(h.call(name, 'h', '0', 'FIELDS', '3', 'a', 'a', 'x'), [2, -2, -2]);
    t.same(h.call('HKEYS', 'h'), ['b', 'c']);
    t.same(h.call(name, 'h', '0', 'FIELDS', '2', 'c', 'b'), [2, 2]);
    t.equal(h.call('EXISTS', 'h'), 0);
  }
  const h = withHash();
  t.same(h.call('HPEXPIREAT', 'h', String(h.now), 'FIELDS', '1', 'a'), [2]);
  t.same(h.call('HPEXPIREAT', 'h', String(h.now + 1), 'FIELDS', '1', 'b'), [1]);
});

t.test('NX, XX, GT and LT compare with the deadline there is', async (t) => {
  const cases: [string, string | undefined, number][] = [
    ['NX', undefined, 1],
    ['NX', '50', 0],
    ['XX', undefined, 0],
    ['xx', '50', 1],
    ['GT', undefined, 0],
    ['GT', '50', 1],
    ['GT', '100', 0],
    ['GT', '500', 0],
    ['LT', undefined, 1],
    ['LT', '50', 0],
    ['LT', '100', 0],
    ['lt', '500', 1],
  ];
  for (const value of ['short', 'x'.repeat(100)]) {
    for (const [condition, current, code] of cases) {
      const h = new Harness();
      h.call('HSET', 'h', 'f', value);
      if (current !== undefined) h.call('HEXPIRE', 'h', current, 'FIELDS', '1', 'f');
      t.same(h.call('HEXPIRE', 'h', '100', condition, 'FIELDS', '1', 'f'), [code]);
      const left = code === 1 ? 100 : current === undefined ? -1 : Number(current);
      t.same(h.call('HTTL', 'h', 'FIELDS', '1', 'f'), [left], `${condition} ${current}`);
    }
  }
});

t.test(
  'a condition that does not hold also saves the field from a time that has passed',
  async (t) => {
    const h = withHash();
    t.same(h.call('HEXPIREAT', 'h', '1', 'XX', 'FIELDS', '1', 'a'), [0]);
    t.same(h.call('HEXPIREAT', 'h', '1', 'LT', 'FIELDS', '1', 'a'), [2]);
  },
);

t.test('only what changes something is a change', async (t) => {
  const h = withHash();
  const db = h.keyspace.database(0);
  const version = db.version('h');
  h.call('HEXPIRE', 'h', '10', 'XX', 'FIELDS', '2', 'a', 'x');
  t.equal(db.version('h'), version);
  t.equal(h.call('OBJECT', 'ENCODING', 'h'), 'listpack');
  h.call('HEXPIRE', 'h', '10', 'NX', 'FIELDS', '2', 'a', 'x');
  t.not(db.version('h'), version);
  t.equal(h.call('OBJECT', 'ENCODING', 'h'), 'listpackex');
});

t.test('times are checked as in Redis', async (t) => {
  const h = withHash();
  for (const name of NAMES) {
    const invalid = { error: `ERR invalid expire time in '${name.toLowerCase()}' command` };
    const unit = name.startsWith('HP') ? 1 : 1000;
    const most = Math.floor(MAX / unit) - (name.endsWith('AT') ? 0 : Math.ceil(h.now / unit));
    t.same(h.call(name, 'h', String(most), 'FIELDS', '1', 'a'), [1]);
    for (const key of ['h', 'none']) {
      t.same(h.call(name, key, String(most + 1), 'FIELDS', '1', 'a'), invalid);
      t.same(h.call(name, key, '9223372036854775807', 'FIELDS', '1', 'a'), invalid);
      t.same(h.call(name, key, '-1', 'FIELDS', '1', 'a'), {
        error: 'ERR invalid expire time, must be >= 0',
      });
      t.same(h.call(name, key, 'x', 'FIELDS', '1', 'a'), {
        error: 'ERR value is not an integer or out of range',
      });
    }
  }
});

t.test('the type is checked first, then the time, then the fields', async (t) => {
  const h = withHash();
  h.call('SET', 's', 'x');
  t.match(h.call('HEXPIRE', 's', 'x', 'FOO', '1', 'a'), { error: /^WRONGTYPE/ });
  t.match(h.call('HEXPIRE', 'h', 'x', 'FOO', '1', 'a'), { error: /^ERR value is not an integer/ });
  const missing = 'ERR Mandatory argument FIELDS is missing or not at the right position';
  t.same(h.call('HEXPIRE', 'h', '1', 'FOO', '1', 'a'), { error: missing });
  t.same(h.call('HEXPIRE', 'h', '1', 'NX', 'GT', 'FIELDS', '1', 'a'), { error: missing });
  for (const count of ['0', '-1', 'x']) {
    t.same(h.call('HEXPIRE', 'h', '1', 'FIELDS', count, 'a'), {
      error: 'ERR Parameter `numFields` should be greater than 0',
    });
  }
  t.same(h.call('HEXPIRE', 'h', '1', 'NX', 'FIELDS', '2', 'a'), {
    error: 'ERR The `numfields` parameter must match the number of arguments',
  });
  t.same(h.call('HEXPIRE', 'h', '1', 'NX', 'FIELDS', '1'), {
    error: 'ERR The `numfields` parameter must match the number of arguments',
  });
  t.same(h.call('HEXPIRE', 'h', '1', 'FIELDS', '1'), {
    error: "ERR wrong number of arguments for 'hexpire' command",
  });
});

t.test('deadlines move with the hash', async (t) => {
  const h = withHash();
  h.call('HPEXPIRE', 'h', '10', 'FIELDS', '1', 'a');
  h.call('COPY', 'h', 'copy');
  h.call('RENAME', 'h', 'moved');
  h.call('HPERSIST', 'copy', 'FIELDS', '1', 'a');
  h.pass(10);
  t.same(h.call('HKEYS', 'moved'), ['b', 'c']);
  t.same(h.call('HKEYS', 'copy'), ['a', 'b', 'c']);
});

t.test('more fields than one entry deletes are all gone at once', async (t) => {
  const h = new Harness();
  const fields = Array.from({ length: 5000 }, (_, i) => `f${i}`);
  h.call('HSET', 'h', ...fields.flatMap((field) => [field, 'v']), 'stays', '');
  h.call('HPEXPIRE', 'h', '10', 'FIELDS', '5000', ...fields);
  h.pass(10);
  t.equal(h.call('HLEN', 'h'), 1);
  t.same(h.call('HGETALL', 'h'), ['stays', '']);
  t.same(h.call('HTTL', 'h', 'FIELDS', '2', 'f4999', 'stays'), [-2, -1]);
  t.same(h.call('HEXPIRE', 'h', '10', 'FIELDS', '1', 'f4999'), [-2]);
  for (let i = 0; i < 6; i++) h.pass(1);
  t.equal(h.keyspace.expiredFields, 5000);
  t.same(h.call('HGETALL', 'h'), ['stays', '']);
});
