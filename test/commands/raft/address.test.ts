import t from 'tap';
import { parseAddress } from '../../../src/commands/raft/address.ts';

t.test('an address is parted at its last colon', async (t) => {
  t.same(parseAddress('10.0.0.1:6379'), { host: '10.0.0.1', port: 6379 });
  t.same(parseAddress('fe80::1:6379'), { host: 'fe80::1', port: 6379 });
  t.same(parseAddress(':1'), { host: '', port: 1 }, 'the host may be empty');
  t.same(parseAddress(' a :65535'), { host: ' a ', port: 65535 }, 'and is not trimmed');
});

t.test('a host is cut to 255 bytes', async (t) => {
  t.same(parseAddress(`${'h'.repeat(300)}:1`), { host: 'h'.repeat(255), port: 1 });
  t.same(parseAddress(`${'h'.repeat(255)}:1`), { host: 'h'.repeat(255), port: 1 });
});

t.test('a port is a number from 1 to 65535', async (t) => {
  for (const text of ['', 'a', ':', 'a:', 'a:0', 'a:65536', 'a:-1', 'a:1x', 'a: 1', 'a:100000']) {
    t.equal(parseAddress(text), undefined, text);
  }
});
