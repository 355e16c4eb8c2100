import t from 'tap';
import { Harness } from '../harness.ts';

t.test('MSET sets all keys and takes their times to live away', async (t) => {
  const h = new Harness();
  h.call('SET', 'a', '0', 'EX', '10');
  t.equal(h.call('MSET', 'a', 'Hello', 'b', 'World', 'a', 'last'), 'OK');
  t.same(h.call('MGET', 'a', 'b'), ['last', 'World']);
  t.equal(h.call('TTL', 'a'), -1);
});

t.test('MSETNX sets all keys or none', async (t) => {
  const h = new Harness();
  t.equal(h.call('MSETNX', 'a', '1', 'b', '2'), 1);
  t.equal(h.call('MSETNX', 'b', '3', 'c', '4'), 0);
  t.same(h.call('MGET', 'a', 'b', 'c'), ['1', '2', null]);
});

t.test('a key without a value is a wrong number of arguments', async (t) => {
  const h = new Harness();
  for (const name of ['mset', 'msetnx']) {
    const error = `ERR wrong number of arguments for '${name}' command`;
    t.same(h.call(name, 'a'), { error });
    t.same(h.call(name, 'a', '1', 'b'), { error });
  }
});
