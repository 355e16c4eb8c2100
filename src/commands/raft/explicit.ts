import type { Args } from '../../resp/args.ts';
import { ErrorReply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { raftCommand } from './facts.ts';

const CLIENT_REFUSED: ErrorReply = new ErrorReply(
  'ERR RedisRaft should only handle CLIENT UNBLOCK commands',
);

/** `RAFT SET k v` is `SET k v`; what would be answered here without a log entry gets one. */
export const raft: LocalCommand = raftCommand({
  name: 'raft',
  flags: ['noscript', 'loading', 'stale', 'module'],
  summary: 'Sends a command through the log, also one that does not need it.',
  complexity: 'That of the command.',
  syntax: 'command [arg ...]',
  run(context, args) {
    if (args.count === 1) return wrongArity('raft');
    return isRefused(args) ? CLIENT_REFUSED : context.explicit(args.rest(1));
  },
});

function isRefused(args: Args): boolean {
  return args.is(1, 'CLIENT') && !(args.count > 2 && args.is(2, 'UNBLOCK'));
}
