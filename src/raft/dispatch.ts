import { assert, unreachable } from '../base/assert.ts';
import { onTimeoutNow, onVoteRequest, onVoteResponse } from './election.ts';
import type { Message } from './message.ts';
import { onAppend, onAppendResponse, onHeartbeat, onHeartbeatResponse } from './replication.ts';
import type { RaftState } from './state.ts';

/** Hands a message that has arrived to the part that it concerns. */
export function dispatch(raft: RaftState, message: Message): void {
  assert(message.to === raft.self, 'a message reaches the node it was sent to');
  switch (message.kind) {
    case 'vote-request':
      onVoteRequest(raft, message);
      break;
    case 'vote-response':
      onVoteResponse(raft, message);
      break;
    case 'append':
      onAppend(raft, message);
      break;
    case 'append-response':
      onAppendResponse(raft, message);
      break;
    case 'heartbeat':
      onHeartbeat(raft, message);
      break;
    case 'heartbeat-response':
      onHeartbeatResponse(raft, message);
      break;
    case 'timeout-now':
      onTimeoutNow(raft, message);
      break;
    default:
      unreachable(message);
  }
}
