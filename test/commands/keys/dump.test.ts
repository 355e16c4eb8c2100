import t from 'tap';
import { Prng } from '../../../src/base/prng.ts';
import { RawString } from '../../../src/keyspace/raw-string.ts';
import {
  intset,
  length,
  oldScore,
  payload,
  seal,
  text,
  ziplist,
  zipmap,
} from '../../keyspace/rdb/old-forms.ts';
import { Harness } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';
import { contentOf, MAKERS, type Maker } from './dump-values.ts';

/** DUMP of the string `hello` and of a hash {a: 1, bb: -300} by redis-server 7.0.15. */
const HELLO = Buffer.from('000568656c6c6f0a006372df766534200a', 'hex');
const HASH = Buffer.from('1013130000000400816102010182626203ded402ff0a00c8577f4155ad70cc', 'hex');
/** The same hash with the field `a` twice. */
const TWICE = seal(Buffer.from('040201610131016101320a00', 'hex'));

t.test('DUMP gives what RESTORE takes', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'hello');
  const dump = h.reply('DUMP', 'k');
  t.same(dump, HELLO);
  t.equal(h.call('RESTORE', 'copy', '0', HELLO), 'OK');
  t.equal(h.call('GET', 'copy'), 'hello');
});

t.test('DUMP of a key that is not there is null', async (t) => {
  t.equal(new Harness().call('DUMP', 'none'), null);
});

t.test('DUMP refuses what is too large', async (t) => {
  const h = new Harness();
  h.keyspace.database(0).set('k', RawString.ofBytes(Buffer.allocUnsafe(2 ** 29)));
  t.match(h.call('DUMP', 'k'), { error: /^ERR the value is too large/ });
});

t.test('RESTORE does not replace a key unless it is told to', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'old');
  t.same(h.call('RESTORE', 'k', '0', HELLO), {
    error: 'BUSYKEY Target key name already exists.',
  });
  t.equal(h.call('GET', 'k'), 'old');
  t.equal(h.call('RESTORE', 'k', '0', HELLO, 'replace'), 'OK');
  t.equal(h.call('GET', 'k'), 'hello');
});

