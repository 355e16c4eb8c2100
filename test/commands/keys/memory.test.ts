import t from 'tap';
import { FakeContext } from '../../support/fake-local-context.ts';
import { Harness } from '../harness.ts';

t.test('MEMORY USAGE grows with the key and the value', async (t) => {
  const h = new Harness();
  const usage = (key: string): number => Number(h.call('MEMORY', 'USAGE', key));
  h.call('SET', 'a', '1');
  h.call('SET', 'b', '9223372036854775807');
  h.call('SET', 'c', 'x'.repeat(100));
  h.call('SET', 'd', 'x'.repeat(100_000));
  h.call('SET', 'k'.repeat(100), '1');
  t.ok(usage('a') > 50 && usage('a') < 100);
  t.ok(usage('b') > usage('a'));
  t.ok(usage('c') >= usage('a') + 100);
  t.ok(usage('d') >= 100_000 && usage('d') < 101_000);
  t.ok(usage('k'.repeat(100)) >= usage('a') + 96);
});

t.test('MEMORY USAGE knows every type', async (t) => {
  const h = new Harness();
  const members = Array.from({ length: 1000 }, (_, i) => `member:${i}`);
  h.call('RPUSH', 'list', ...members);
  h.call('SADD', 'set', ...members);
  h.call('ZADD', 'zset', ...members.flatMap((member, i) => [String(i), member]));
  h.call('HSET', 'hash', ...members.flatMap((member) => [member, 'v']));
  h.call('XADD', 'stream', '*', ...members.flatMap((member) => [member, 'v']));
  for (const key of ['list', 'set', 'zset', 'hash', 'stream']) {
    const bytes = Number(h.call('MEMORY', 'USAGE', key));
    t.ok(Number.isInteger(bytes) && bytes > 8000 && bytes < 300_000, `${key}: ${bytes}`);
    t.ok(Number(h.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')) > 8000, key);
  }
});

t.test('MEMORY USAGE of a key that is not there is null', async (t) => {
  const h = new Harness();
  t.equal(h.call('MEMORY', 'USAGE', 'none'), null);
  t.equal(h.call('MEMORY', 'USAGE', 'none', 'SAMPLES', '9223372036854775807'), null);
});

t.test('MEMORY USAGE is no access', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'v');
  h.pass(9000);
  h.call('MEMORY', 'USAGE', 'k');
  t.equal(h.call('OBJECT', 'IDLETIME', 'k'), 9);
});

t.test('MEMORY USAGE checks its options', async (t) => {
  const h = new Harness();
  for (const [options, error] of [
    [['SAMPLES'], 'ERR syntax error'],
    [['SAMPLES', '-1'], 'ERR syntax error'],
    [['SAMPLES', 'x'], 'ERR value is not an integer or out of range'],
    [['x', '3'], 'ERR syntax error'],
  ] as const) {
    t.same(h.call('MEMORY', 'USAGE', 'none', ...options), { error }, options.join(' '));
  }
});

t.test('a local MEMORY command tells about the node', async (t) => {
  const context = new FakeContext();
  context.node.memoryFacts = {
    ...context.node.memoryFacts,
    used: 1000,
    peak: 2000,
    resident: 1500,
  };
  t.equal(context.wire('MEMORY PURGE'), '+OK\r\n');
  t.match(context.wire('MEMORY DOCTOR'), /empty or nearly so/);
  t.match(context.wire('MEMORY MALLOC-STATS'), /V8/);
  t.match(context.wire('MEMORY STATS'), /\$14\r\npeak\.allocated\r\n:2000\r\n/);
  t.match(context.wire('MEMORY HELP'), /USAGE key \[SAMPLES count\]/);
});
