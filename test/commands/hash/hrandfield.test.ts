import t from 'tap';
import { Harness } from '../harness.ts';

function withFields(count: number): Harness {
  const h = new Harness();
  for (let i = 0; i < count; i++) h.call('HSET', 'h', `f${i}`, `v${i}`);
  return h;
}

function list(reply: unknown): string[] {
  if (!Array.isArray(reply)) throw new Error('not an array');
  return reply;
}

t.test('HRANDFIELD without a count answers one field', async (t) => {
  for (const size of [1, 2, 8, 300]) {
    const h = withFields(size);
    const seen = new Set<unknown>();
    for (let i = 0; i < 20 * size; i++) seen.add(h.call('HRANDFIELD', 'h'));
    t.ok(seen.size >= size * 0.95);
  }
  t.equal(new Harness().call('HRANDFIELD', 'none'), null);
});

t.test('a positive count answers different fields, at most all', async (t) => {
  for (const size of [3, 8, 300]) {
    const h = withFields(size);
    for (const count of [1, 2, Math.floor(size / 4), size - 1, size, size + 1, 2 ** 62]) {
      const fields = list(h.call('HRANDFIELD', 'h', String(BigInt(count))));
      t.equal(fields.length, Math.min(count, size));
      t.equal(new Set(fields).size, fields.length);
    }
  }
});

t.test('a negative count answers so many, which may be equal', async (t) => {
  for (const size of [1, 8, 300]) {
    const h = withFields(size);
    for (const count of [1, 2, 50, 2000]) {
      const fields = list(h.call('HRANDFIELD', 'h', String(-count)));
      t.equal(fields.length, count);
    }
    t.equal(new Set(list(h.call('HRANDFIELD', 'h', '-5000'))).size, size);
  }
});

t.test('WITHVALUES puts each value behind its field', async (t) => {
  const h = withFields(20);
  for (const count of ['5', '-50', '100']) {
    const items = list(h.call('HRANDFIELD', 'h', count, 'withvalues'));
    for (let i = 0; i < items.length; i += 2) t.equal(items[i + 1], items[i]?.replace('f', 'v'));
  }
});

t.test('nothing is answered of nothing', async (t) => {
  const h = withFields(3);
  t.same(h.call('HRANDFIELD', 'h', '0'), []);
  t.same(h.call('HRANDFIELD', 'h', '0', 'WITHVALUES'), []);
  t.same(h.call('HRANDFIELD', 'none', '5'), []);
  t.same(h.call('HRANDFIELD', 'none', '-5', 'WITHVALUES'), []);
});

t.test('counts are checked as in Redis', async (t) => {
  const h = withFields(3);
  const error = (...words: string[]) => h.call('HRANDFIELD', 'h', ...words);
  t.same(error('x'), { error: 'ERR value is not an integer or out of range' });
  t.same(error('9223372036854775808', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
  t.same(error('-9223372036854775808'), {
    error:
      'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
  });
  t.same(error('1', 'x'), { error: 'ERR syntax error' });
  t.same(error('1', 'WITHVALUES', 'x'), { error: 'ERR syntax error' });
  t.same(error('4611686018427387904', 'WITHVALUES'), { error: 'ERR value is out of range' });
  t.same(error('-4611686018427387904', 'WITHVALUES'), { error: 'ERR value is out of range' });
});

t.test('a reply that would fill the memory is refused', async (t) => {
  const h = withFields(3);
  t.same(h.call('HRANDFIELD', 'h', '-16777217'), { error: 'ERR value is out of range' });
  h.call('HSET', 'h', 'f0', 'x'.repeat(1_000_000));
  h.call('HDEL', 'h', 'f1', 'f2');
  t.same(h.call('HRANDFIELD', 'h', '-600', 'WITHVALUES'), { error: 'ERR value is out of range' });
});

t.test('fields whose time has come are never drawn', async (t) => {
  for (const gone of [10, 2500]) {
    const h = withFields(3000);
    const fields = Array.from({ length: gone }, (_, i) => `f${i}`);
    h.call('HPEXPIRE', 'h', '5', 'FIELDS', String(gone), ...fields);
    h.pass(5);
    for (const count of ['100', '-100', '2990']) {
      const drawn = list(h.call('HRANDFIELD', 'h', count));
      t.notOk(drawn.some((field) => fields.includes(field)));
      t.equal(drawn.length, Math.min(Math.abs(Number(count)), 3000 - gone));
    }
    t.notOk(fields.includes(String(h.call('HRANDFIELD', 'h'))));
  }
});

t.test('other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 's', 'x');
  t.match(h.call('HRANDFIELD', 's'), { error: /^WRONGTYPE/ });
  t.match(h.call('HRANDFIELD', 's', '0'), { error: /^WRONGTYPE/ });
  t.match(h.call('HRANDFIELD', 's', '1', 'x'), { error: 'ERR syntax error' });
});
