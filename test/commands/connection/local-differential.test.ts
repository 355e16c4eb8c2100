import t from 'tap';
import { type Reply, VerbatimReply } from '../../../src/resp/reply.ts';
import { FakeContext } from '../../support/fake-local-context.ts';
import { plain } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

/** Replies that must be equal to those of Redis 7.0, on a connection nothing was sent on before. */
const SAME: readonly string[] = [
  'PING',
  'PING a',
  'PING a b',
  'ECHO',
  'ECHO a',
  'HELLO 4',
  'HELLO 1',
  'HELLO abc',
  'HELLO 3.0',
  'HELLO 99999999999999999999',
  'HELLO 3 auth',
  'HELLO 3 auth default',
  'HELLO 3 setname',
  'HELLO 2 FOO',
  'HELLO 2 auth default x foo',
  'HELLO 2 auth other x setname zzz',
  'HELLO 2 setname \xff',
  'AUTH',
  'AUTH x',
  'AUTH default x',
  'AUTH nosuch x',
  'AUTH a b c',
  'SELECT',
  'SELECT 0',
  'SELECT 16',
  'SELECT -1',
  'SELECT abc',
  'SELECT 01',
  'SELECT 2147483648',
  'SELECT 99999999999999999999',
  'CLIENT',
  'CLIENT foo',
  'CLIENT foo bar',
  'CLIENT ID x',
  'CLIENT SETNAME',
  'CLIENT SETNAME \xff',
  'CLIENT SETNAME a|b',
  'CLIENT GETNAME',
  'CLIENT SETNAME ',
  'CLIENT GETNAME',
  'CLIENT LIST TYPE foo',
  'CLIENT LIST TYPE',
  'CLIENT LIST TYPE normal x',
  'CLIENT LIST ID',
  'CLIENT LIST ID 1000 x',
  'CLIENT LIST ID 1000',
  'CLIENT LIST TYPE master',
  'CLIENT LIST TYPE replica',
  'CLIENT LIST TYPE slave',
  'CLIENT LIST TYPE pubsub',
  'CLIENT LIST foo',
  'CLIENT LIST foo bar',
  'CLIENT KILL',
  'CLIENT KILL 1.2.3.4:5',
  'CLIENT KILL foo bar',
  'CLIENT KILL id abc',
  'CLIENT KILL id 0',
  'CLIENT KILL id -1',
  'CLIENT KILL id 9999',
  'CLIENT KILL id 9999 type',
  'CLIENT KILL type foo',
  'CLIENT KILL type normal',
  'CLIENT KILL user nosuch',
  'CLIENT KILL user default addr 1.2.3.4:3',
  'CLIENT KILL skipme maybe',
  'CLIENT KILL skipme no id 9999',
  'CLIENT KILL addr 1.1.1.1:1 laddr 2.2.2.2:2',
  'CLIENT KILL id',
  'CLIENT NO-EVICT',
  'CLIENT NO-EVICT on',
  'CLIENT NO-EVICT off',
  'CLIENT NO-EVICT maybe',
  'CLIENT REPLY foo',
  'CLIENT REPLY on',
  'CLIENT UNBLOCK 1',
  'CLIENT UNBLOCK abc',
  'CLIENT UNBLOCK abc foo',
  'CLIENT UNBLOCK 1 foo',
  'CLIENT UNBLOCK 1 error',
  'CLIENT UNBLOCK 1 timeout x',
  'CLIENT TRACKING off',
  'CLIENT TRACKING foo',
  'CLIENT TRACKING off foo',
  'CLIENT TRACKING off redirect',
  'CLIENT CACHING yes',
  'CLIENT CACHING foo',
  'CLIENT GETREDIR',
  'CLIENT TRACKINGINFO',
  'CONFIG',
  'CONFIG foo',
  'CONFIG GET',
  'CONFIG SET',
  'CONFIG SET a',
  'CONFIG SET a b c',
  'CONFIG RESETSTAT',
  'SHUTDOWN foo',
  'SHUTDOWN nosave save',
  'SHUTDOWN abort now',
  'SHUTDOWN nosave abort',
  'LOLWUT VERSION abc',
  'MODULE LIST',
  'MODULE foo',
  'ACL WHOAMI',
  'ACL USERS',
  'ACL CAT',
  'ACL CAT foo',
  'ACL CAT a b',
  'ACL foo',
  'CLUSTER foo',
  'CLUSTER KEYSLOT',
  'TIME x',
  'ROLE x',
  'RESET x',
  'RESET',
];

/** A reply as a RESP2 client sees it. */
function seen(context: FakeContext, words: readonly string[]): unknown {
  const reply = context.call(...words);
  return reply instanceof VerbatimReply ? reply.text : plain(reply as Reply);
}

t.test('local commands answer as Redis', { skip: skipWithoutRedis() }, async (t) => {
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const context = new FakeContext();
  context.node.connections = [];
  for (const line of SAME) {
    const words = line.split(' ');
    const expected = await redis.call(...words);
    t.same(seen(context, words), expected, line);
  }
});

t.test(
  'a connection without login is refused as by Redis',
  { skip: skipWithoutRedis() },
  async (t) => {
    const redis = await RedisServer.start();
    t.teardown(() => redis.stop());
    const context = new FakeContext();
    context.node.password = 'pw';
    context.session.authenticated = false;
    await redis.call('CONFIG', 'SET', 'requirepass', 'pw');
    await redis.call('RESET');
    for (const line of [
      'AUTH no',
      'AUTH default no',
      'AUTH other pw',
      'HELLO 4',
      'HELLO 2 FOO',
      'HELLO 2 AUTH default no',
      'AUTH pw',
      'AUTH no',
      'AUTH default pw',
    ]) {
      const words = line.split(' ');
      t.same(seen(context, words), await redis.call(...words), line);
    }
  },
);

t.test(
  'CLIENT LIST has the fields of Redis 7.0 in their order',
  { skip: skipWithoutRedis() },
  async (t) => {
    const redis = await RedisServer.start();
    t.teardown(() => redis.stop());
    const names = (line: unknown): string[] =>
      String(line)
        .trim()
        .split(' ')
        .map((field) => field.slice(0, field.indexOf('=')));
    const own = seen(new FakeContext(), ['CLIENT', 'LIST']);
    const added = ['watch', 'lib-name', 'lib-ver'];
    t.same(
      names(own).filter((name) => !added.includes(name)),
      names(await redis.call('CLIENT', 'LIST')).filter((name) => !added.includes(name)),
    );
  },
);
