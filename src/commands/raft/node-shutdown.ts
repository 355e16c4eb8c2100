import { ErrorReply, NO_REPLY } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { raftCommand } from './facts.ts';
import { readNodeId } from './node-id.ts';

/** Without the prefix that errors have elsewhere. */
const INVALID_NODE_ID: ErrorReply = new ErrorReply('invalid node id');

/** What a leader sends to a node it has removed: the node puts its files aside and stops. */
export const raftNodeShutdown: LocalCommand = raftCommand({
  name: 'raft.nodeshutdown',
  summary: 'Stops this node as one that was removed; the id must be its own.',
  syntax: 'id',
  run({ node }, args) {
    if (args.count !== 2) return wrongArity('raft.nodeshutdown');
    const id = readNodeId(args, 1);
    if (id === undefined) return INVALID_NODE_ID;
    return node.admin.nodeShutdown(id) ?? NO_REPLY;
  },
});
