import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import { arityError, type CommandTable } from '../command-table.ts';
import { wrongArity } from '../errors.ts';
import {
  DEFERRED,
  type Deferred,
  type LocalContext,
  type RaftAdmin,
  type SaveOutcome,
} from '../local.ts';
import { commandSpec } from './command-spec.ts';
import { INVALID_NODE_ID } from './errors.ts';
import { raftCommand } from './facts.ts';
import { readNodeId } from './node-id.ts';
import { matchSubcommand } from './subcommand.ts';

const WRONG_ARITY: ErrorReply = wrongArity('raft.debug');
const UNKNOWN: ErrorReply = new ErrorReply('ERR invalid debug subcommand');
const INVALID_ASYNC: ErrorReply = new ErrorReply('ERR invalid compact async value');
const NO_COMPACTION: ErrorReply = new ErrorReply('ERR failed to begin compaction');
const NO_SUCH_NODE: ErrorReply = new ErrorReply('ERR node does not exist');
const INVALID_FLAGS: ErrorReply = new ErrorReply('ERR invalid nodecfg option');
const NOT_EXECUTED: ErrorReply = new ErrorReply('Bad command or failed to execute');
const UNKNOWN_COMMAND: ErrorReply = new ErrorReply('ERR unknown command');

const NAMES = ['COMPACT', 'NODECFG', 'USED_NODE_IDS', 'EXEC', 'COMMANDSPEC', 'DIGEST'] as const;

export const raftDebug: LocalCommand = raftCommand({
  name: 'raft.debug',
  summary: 'Looks into this node, or disturbs it, for tests.',
  complexity:
    'DIGEST: O(N) with N bytes of data; COMPACT: O(N) with N changed keys; the others O(1).',
  syntax:
    '<COMPACT [async] | NODECFG id flags | USED_NODE_IDS | EXEC command arg [arg ...] | ' +
    'COMMANDSPEC command | DIGEST>',
  run(context, args) {
    if (args.count === 1) return WRONG_ARITY;
    const { admin } = context.node;
    switch (matchSubcommand(args, 1, NAMES)) {
      case 'COMPACT':
        return compact(context, args);
      case 'NODECFG':
        return nodeConfig(admin, args);
      case 'USED_NODE_IDS':
        return admin.usedNodeIds();
      case 'EXEC':
        return execute(context, args);
      case 'COMMANDSPEC':
        return spec(context.table, args);
      case 'DIGEST': {
        const { digest, applied } = admin.digest();
        return [digest, applied];
      }
      default:
        return UNKNOWN;
    }
  },
});

function compact(context: LocalContext, args: Args): Reply | Deferred {
  const isAsync = args.count > 2 ? readInteger(args, 2) : 0;
  if (isError(isAsync)) return INVALID_ASYNC;
  const { admin, saving } = context.node;
  const error = admin.stateError();
  if (error !== null) return error;
  if (isAsync !== 0) return hasBegun(saving.compactLater()) ? OK : NO_COMPACTION;
  let reply: (reply: Reply) => void = () => {};
  const outcome = saving.compact((failure) =>
    reply(failure === null ? OK : new ErrorReply(failure)),
  );
  if (!hasBegun(outcome)) return NO_COMPACTION;
  reply = context.defer();
  return DEFERRED;
}

function hasBegun(outcome: SaveOutcome): boolean {
  return outcome === 'begun' || outcome === 'later';
}

function nodeConfig(admin: RaftAdmin, args: Args): Reply {
  if (args.count !== 4) return WRONG_ARITY;
  const id = readNodeId(args, 2);
  if (id === undefined) return INVALID_NODE_ID;
  const flags = readFlags(args.string(3));
  // Whether there is such a node comes before what is wrong with the flags.
  if (!admin.overrideNode(id, flags ?? {})) return NO_SUCH_NODE;
  return flags === undefined ? INVALID_FLAGS : OK;
}

function readFlags(text: string): { voting?: boolean; active?: boolean } | undefined {
  const flags: { voting?: boolean; active?: boolean } = {};
  for (const word of text.split(' ')) {
    const name = word.slice(1);
    const sign = word.charAt(0);
    if (word === '') continue;
    if ((sign !== '+' && sign !== '-') || (name !== 'voting' && name !== 'active')) {
      return undefined;
    }
    flags[name] = sign === '+';
  }
  return flags;
}

/** On this node alone, in any state: a write that others do not see makes the nodes differ. */
function execute(context: LocalContext, args: Args): Reply {
  if (args.count < 4) return UNKNOWN;
  const inner = args.rest(2);
  const command = context.table.resolve(inner);
  if (isError(command) || arityError(command, inner) !== null) return NOT_EXECUTED;
  return context.node.admin.executeLocally(inner);
}

function spec(table: CommandTable, args: Args): Reply {
  if (args.count !== 3) return UNKNOWN;
  const command = table.lookup(args, 2);
  return command === undefined ? UNKNOWN_COMMAND : commandSpec(command);
}
