import type { Command } from '../commands/command.ts';
import { ErrorReply } from '../resp/reply.ts';
import type { Session } from './session.ts';

/** What gates may know besides the command and its session. */
export interface GateFacts {
  readonly memoryExceeded: boolean;
}

const NOAUTH = new ErrorReply('NOAUTH Authentication required.');
const OOM = new ErrorReply("OOM command not allowed when used memory > 'maxmemory'.");

/** null: passes. Gates read flags, never names. */
export type Gate = (command: Command, session: Session, facts: GateFacts) => ErrorReply | null;

function authenticated(command: Command, session: Session): ErrorReply | null {
  return session.authenticated || command.flags.includes('no_auth') ? null : NOAUTH;
}

function enoughMemory(command: Command, _session: Session, facts: GateFacts): ErrorReply | null {
  return facts.memoryExceeded && command.flags.includes('denyoom') ? OOM : null;
}

/**
 * In this order, after the command was found and counted its arguments, before its arguments are
 * read. Leadership is asked last, by the dispatcher, because its answer may be to wait.
 */
export const GATES: readonly Gate[] = [authenticated, enoughMemory];
