import { ErrorReply, isError } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';

const BAD_REASON: ErrorReply = new ErrorReply(
  'ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR',
);

export const clientUnblock: LocalCommand = {
  kind: 'local',
  name: 'client|unblock',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  group: 'connection',
  since: '5.0.0',
  summary: 'Ends the waiting of another connection in a blocking command.',
  complexity: 'O(1)',
  syntax: 'client-id [TIMEOUT | ERROR]',
  run({ node }, args) {
    if (args.count > 4) {
      const name = args.string(1);
      return new ErrorReply(
        `ERR unknown subcommand or wrong number of arguments for '${name}'. Try CLIENT HELP.`,
      );
    }
    if (args.count === 4 && !args.is(3, 'TIMEOUT') && !args.is(3, 'ERROR')) return BAD_REASON;
    const id = readInteger(args, 2);
    if (isError(id)) return id;
    const how = args.count === 4 && args.is(3, 'ERROR') ? 'error' : 'timeout';
    return node.unblockClient(Number(id), how) ? 1 : 0;
  },
};
