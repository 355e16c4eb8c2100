import t from 'tap';
import { isError } from '../../src/resp/reply.ts';
import { eventually, missesLeader, RealCluster, type RealNode } from '../support/real-cluster.ts';
import { type RespClient, replyText } from '../support/resp-client.ts';

t.setTimeout(90_000);

t.test('a follower that redirects', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());

  await t.test(
    'MOVED names the slot of the key and the leader as CLUSTER SLOTS spells it',
    async (t) => {
      const follower = await cluster.follower();
      const leader = await cluster.leader();
      for (const node of cluster.nodes) {
        const slots = await node.call('CLUSTER', 'SLOTS');
        const [range] = Array.isArray(slots) ? slots : [];
        const [from, to, first] = Array.isArray(range) ? range : [];
        t.same([from, to], [0, 16383]);
        const [host, port] = Array.isArray(first) ? first : [];
        for (const [key, slot] of [
          ['foo', 12182],
          ['bar', 5061],
          ['{user1000}.following', 3443],
          ['{user1000}.followers', 3443],
          ['foo{}{bar}', 8363],
          ['foo{{bar}}zap', 4015],
        ]) {
          t.equal(await follower.say('GET', `${key}`), `MOVED ${slot} ${host}:${port}`);
        }
        t.equal(port, leader.port);
      }
    },
  );

  await t.test('keyless commands are relayed, not redirected', async (t) => {
    const follower = await cluster.follower();
    const leader = await cluster.leader();
    await leader.call('SET', 'only', '1');
    t.equal(await follower.call('DBSIZE'), 1);
    t.same(await follower.call('KEYS', '*'), ['only']);
    t.equal(await follower.call('RANDOMKEY'), 'only');
    t.same(await follower.call('SCAN', '0'), ['0', ['only']]);
    await follower.call('FLUSHALL');
    t.equal(await leader.call('DBSIZE'), 0);
  });

  await t.test('READONLY lets it answer reads itself, and READWRITE ends that', async (t) => {
    const leader = await cluster.leader();
    const follower = await cluster.follower();
    await leader.call('SET', 'here', 'too');
    await cluster.converged();
    const client = await follower.client();
    t.match(replyText(await client.call('GET', 'here')), /^MOVED /);
    await client.ok('READONLY');
    t.equal(await client.call('GET', 'here'), 'too');
    t.match(replyText(await client.call('SET', 'here', '2')), /^MOVED /);
    await client.ok('READWRITE');
    t.match(replyText(await client.call('GET', 'here')), /^MOVED /);
    client.close();
  });

  await t.test('a command sent while there is no leader waits and is redirected', async (t) => {
    const follower = await cluster.follower();
    const leader = await cluster.leader();
    const client = await follower.client();
    await leader.stop('SIGKILL');
    await missesLeader(follower);
    const reply = await client.call('SET', 'foo', '1');
    const next = await cluster.leader();
    if (next === follower) t.notOk(isError(reply));
    else t.equal(replyText(reply), `MOVED 12182 127.0.0.1:${next.port}`);
    client.close();
    await leader.start();
  });
});

t.test('a node without a quorum and without patience', async (t) => {
  const cluster = await RealCluster.start(3, ['--raft.election-hold', '0']);
  t.teardown(() => cluster.stop());
  const leader = await cluster.leader();
  const [left, other] = await cluster.followers();
  if (left === undefined || other === undefined) throw new Error('there are followers');

  await t.test('a leader that loses its followers answers who waits TIMEOUT', async (t) => {
    const writer = await leader.client();
    const reader = await leader.client();
    left.pause();
    other.pause();
    const begin = performance.now();
    const replies = await Promise.all([writer.call('SET', 'a', '1'), reader.call('GET', 'a')]);
    t.same(replies.map(replyText), ['TIMEOUT not committed yet', 'TIMEOUT no quorum for read']);
    t.comment(`answered after ${Math.round(performance.now() - begin)} ms`);
    t.equal(replyText(await writer.call('SET', 'a', '1')), 'CLUSTERDOWN No raft leader');
    left.proceed();
    other.proceed();
    writer.close();
    reader.close();
    await cluster.leader();
  });

  await t.test('CLUSTERDOWN is the answer when no leader can be elected', async (t) => {
    const leader = await cluster.leader();
    const [left, other] = await cluster.followers();
    await Promise.all([leader.stop('SIGKILL'), other?.stop('SIGKILL')]);
    const node = left as RealNode;
    await eventually('no leader', async () => {
      const { raft_leader_id: id } = await node.info('raft_general');
      return id === '-1' ? true : undefined;
    });
    for (const words of [
      ['GET', 'a'],
      ['SET', 'a', '1'],
      ['DBSIZE'],
      ['RAFT.NODE', 'REMOVE', '1'],
    ]) {
      t.equal(await node.say(...words), 'CLUSTERDOWN No raft leader', words.join(' '));
    }
    t.match(await node.say('CLUSTER', 'INFO'), /cluster_state:fail/);
    t.equal(await node.say('RAFT.TRANSFER_LEADER'), 'ERR not leader');
    const slots = await node.call('CLUSTER', 'SLOTS');
    t.equal(
      JSON.stringify(slots).indexOf(`${node.port}`),
      JSON.stringify(slots).search(/\d{5},"[0-9a-f]{40}/),
      'it lists itself first',
    );
    await node.call('CONFIG', 'SET', 'raft.election-hold', '400');
    const begin = performance.now();
    t.equal(await node.say('SET', 'a', '1'), 'CLUSTERDOWN No raft leader');
    const held = Math.round(performance.now() - begin);
    t.ok(held >= 400 && held < 1000, `with patience it is the answer after ${held} ms`);
    await Promise.all([leader.start(), other?.start()]);
    await cluster.followers();
  });
});

t.test('a leader that was away', async (t) => {
  const cluster = await RealCluster.start(3);
  t.teardown(() => cluster.stop());
  const old = await cluster.leader();
  await old.call('SET', 'x', 'old');
  const waiting = await Promise.all(Array.from({ length: 4 }, () => old.client()));
  await Promise.all(waiting.map((client) => client.call('PING')));
  old.pause();
  const [w1, w2, r1, r2] = waiting as [RespClient, RespClient, RespClient, RespClient];
  // They lie in the sockets of a process that stands still.
  const replies = [w1.call('SET', 'y', '1'), r1.call('GET', 'x')];
  const begin = performance.now();
  const next = await cluster.leader();
  t.comment(`the others had a leader after ${Math.round(performance.now() - begin)} ms`);
  t.not(next, old);
  await eventually('the new leader to serve', async () =>
    (await next.say('SET', 'x', 'new')) === undefined ? undefined : true,
  );
  old.proceed();
  replies.push(r2.call('GET', 'x'), w2.call('INCR', 'z'));
  const texts = (await Promise.all(replies)).map(replyText);
  t.comment(texts.join(' | '));
  for (const text of texts) t.match(text, /^(TIMEOUT|MOVED|CLUSTERDOWN|NOTLEADER)/);
  for (const client of waiting) client.close();
  await cluster.followers();
  t.match(await old.say('GET', 'x'), /^MOVED /);
  t.equal(await next.call('GET', 'x'), 'new');
  t.equal(await next.call('GET', 'z'), null, 'what was refused has not happened');
  await cluster.converged();
  await cluster.digest();
});
