import t from 'tap';
import { Harness } from '../harness.ts';

function withKey(): Harness {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  return h;
}

t.test('EXPIRE and its kin set a deadline', async (t) => {
  const h = withKey();
  t.equal(h.call('EXPIRE', 'k', '10'), 1);
  t.equal(h.call('PTTL', 'k'), 10_000);
  t.equal(h.call('PEXPIRE', 'k', '1500'), 1);
  t.equal(h.call('PTTL', 'k'), 1500);
  t.equal(h.call('EXPIREAT', 'k', '4000000000'), 1);
  t.equal(h.call('EXPIRETIME', 'k'), 4_000_000_000);
  t.equal(h.call('PEXPIREAT', 'k', '4000000000001'), 1);
  t.equal(h.call('PEXPIRETIME', 'k'), 4_000_000_000_001);
  t.equal(h.call('EXPIRE', 'none', '10'), 0);
});

t.test('a key is there until its deadline and gone from then on', async (t) => {
  const h = withKey();
  h.call('PEXPIRE', 'k', '10');
  h.pass(9);
  t.equal(h.call('GET', 'k'), 'v');
  h.pass(1);
  t.equal(h.call('GET', 'k'), null);
  t.equal(h.keyspace.expired, 1);
});

t.test('a deadline in the past deletes the key at once', async (t) => {
  for (const [name, when] of [
    ['EXPIRE', '-1'],
    ['EXPIRE', '0'],
    ['PEXPIRE', '-9223372036854775808'],
    ['EXPIREAT', '1'],
    ['PEXPIREAT', '-5'],
  ] as const) {
    const h = withKey();
    t.equal(h.call(name, 'k', when), 1);
    t.equal(h.call('DBSIZE'), 0);
  }
});

t.test('NX, XX, GT and LT compare with the deadline there is', async (t) => {
  const cases: [string, string | undefined, number][] = [
    ['NX', undefined, 1],
    ['NX', '50', 0],
    ['XX', undefined, 0],
    ['XX', '50', 1],
    ['GT', undefined, 0],
    ['GT', '50', 1],
    ['GT', '100', 0],
    ['GT', '500', 0],
    ['LT', undefined, 1],
    ['LT', '50', 0],
    ['lt', '500', 1],
    ['XX LT', undefined, 0],
    ['GT xx', '50', 1],
  ];
  for (const [options, current, reply] of cases) {
    const h = withKey();
    if (current !== undefined) h.call('EXPIRE', 'k', current);
    t.equal(h.call('EXPIRE', 'k', '100', ...options.split(' ')), reply, `${options} ${current}`);
    t.equal(h.call('TTL', 'k'), reply === 1 ? 100 : Number(current ?? -1));
  }
});

t.test('options that do not go together are refused', async (t) => {
  const h = withKey();
  const nx = { error: 'ERR NX and XX, GT or LT options at the same time are not compatible' };
  t.same(h.call('EXPIRE', 'k', '1', 'NX', 'XX'), nx);
  t.same(h.call('EXPIRE', 'k', '1', 'LT', 'NX'), nx);
  t.same(h.call('EXPIRE', 'k', '1', 'GT', 'LT'), {
    error: 'ERR GT and LT options at the same time are not compatible',
  });
  t.same(h.call('EXPIRE', 'k', '1', 'foo'), { error: 'ERR Unsupported option foo' });
});

t.test('times that do not fit in 64 bits of milliseconds are refused', async (t) => {
  const h = withKey();
  for (const [name, when] of [
    ['expire', '9223372036854775807'],
    ['expire', '9223372036854775'],
    ['expire', '-9223372036854776'],
    ['pexpire', '9223372036854775807'],
    ['expireat', '9223372036854776'],
  ] as const) {
    t.same(
      h.call(name, 'k', when),
      { error: `ERR invalid expire time in '${name}' command` },
      when,
    );
  }
  t.same(h.call('EXPIRE', 'k', '1.5'), { error: 'ERR value is not an integer or out of range' });
  t.equal(h.call('TTL', 'k'), -1);
});

t.test('a deadline beyond 2^53 is held as 2^53 - 1', async (t) => {
  const h = withKey();
  t.equal(h.call('PEXPIREAT', 'k', '9223372036854775807'), 1);
  t.equal(h.call('PEXPIRETIME', 'k'), Number.MAX_SAFE_INTEGER);
});
