import { ErrorReply } from '../../resp/reply.ts';

/** Error replies that several RAFT.* commands give, in RedisRaft's words. */
export const INVALID_ADDRESS: ErrorReply = new ErrorReply('ERR invalid node address');
export const INVALID_NODE_ID: ErrorReply = new ErrorReply('ERR invalid node id');
