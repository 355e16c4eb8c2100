import { ErrorReply, OK, VerbatimReply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { raftCommand } from './facts.ts';
import { matchSubcommand } from './subcommand.ts';

const WRONG_ARITY: ErrorReply = wrongArity('raft.config');
const UNKNOWN: ErrorReply = new ErrorReply('ERR RAFT.CONFIG supports GET / SET only');

/** The parameters under their names of before `raft.*` became a part of CONFIG. */
export const raftConfig: LocalCommand = raftCommand({
  name: 'raft.config',
  summary: 'Tells or changes parameters under their older names; use CONFIG.',
  syntax: '<GET pattern | SET name value>',
  run({ node }, args) {
    if (args.count === 1) return WRONG_ARITY;
    switch (matchSubcommand(args, 1, ['GET', 'SET'])) {
      case 'GET':
        if (args.count !== 3) return WRONG_ARITY;
        return node.legacyConfigGet(args.string(2)).flat();
      case 'SET': {
        if (args.count !== 3 && args.count !== 4) return WRONG_ARITY;
        const value = args.count === 4 ? args.string(3) : null;
        return node.legacyConfigSet(args.string(2), value) ?? OK;
      }
      default:
        return UNKNOWN;
    }
  },
});

/** The facts of INFO raft in their older form. */
export const raftInfo: LocalCommand = raftCommand({
  name: 'raft.info',
  summary: 'Tells the state of this node in the older form; use INFO raft.',
  syntax: '',
  run({ node }, args) {
    if (args.count !== 1) return wrongArity('raft.info');
    return new VerbatimReply('txt', node.legacyRaftInfo());
  },
});
