import t from 'tap';
import type { Command } from '../../src/commands/command.ts';
import { wholeTable } from '../../src/commands/whole-table.ts';
import type { ErrorReply } from '../../src/resp/reply.ts';
import { GATES, type GateFacts, LOG_FULL } from '../../src/server/gates.ts';
import { Session } from '../../src/server/session.ts';

const TABLE = wholeTable();
const FINE: GateFacts = { memoryExceeded: false, logIsFull: false };

function session(authenticated: boolean): Session {
  const transport = {
    kind: 'socket' as const,
    flush: () => {},
    close: () => {},
    hold: () => {},
    release: () => {},
  };
  const host = {
    runRead: () => null,
    readIsReady: () => false,
    runForced: () => null,
    dirty: () => {},
    countError: () => {},
    unblock: () => {},
    notice: () => {},
  };
  return new Session({ id: 1, host, transport, authenticated });
}

/** The first refusal, in the order of the gates. */
function refusal(command: Command, facts: GateFacts, authenticated = true): ErrorReply | null {
  for (const gate of GATES) {
    const refused = gate(command, session(authenticated), facts);
    if (refused !== null) return refused;
  }
  return null;
}

function named(name: string): Command {
  const command = TABLE.get(name);
  if (command === undefined) throw new Error(name);
  return command;
}

t.test('with space and memory every command passes', async (t) => {
  for (const command of TABLE.list()) t.equal(refusal(command, FINE), null, command.name);
});

t.test('without space for the log, commands that write are refused, and no others', async (t) => {
  const facts = { ...FINE, logIsFull: true };
  for (const command of TABLE.list()) {
    const expected = command.flags.includes('write') ? LOG_FULL : null;
    t.equal(refusal(command, facts), expected, command.name);
  }
  t.match(LOG_FULL.text, /^MISCONF The Raft log cannot be written: No space left on device\. /);
});

t.test(
  'who has not logged in is told that, and want of memory goes before want of space',
  async (t) => {
    const facts = { memoryExceeded: true, logIsFull: true };
    t.match(refusal(named('set'), facts, false)?.text, /^NOAUTH/);
    t.match(refusal(named('set'), facts)?.text, /^OOM/);
    t.equal(refusal(named('del'), facts), LOG_FULL, 'needs no memory');
    t.equal(refusal(named('get'), facts), null);
  },
);
