import t from 'tap';
import { Harness } from '../harness.ts';

function withHash(): Harness {
  const h = new Harness();
  h.call('HSET', 'h', 'a', '1', 'b', '2');
  return h;
}

t.test('HSETEX sets fields and their deadlines', async (t) => {
  const h = new Harness();
  t.equal(h.call('HSETEX', 'h', 'EX', '10', 'FIELDS', '2', 'a', '1', 'b', '2'), 1);
  t.same(h.call('HGETALL', 'h'), ['a', '1', 'b', '2']);
  t.same(h.call('HPTTL', 'h', 'FIELDS', '2', 'a', 'b'), [10_000, 10_000]);
  t.equal(h.call('HSETEX', 'h', 'PX', '1234', 'FIELDS', '1', 'a', '3'), 1);
  t.equal(h.call('HSETEX', 'h', 'EXAT', '1700000005', 'FIELDS', '1', 'b', '4'), 1);
  t.same(h.call('HPTTL', 'h', 'FIELDS', '2', 'a', 'b'), [1234, 5000]);
  t.equal(h.call('HSETEX', 'h', 'PXAT', '1700000000007', 'FIELDS', '1', 'c', '5'), 1);
  t.same(h.call('HPTTL', 'h', 'FIELDS', '1', 'c'), [7]);
  t.same(h.call('HVALS', 'h'), ['3', '4', '5']);
});

t.test('HSETEX without a time drops deadlines, KEEPTTL keeps them', async (t) => {
  const h = withHash();
  h.call('HEXPIRE', 'h', '10', 'FIELDS', '2', 'a', 'b');
  t.equal(h.call('HSETEX', 'h', 'FIELDS', '1', 'a', 'x'), 1);
  t.equal(h.call('HSETEX', 'h', 'KEEPTTL', 'FIELDS', '2', 'b', 'y', 'c', 'z'), 1);
  t.same(h.call('HTTL', 'h', 'FIELDS', '3', 'a', 'b', 'c'), [-1, 10, -1]);
  t.same(h.call('HVALS', 'h'), ['x', 'y', 'z']);
});

t.test('FNX wants none of the fields, FXX all', async (t) => {
  const h = withHash();
  t.equal(h.call('HSETEX', 'h', 'FNX', 'FIELDS', '2', 'c', '3', 'b', 'x'), 0);
  t.equal(h.call('HSETEX', 'h', 'FXX', 'FIELDS', '2', 'a', 'x', 'c', 'x'), 0);
  t.same(h.call('HGETALL', 'h'), ['a', '1', 'b', '2']);
  t.equal(h.call('HSETEX', 'h', 'fnx', 'FIELDS', '2', 'c', '3', 'd', '4'), 1);
  t.equal(h.call('HSETEX', 'h', 'EX', '10', 'FXX', 'FIELDS', '2', 'a', '5', 'b', '6'), 1);
  t.same(h.call('HVALS', 'h'), ['5', '6', '3', '4']);
  t.equal(h.call('HSETEX', 'none', 'FXX', 'FIELDS', '1', 'a', '1'), 0);
  t.equal(h.call('EXISTS', 'none'), 0);
  t.equal(h.call('HSETEX', 'none', 'FNX', 'FIELDS', '1', 'a', '1'), 1);
});

t.test('a time that has passed leaves nothing of the fields', async (t) => {
  const h = withHash();
  t.equal(h.call('HSETEX', 'h', 'EX', '0', 'FIELDS', '2', 'a', 'x', 'c', 'y'), 1);
  t.same(h.call('HGETALL', 'h'), ['b', '2']);
  t.equal(h.call('HSETEX', 'h', 'PXAT', '1', 'FIELDS', '1', 'b', 'x'), 1);
  t.equal(h.call('EXISTS', 'h'), 0);
  t.equal(h.call('HSETEX', 'h', 'PXAT', '1', 'FIELDS', '1', 'b', 'x'), 1);
  t.equal(h.call('EXISTS', 'h'), 0);
});

t.test('many fields make a hash table at once', async (t) => {
  const h = new Harness();
  const pairs = Array.from({ length: 600 }, (_, i) => [`f${i}`, 'v']).flat();
  t.equal(h.call('HSETEX', 'h', 'EX', '10', 'FIELDS', '600', ...pairs), 1);
  t.equal(h.call('OBJECT', 'ENCODING', 'h'), 'hashtable');
  t.equal(h.call('HLEN', 'h'), 600);
  h.pass(10_000);
  t.equal(h.call('EXISTS', 'h'), 0);
});

t.test('arguments are checked before the key', async (t) => {
  const h = new Harness();
  h.call('SET', 's', 'x');
  const error = (...words: string[]) => h.call('HSETEX', 's', ...words);
  const arity = { error: "ERR wrong number of arguments for 'hsetex' command" };
  t.match(error('FIELDS', '1', 'a', '1'), { error: /^WRONGTYPE/ });
  t.match(error('EX', '0', 'FIELDS', '1', 'a', '1'), { error: /^WRONGTYPE/ });
  t.match(error('FXX', 'FIELDS', '1', 'a', '1'), { error: /^WRONGTYPE/ });
  t.same(error('FNX', 'FXX', 'FIELDS', '1', 'a', '1'), {
    error: 'ERR Only one of FXX or FNX arguments can be specified',
  });
  t.same(error('FNX', 'FNX', 'FIELDS', '1', 'a', '1'), {
    error: 'ERR Only one of FXX or FNX arguments can be specified',
  });
  for (const second of [['PX', '1'], ['EX', '1'], ['KEEPTTL']]) {
    t.same(error('EX', '1', ...second, 'FIELDS', '1', 'a', '1'), {
      error: 'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
    });
  }
  t.same(error('KEEPTTL', 'EX', '1', 'FIELDS', '1', 'a', '1'), {
    error: 'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
  });
  t.same(error('FOO', 'FIELDS', '1', 'a', '1'), { error: 'ERR unknown argument: FOO' });
  t.same(error('FNX', 'KEEPTTL', 'x', 'EX'), { error: 'ERR unknown argument: x' });
  t.same(error('FNX', 'EX', '1', 'x'), { error: 'ERR unknown argument: x' });
  t.same(error('EX', 'x', 'FIELDS', '1', 'a', '1'), {
    error: 'ERR value is not an integer or out of range',
  });
  t.same(error('EX', '-1', 'FIELDS', '1', 'a', '1'), {
    error: 'ERR invalid expire time, must be >= 0',
  });
  t.same(error('PX', '70368744177663', 'FIELDS', '1', 'a', '1'), {
    error: "ERR invalid expire time in 'hsetex' command",
  });
  for (const count of ['0', '-1', 'x', '2147483648']) {
    t.same(error('FIELDS', count, 'a', '1'), { error: 'ERR invalid number of fields' });
  }
  t.same(error('FIELDS', '2', 'a', '1'), arity);
  t.same(error('FIELDS', '1', 'a', '1', 'b'), arity);
  t.same(error('FNX', 'KEEPTTL', 'FIELDS', '1', 'a'), arity);
  t.same(error('FIELDS', '1', 'a'), arity);
});
