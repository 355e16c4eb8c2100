import { ErrorReply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { DEFERRED } from '../local.ts';
import { raftCommand } from './facts.ts';
import { readNodeId } from './node-id.ts';

const INVALID_TARGET: ErrorReply = new ErrorReply('ERR invalid target node id');

/** 0 would mean "any" to the node, but a client that sends it names a node that cannot exist. */
const NOBODY = -1;

export const raftTransferLeader: LocalCommand = raftCommand({
  name: 'raft.transfer_leader',
  summary: 'Hands leadership over to a node, or to the one that is furthest.',
  syntax: '[id]',
  run(context, args) {
    if (args.count > 2) return wrongArity('raft.transfer_leader');
    let target = 0;
    if (args.count === 2) {
      const id = readNodeId(args, 1);
      if (id === undefined) return INVALID_TARGET;
      target = id === 0 ? NOBODY : id;
    }
    const { admin } = context.node;
    const refused = admin.stateError();
    if (refused !== null) return refused;
    admin.transferLeader(target, context.defer());
    return DEFERRED;
  },
});

export const raftTimeoutNow: LocalCommand = raftCommand({
  name: 'raft.timeout_now',
  summary: 'Lets this node stand for election at once.',
  syntax: '',
  run({ node }, args) {
    if (args.count !== 1) return wrongArity('raft.timeout_now');
    return node.admin.stateError() ?? node.admin.timeoutNow();
  },
});