t.test('RESTORE refuses bad payloads', async (t) => {
  const h = new Harness();
  const damaged = Buffer.from(HELLO);
  damaged[2] = 0x69;
  const footer = { error: 'ERR DUMP payload version or checksum are wrong' };
  t.same(h.call('RESTORE', 'k', '0', damaged), footer);
  t.same(h.call('RESTORE', 'k', '0', ''), footer);
  t.same(h.call('RESTORE', 'k', '0', 'short'), footer);
  const empty = Buffer.from('0b000a00', 'hex');
  t.same(h.call('RESTORE', 'k', '0', seal(empty)), { error: 'ERR Bad data format' });
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('RESTORE refuses an element that is there twice, and keeps the old key', async (t) => {
  const h = new Harness();
  h.call('SET', 'k', 'old');
  t.same(h.call('RESTORE', 'k', '0', TWICE, 'REPLACE'), {
    error: 'ERR Bad data format',
  });
  t.equal(h.call('GET', 'k'), 'old');
});

t.test('RESTORE sets a time to live', async (t) => {
  const h = new Harness();
  h.call('RESTORE', 'k', '5000', HELLO);
  t.equal(h.call('PTTL', 'k'), 5000);
  h.call('RESTORE', 'k', String(h.now + 7000), HELLO, 'REPLACE', 'ABSTTL');
  t.equal(h.call('PTTL', 'k'), 7000);
  h.call('RESTORE', 'k', '0', HELLO, 'REPLACE', 'ABSTTL');
  t.equal(h.call('PTTL', 'k'), -1);
  h.call('RESTORE', 'k', '9223372036854775807', HELLO, 'REPLACE');
  t.equal(h.call('EXISTS', 'k'), 1);
});

t.test('RESTORE of what has expired already leaves no key', async (t) => {
  const h = new Harness();
  t.equal(h.call('RESTORE', 'k', '1', HELLO, 'ABSTTL'), 'OK');
  t.equal(h.call('EXISTS', 'k'), 0);
  h.call('SET', 'k', 'old');
  t.equal(h.call('RESTORE', 'k', '1', HELLO, 'ABSTTL', 'REPLACE'), 'OK');
  t.equal(h.call('EXISTS', 'k'), 0);
});

t.test('RESTORE ages a key', async (t) => {
  const h = new Harness();
  h.call('RESTORE', 'k', '0', HELLO, 'IDLETIME', '1000');
  t.equal(h.call('OBJECT', 'IDLETIME', 'k'), 1000);
  h.call('RESTORE', 'k', '0', HELLO, 'REPLACE', 'IDLETIME', '9223372036854775807');
  t.ok(Number(h.call('OBJECT', 'IDLETIME', 'k')) >= 2 ** 29);
  t.equal(h.call('RESTORE', 'k', '0', HELLO, 'REPLACE', 'FREQ', '255'), 'OK');
});

t.test('RESTORE looks at its options first', async (t) => {
  const h = new Harness();
  for (const [options, error] of [
    [['foo'], 'ERR syntax error'],
    [['IDLETIME'], 'ERR syntax error'],
    [['IDLETIME', '-1'], 'ERR Invalid IDLETIME value, must be >= 0'],
    [['IDLETIME', 'x'], 'ERR value is not an integer or out of range'],
    [['FREQ', '256'], 'ERR Invalid FREQ value, must be >= 0 and <= 255'],
    [['FREQ', '-1'], 'ERR Invalid FREQ value, must be >= 0 and <= 255'],
    [['FREQ', '2', 'IDLETIME', '1'], 'ERR syntax error'],
    [['IDLETIME', '2', 'FREQ', '1'], 'ERR syntax error'],
  ] as const) {
    t.same(h.call('RESTORE', 'k', 'x', 'bad', ...options), { error }, options.join(' '));
  }
});

t.test('RESTORE looks at the time to live before the payload', async (t) => {
  const h = new Harness();
  t.same(h.call('RESTORE', 'k', '-1', 'bad'), {
    error: 'ERR Invalid TTL value, must be >= 0',
  });
  t.same(h.call('RESTORE', 'k', 'x', 'bad'), {
    error: 'ERR value is not an integer or out of range',
  });
});

t.test('RESTORE leaves out fields whose deadline has come', async (t) => {
  const h = new Harness();
  h.call('RESTORE', 'h', '0', HASH);
  h.call('HPEXPIREAT', 'h', String(h.now + 1000), 'FIELDS', '1', 'a');
  const dump = h.reply('DUMP', 'h');
  if (!(dump instanceof Uint8Array)) throw new Error('DUMP gives bytes');
  h.pass(1000);
  t.equal(h.call('RESTORE', 'copy', '0', dump), 'OK');
  t.same(h.call('HGETALL', 'copy'), ['bb', '-300']);
});

t.test('RESTORE-ASKING is RESTORE', async (t) => {
  const h = new Harness();
  t.equal(h.call('RESTORE-ASKING', 'k', '0', HELLO, 'REPLACE'), 'OK');
  t.equal(h.call('GET', 'k'), 'hello');
});

t.test('values go to a real Redis and back', { skip: skipWithoutRedis() }, async (t) => {
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const h = new Harness();
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  t.comment(`SEED=${seed}`);
  const random = new Prng(seed, 4);
  const there = (...words: string[]): Promise<unknown> => redis.call(...words);
  for (let round = 0; round < 140; round++) {
    const [name, make] = Object.entries(MAKERS)[round % 7] as [string, Maker];
    await redis.batch([['DEL', 'k', 'back'], ...make(random, 'k')]);
    await redis.call('CONFIG', 'SET', 'rdbcompression', random.chance(0.5) ? 'yes' : 'no');
    const from = String(await redis.call('DUMP', 'k'));
    t.equal(h.call('RESTORE', 'k', '0', from, 'REPLACE'), 'OK', `${name} from Redis`);
    const content = await contentOf('k', there);
    // Consumers have no time of activity in Redis 7.0, and its idle time goes on meanwhile.
    const here = await contentOf('k', async (...words) => h.call(...words));
    if (name !== 'stream') t.equal(here, content, `${name} here`);
    const to = String(h.call('DUMP', 'k'));
    t.equal(await redis.call('RESTORE', 'back', '0', to), 'OK', `${name} to Redis`);
    t.equal(await contentOf('back', there), content, `${name} back`);
  }
});

t.test(
  'forms of every age mean the same to a real Redis',
  { skip: skipWithoutRedis() },
  async (t) => {
    const redis = await RedisServer.start();
    t.teardown(() => redis.stop());
    const items = ['a', '1', 'bb', '-300', 'c', '5000000000'];
    const pairs = [
      ['a', '1'],
      ['bb', 'x'.repeat(300)],
    ] as const;
    const scores = [text('a'), oldScore(1.5), text('b'), oldScore(Number.NEGATIVE_INFINITY)];
    for (const [type, body] of [
      [9, text(zipmap(pairs))],
      [10, text(ziplist(items))],
      [11, text(intset(8, [-(2n ** 60n), 5, 2n ** 60n]))],
      [12, text(ziplist(['b', '-2.5', 'a', 1, 'c', 'inf']))],
      [13, text(ziplist(items))],
      [14, Buffer.concat([length(2), text(ziplist(items)), text(ziplist([1, 2]))])],
      [3, Buffer.concat([length(2), ...scores])],
    ] as const) {
      const h = new Harness();
      const form = payload(type, body, 9);
      t.equal(h.call('RESTORE', 'k', '0', form), 'OK', `type ${type} here`);
      const there = await redis.call('RESTORE', `k${type}`, '0', form.toString('latin1'));
      t.equal(there, 'OK', `type ${type} there`);
      t.equal(
        await contentOf('k', async (...words) => h.call(...words)),
        await contentOf(`k${type}`, (...words) => redis.call(...words)),
        `type ${type}`,
      );
    }
  },
);

t.test('a stream whose first node has only deleted entries comes back', async (t) => {
  const h = new Harness();
  h.call('XADD', 'x', '1-0', 'a', 'v');
  h.call('XADD', 'x', '3-0', 'a', 'v');
  h.call('XDEL', 'x', '3-0');
  h.call('XTRIM', 'x', 'MINID', '2-0');
  h.call('XADD', 'x', '4-0', 'a', 'v');
  t.equal(h.call('RESTORE', 'y', '0', h.call('DUMP', 'x') as string), 'OK');
  t.same(h.call('XINFO', 'STREAM', 'y', 'FULL'), h.call('XINFO', 'STREAM', 'x', 'FULL'));
  h.call('XDEL', 'x', '4-0');
  t.equal(h.call('RESTORE', 'z', '0', h.call('DUMP', 'x') as string), 'OK');
  t.equal(h.call('XLEN', 'z'), 0);
  t.equal(h.call('XADD', 'z', '5-0', 'a', 'v'), '5-0');
});
