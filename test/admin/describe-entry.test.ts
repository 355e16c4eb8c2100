import t from 'tap';
import { describeEntry } from '../../src/admin/describe-entry.ts';
import { asLogIndex, asNodeId } from '../../src/base/ids.ts';
import {
  ENTRY_COMMAND,
  ENTRY_CONFIGURATION,
  ENTRY_NOOP,
  ENTRY_TIME,
  ENTRY_UNBLOCK,
  packConfiguration,
  packUnblock,
} from '../../src/replica/entry.ts';
import { encodeCommand } from '../../src/resp/command-encoder.ts';

function payload(...pieces: readonly Uint8Array[]): Buffer {
  const time = Buffer.alloc(8);
  time.writeDoubleLE(1_700_000_000_123, 0);
  return Buffer.concat([time, ...pieces]);
}

function command(...words: readonly string[]): string {
  return describeEntry(ENTRY_COMMAND, payload(Buffer.from([2]), encodeCommand(words)));
}

t.test('a command is shown with its time, database and words', async (t) => {
  t.equal(
    command('SET', 'a key', 'v\x00"'),
    'command 2023-11-14T22:13:20.123Z db2 SET "a key" "v\\x00\\""',
  );
});

t.test('of a long command the beginning is shown, and how long it is', async (t) => {
  t.match(
    command('SET', 'k', 'x'.repeat(100)),
    new RegExp(`SET k ${'x'.repeat(64)}\\.\\.\\.\\(100 bytes\\)$`),
  );
  t.match(
    command('RPUSH', ...Array.from({ length: 30 }, () => 'v')),
    /RPUSH( v){19} \.\.\.\(31 words\)$/,
  );
});

t.test('entries that are no commands are named', async (t) => {
  const time = '2023-11-14T22:13:20.123Z';
  t.equal(describeEntry(ENTRY_NOOP, payload()), `noop ${time}`);
  t.equal(describeEntry(ENTRY_TIME, payload()), `time ${time}`);
  t.equal(
    describeEntry(ENTRY_UNBLOCK, payload(packUnblock(asLogIndex(12), 'error'))),
    `unblock ${time} entry 12, error`,
  );
  const member = { id: asNodeId(5), host: 'a', port: 1, voting: true };
  const learner = { id: asNodeId(6), host: 'fe80::1', port: 2, voting: false };
  const body = packConfiguration({
    change: { kind: 'add-learner', id: learner.id },
    members: [member, learner],
    databases: 16,
  });
  t.equal(
    describeEntry(ENTRY_CONFIGURATION, payload(body)),
    `configuration ${time} add-learner 6: 5 a:1, 6 fe80::1:2 learner, 16 databases`,
  );
  const last = packConfiguration({ change: { kind: 'remove', id: member.id }, members: [] });
  t.match(describeEntry(ENTRY_CONFIGURATION, payload(last)), /remove 5: no nodes$/);
});

t.test('what makes no sense is shown as such', async (t) => {
  t.equal(describeEntry(ENTRY_NOOP, Buffer.alloc(3)), 'unreadable (no time)');
  t.match(describeEntry(99, payload()), 'unreadable (kind 99 is not known)');
  t.match(describeEntry(ENTRY_COMMAND, payload(Buffer.from('\x00*1\r\n'))), 'unreadable (no whole');
  t.match(describeEntry(ENTRY_CONFIGURATION, payload(Buffer.from([1]))), 'unreadable (Malformed');
  const odd = payload();
  odd.writeDoubleLE(Number.NaN, 0);
  t.equal(describeEntry(ENTRY_NOOP, odd), 'noop at NaN ms');
});
