import t from 'tap';
import { asMilliseconds } from '../../src/base/ids.ts';
import { RedisServer, skipWithoutRedis } from '../commands/redis-server.ts';
import { BalsaSide } from './balsa-side.ts';
import { sameReply } from './comparison.ts';
import { decode, shown } from './decode.ts';
import { KNOWN_DIFFERENCES, knownDifference } from './known-differences.ts';
import { RedisSide } from './redis-side.ts';

t.test('every known difference is one still', { skip: skipWithoutRedis() }, async (t) => {
  const server = await RedisServer.start();
  t.teardown(() => server.stop());
  const redis = await RedisSide.connect(server.port);
  t.teardown(() => redis.close());
  for (const { reason, example } of KNOWN_DIFFERENCES) {
    const balsa = new BalsaSide(2, asMilliseconds(Date.now()));
    const last = example.at(-1) ?? [];
    const ours = decode(example.map((words) => balsa.send(words)).at(-1) ?? Buffer.alloc(0), 0);
    const replies = await redis.batch([['FLUSHALL'], ...example]);
    let at = 0;
    let theirs = ours.reply;
    while (at < replies.length) ({ reply: theirs, next: at } = decode(replies, at));
    t.notOk(sameReply(last, ours.reply, theirs), `${reason} ${shown(ours.reply)}`);
    t.equal(knownDifference(last, ours.reply, theirs)?.reason, reason);
  }
});
