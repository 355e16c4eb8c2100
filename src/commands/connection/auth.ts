import { ErrorReply, OK } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import type { LocalContext } from '../local.ts';

const DEFAULT_USER = 'default';

const WRONG_PASSWORD: ErrorReply = new ErrorReply(
  'WRONGPASS invalid username-password pair or user is disabled.',
);
const NO_PASSWORD_SET: ErrorReply = new ErrorReply(
  'ERR AUTH <password> called without any password configured for the default user. ' +
    'Are you sure your configuration is correct?',
);

/** Logs the connection in, or tells why not. A failed attempt leaves it as it was. */
export function logIn(context: LocalContext, user: string, password: string): ErrorReply | null {
  const { node, session } = context;
  // The default user without a password accepts any.
  const open = user === DEFAULT_USER && !node.passwordRequired;
  if (!open && !node.checkPassword(user, password)) return WRONG_PASSWORD;
  session.authenticated = true;
  return null;
}

export const auth: LocalCommand = {
  kind: 'local',
  name: 'auth',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  group: 'connection',
  since: '1.0.0',
  summary: 'Logs this connection in.',
  complexity: 'O(N) with N passwords of the user',
  syntax: '[username] password',
  run(context, args) {
    if (args.count > 3) return SYNTAX_ERROR;
    if (args.count === 3) return logIn(context, args.string(1), args.string(2)) ?? OK;
    if (!context.node.passwordRequired) return NO_PASSWORD_SET;
    return logIn(context, DEFAULT_USER, args.string(1)) ?? OK;
  },
};
