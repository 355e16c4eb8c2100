import { ErrorReply } from '../resp/reply.ts';

/** Why a node cannot serve a command now. */
export const NO_CLUSTER: ErrorReply = new ErrorReply('NOCLUSTER No Raft Cluster');
export const JOINING: ErrorReply = new ErrorReply('NOCLUSTER No Raft Cluster (joining now)');
export const LOADING: ErrorReply = new ErrorReply('LOADING Raft module is loading data');
export const NO_LEADER: ErrorReply = new ErrorReply('CLUSTERDOWN No raft leader');
export const TRANSFERRING: ErrorReply = new ErrorReply('ERR leader transfer is in progress');
