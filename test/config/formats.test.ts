import t from 'tap';
import { advertisedAddress, peerCredentials } from '../../src/config/address.ts';
import { Config } from '../../src/config/config.ts';
import { parseAddress, parseSlotConfig } from '../../src/config/formats.ts';

t.test('an address is split at its last colon', (t) => {
  t.same(parseAddress('h:1'), { host: 'h', port: 1 });
  t.same(parseAddress('::1:80'), { host: '::1', port: 80 });
  t.same(parseAddress('[::1]:80'), { host: '::1', port: 80 });
  t.equal(parseAddress(`${'h'.repeat(256)}:1`), null);
  t.end();
});

t.test('a slot configuration is a list of ranges', (t) => {
  t.same(parseSlotConfig(''), []);
  t.same(parseSlotConfig('5,7:9'), [
    { first: 5, last: 5 },
    { first: 7, last: 9 },
  ]);
  t.equal(parseSlotConfig('9:7'), null);
  t.end();
});

t.test('the advertised address is raft.addr, what is announced, or the first interface', (t) => {
  const address = (values: Record<string, string>, host?: string) =>
    advertisedAddress(Config.of(values).settings, host);
  t.same(address({ 'raft.addr': 'h:1', 'cluster-announce-ip': 'x' }), { host: 'h', port: 1 });
  t.same(address({ 'cluster-announce-ip': '1.2.3.4', port: '7' }), { host: '1.2.3.4', port: 7 });
  t.same(
    address({
      'cluster-announce-ip': 'x',
      'cluster-announce-hostname': 'n',
      'cluster-announce-port': '8',
    }),
    { host: 'n', port: 8 },
  );
  t.same(address({}, '10.0.0.1'), { host: '10.0.0.1', port: 6379 });
  t.same(address({}), { host: '127.0.0.1', port: 6379 });
  t.end();
});

t.test('a node logs in on others with raft.cluster-password, else with masterauth', (t) => {
  const login = (values: Record<string, string>) => peerCredentials(Config.of(values).settings);
  t.same(login({}), { user: 'default', password: '' });
  t.same(login({ masterauth: 'm' }), { user: 'default', password: 'm' });
  t.same(login({ masterauth: 'm', masteruser: 'u' }), { user: 'u', password: 'm' });
  t.same(login({ masterauth: 'm', 'raft.cluster-password': 'c', 'raft.cluster-user': 'r' }), {
    user: 'r',
    password: 'c',
  });
  t.end();
});
