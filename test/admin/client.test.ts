import t from 'tap';
import { AdminClient } from '../../src/admin/client.ts';
import { parseAddress } from '../../src/config/formats.ts';
import type { Address } from '../../src/world/world.ts';
import { world } from '../support/admin-fixture.ts';
import { type Scripted, scriptedNode } from '../support/scripted-node.ts';

async function address(
  t: { teardown(close: () => void): void },
  script: (words: readonly string[]) => Scripted,
): Promise<Address> {
  const at = parseAddress(await scriptedNode(world, script, (close) => t.teardown(close)));
  if (at === null) throw new Error('no address');
  return at;
}

t.test('commands are answered in their order', async (t) => {
  const at = await address(t, (words) => words.join(' '));
  const client = await AdminClient.connect(world, at, 5000);
  const replies = [client.call(['a', 'b'], 5000), client.call(['c'], null)];
  t.same(await Promise.all(replies), ['a b', 'c']);
  client.close();
  await t.rejects(client.call(['d'], 5000), { message: 'closed' });
});

t.test('a node that says nothing is given up, one that speaks is not', async (t) => {
  const at = await address(t, ([word]) => (word === 'ECHO' ? 'x' : 'silence'));
  const client = await AdminClient.connect(world, at, 5000);
  t.equal(await client.call(['ECHO'], 5000), 'x');
  const waiting = client.call(['nothing'], 50);
  const behind = client.call(['nothing'], 50);
  await t.rejects(waiting, { message: 'no answer for 0.05 seconds' });
  await t.rejects(behind, { message: 'no answer for 0.05 seconds' });
});

t.test('a connection that ends fails all that waits', async (t) => {
  const at = await address(t, () => 'hang up');
  const client = await AdminClient.connect(world, at, 5000);
  await t.rejects(client.call(['x'], null));
  await t.rejects(AdminClient.connect(world, { host: '127.0.0.1', port: 1 }, 5000), {
    message: /ECONNREFUSED/,
  });
});
