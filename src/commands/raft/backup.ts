import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { DEFERRED, type Deferred, type LocalContext } from '../local.ts';
import { raftCommand } from './facts.ts';
import { matchSubcommand } from './subcommand.ts';

const WRONG_ARITY: ErrorReply = wrongArity('raft.backup');
const UNKNOWN: ErrorReply = new ErrorReply('ERR RAFT.BACKUP supports BEGIN / NEXT / END only');
const BAD_SIZE: ErrorReply = new ErrorReply('ERR max-bytes must be a whole number above 0');

export const raftBackup: LocalCommand = raftCommand({
  name: 'raft.backup',
  summary: "Hands over this node's data piece by piece, as it is when that begins.",
  complexity: 'BEGIN: O(N) with N changed keys; NEXT: O(N) with N bytes handed over; END: O(1).',
  syntax: '<BEGIN | NEXT [max-bytes] | END>',
  run(context, args) {
    if (args.count === 1) return WRONG_ARITY;
    switch (matchSubcommand(args, 1, ['BEGIN', 'NEXT', 'END'])) {
      case 'BEGIN':
        return begin(context, args);
      case 'NEXT':
        return next(context, args);
      case 'END':
        if (args.count !== 2) return WRONG_ARITY;
        return context.node.saving.backups.end(context.session);
      default:
        return UNKNOWN;
    }
  },
});

function begin(context: LocalContext, args: Args): Reply | Deferred {
  if (args.count !== 2) return WRONG_ARITY;
  const { node, session } = context;
  const refused = node.admin.stateError();
  if (refused !== null) return refused;
  node.saving.backups.begin(session, context.defer());
  return DEFERRED;
}

function next(context: LocalContext, args: Args): Reply | Deferred {
  if (args.count > 3) return WRONG_ARITY;
  const { node, session } = context;
  const maxBytes = args.count === 3 ? readInteger(args, 2) : Number.MAX_SAFE_INTEGER;
  if (isError(maxBytes) || maxBytes < 1) return BAD_SIZE;
  node.saving.backups.next(session, Number(maxBytes), context.defer());
  return DEFERRED;
}
