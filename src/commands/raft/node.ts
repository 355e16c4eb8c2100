import type { Args } from '../../resp/args.ts';
import { ErrorReply, type Reply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { DEFERRED, type Deferred, type LocalContext } from '../local.ts';
import { parseAddress } from './address.ts';
import { INVALID_ADDRESS, INVALID_NODE_ID } from './errors.ts';
import { raftCommand } from './facts.ts';
import { readNodeId } from './node-id.ts';
import { matchSubcommand } from './subcommand.ts';

const WRONG_ARITY: ErrorReply = wrongArity('raft.node');
const UNKNOWN: ErrorReply = new ErrorReply('ERR RAFT.NODE supports ADD / REMOVE only');
const ID_USED: ErrorReply = new ErrorReply('ERR node id has already been used in this cluster');

export const raftNode: LocalCommand = raftCommand({
  name: 'raft.node',
  summary: 'Adds a node to the cluster or removes one.',
  syntax: '<ADD id host:port | REMOVE id>',
  run(context, args) {
    if (args.count === 1) return WRONG_ARITY;
    const { admin } = context.node;
    const refused = admin.stateError() ?? admin.leaderError();
    if (refused !== null) return refused;
    switch (matchSubcommand(args, 1, ['ADD', 'REMOVE'])) {
      case 'ADD':
        return add(context, args);
      case 'REMOVE':
        return remove(context, args);
      default:
        return UNKNOWN;
    }
  },
});

/** With 0 the leader chooses the id. An id is never used twice, also after its node was removed. */
function add(context: LocalContext, args: Args): Reply | Deferred {
  if (args.count !== 4) return WRONG_ARITY;
  const { admin } = context.node;
  const id = readNodeId(args, 2);
  if (id === undefined || id < 0) return INVALID_NODE_ID;
  if (id !== 0 && admin.usedNodeIds().includes(id)) return ID_USED;
  const address = parseAddress(args.string(3));
  if (address === undefined) return INVALID_ADDRESS;
  admin.addNode(id, address, context.defer());
  return DEFERRED;
}

function remove(context: LocalContext, args: Args): Reply | Deferred {
  if (args.count !== 3) return WRONG_ARITY;
  const id = readNodeId(args, 2);
  if (id === undefined || id <= 0) return INVALID_NODE_ID;
  context.node.admin.removeNode(id, context.defer());
  return DEFERRED;
}
