import type { Command } from '../commands/command.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Session } from './session.ts';

/** What gates may know besides the command and its session. */
export interface GateFacts {
  readonly memoryExceeded: boolean;
  /** This node leads, and there is no space for new entries. */
  readonly logIsFull: boolean;
}

const NOAUTH = new ErrorReply('NOAUTH Authentication required.');
const OOM = new ErrorReply("OOM command not allowed when used memory > 'maxmemory'.");

export const LOG_FULL: ErrorReply = new ErrorReply(
  'MISCONF The Raft log cannot be written: No space left on device. ' +
    'Writes are refused until there is space again.',
);

export const MAX_CLIENTS: ErrorReply = new ErrorReply('ERR max number of clients reached');

/** null: passes. Gates read flags, never names. */
export type Gate = (command: Command, session: Session, facts: GateFacts) => ErrorReply | null;

function authenticated(command: Command, session: Session): ErrorReply | null {
  return session.authenticated || command.flags.includes('no_auth') ? null : NOAUTH;
}

/** Nodes must reach each other, and somebody must be able to help, however many clients there are. */
function enoughRoom(command: Command, session: Session): ErrorReply | null {
  if (!session.isSurplus) return null;
  if (command.flags.includes('admin') || command.flags.includes('no_auth')) return null;
  session.closeAfterReply();
  return MAX_CLIENTS;
}

function enoughMemory(command: Command, _session: Session, facts: GateFacts): ErrorReply | null {
  return facts.memoryExceeded && command.flags.includes('denyoom') ? OOM : null;
}

/** Some entries are not written by `write` commands alone: the dispatcher asks again for those. */
function enoughDisk(command: Command, _session: Session, facts: GateFacts): ErrorReply | null {
  return facts.logIsFull && command.flags.includes('write') ? LOG_FULL : null;
}

/**
 * In this order, after the command was found and counted its arguments, before its arguments are
 * read. Leadership is asked last, by the dispatcher, because its answer may be to wait.
 */
export const GATES: readonly Gate[] = [enoughRoom, authenticated, enoughMemory, enoughDisk];
