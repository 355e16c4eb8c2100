import { assert } from '../base/assert.ts';
import {
  after,
  type LogIndex,
  type Milliseconds,
  NO_INDEX,
  NO_NODE,
  NO_TERM,
  type NodeId,
  nextIndex,
  nextTerm,
  type Term,
} from '../base/ids.ts';
import { isVoter, voterIds } from './configuration.ts';
import type { TimeoutNow, VoteRequest, VoteResponse } from './message.ts';
import { tally } from './quorum.ts';
import { replicateToAll } from './replication.ts';
import type { RaftState } from './state.ts';

/** The term of the first node of a cluster, which nobody elects. */
const FIRST_TERM: Term = nextTerm(NO_TERM);

/**
 * To follower, in `term` or a later one. The vote survives within a term: clearing it here would
 * allow two votes (SPEC, S2).
 */
export function becomeFollower(raft: RaftState, term: Term, leader: NodeId): void {
  assert(term >= raft.term, 'a term never falls');
  if (term > raft.term) {
    raft.flush();
    raft.term = term;
    raft.vote = NO_NODE;
    raft.matched = NO_INDEX;
    raft.persistHardState();
  }
  if (raft.role === 'leader' && raft.transferTarget !== NO_NODE) raft.transferTarget = NO_NODE;
  raft.role = 'follower';
  raft.leader = leader;
  raft.votes.clear();
  raft.progress.clear();
  raft.snapshots = [];
  raft.transferElection = false;
  raft.resetElectionTimer();
}

/** The election timer ran out, or somebody asked: first see whether an election could be won. */
export function campaign(raft: RaftState, how: 'pre-vote' | 'at-once', transfer: boolean): void {
  if (!raft.mayCampaign || raft.role === 'leader') return;
  raft.resetElectionTimer();
  raft.leader = NO_NODE;
  raft.transferElection = transfer;
  raft.votes = new Map([[raft.self, true]]);
  if (how === 'pre-vote' && !raft.isOnlyVoter) {
    raft.role = 'pre-candidate';
    requestVotes(raft, true);
    return;
  }
  becomeCandidate(raft);
}

function becomeCandidate(raft: RaftState): void {
  raft.role = 'candidate';
  raft.term = nextTerm(raft.term);
  raft.vote = raft.self;
  raft.leader = NO_NODE;
  raft.matched = NO_INDEX;
  // The own vote is counted, and others are asked, only when it is durable: a candidate that won
  // without it could lead the same term twice across a crash (SPEC, S4).
  raft.votes = new Map();
  raft.resetElectionTimer();
  raft.persistHardState();
}

/** Term and vote of a candidate have reached the disk. */
export function candidacyIsDurable(raft: RaftState): void {
  if (raft.role !== 'candidate' || raft.votes.has(raft.self)) return;
  raft.votes.set(raft.self, true);
  requestVotes(raft, false);
  countVotes(raft);
}

function requestVotes(raft: RaftState, preVote: boolean): void {
  for (const to of voterIds(raft.configuration)) {
    if (to === raft.self) continue;
    raft.send({
      kind: 'vote-request',
      from: raft.self,
      to,
      term: preVote ? nextTerm(raft.term) : raft.term,
      preVote,
      transfer: raft.transferElection,
      lastIndex: raft.log.last,
      lastTerm: raft.log.lastTerm,
    });
  }
}

/** Whether this node has a leader it believes in, so that elections are disturbances (§4.2.3). */
function trustsLeader(raft: RaftState): boolean {
  if (raft.role === 'leader') return true;
  return !raft.leaderLost && raft.now < raft.leaderHeard + raft.options.electionTimeout;
}

export function onVoteRequest(raft: RaftState, message: VoteRequest): void {
  const undisturbed = !message.transfer && trustsLeader(raft);
  if (message.preVote) {
    const granted =
      !undisturbed &&
      message.term > raft.term &&
      raft.log.isUpToDate(message.lastIndex, message.lastTerm);
    respond(raft, message, granted, granted ? message.term : raft.term);
    return;
  }
  if (message.term < raft.term) {
    respond(raft, message, false, raft.term);
    return;
  }
  if (message.term > raft.term) {
    if (undisturbed) return;
    becomeFollower(raft, message.term, NO_NODE);
  }
  const free = raft.vote === NO_NODE || raft.vote === message.from;
  const granted =
    free &&
    raft.role !== 'leader' &&
    raft.leader === NO_NODE &&
    raft.log.isUpToDate(message.lastIndex, message.lastTerm);
  if (granted && raft.vote === NO_NODE) {
    raft.vote = message.from;
    raft.persistHardState();
  }
  if (granted) {
    // One that was about to campaign itself lets this one go first.
    raft.role = 'follower';
    raft.resetElectionTimer();
  }
  respond(raft, message, granted, raft.term);
}

function respond(raft: RaftState, to: VoteRequest, granted: boolean, term: Term): void {
  raft.sendWhenHardStateDurable({
    kind: 'vote-response',
    from: raft.self,
    to: to.from,
    term,
    preVote: to.preVote,
    granted,
  });
}

export function onVoteResponse(raft: RaftState, message: VoteResponse): void {
  if (!message.granted && message.term > raft.term) {
    becomeFollower(raft, message.term, NO_NODE);
    return;
  }
  if (raft.role !== (message.preVote ? 'pre-candidate' : 'candidate')) return;
  // A grant of a pre-vote names the term to come; a refusal, the term of who refuses.
  const current = message.preVote
    ? !message.granted || message.term === nextTerm(raft.term)
    : message.term === raft.term;
  if (!current) return;
  raft.votes.set(message.from, message.granted);
  countVotes(raft);
}

function countVotes(raft: RaftState): void {
  const outcome = tally(voterIds(raft.configuration), raft.votes);
  if (outcome === 'lost') {
    raft.role = 'follower';
    raft.votes.clear();
    return;
  }
  if (outcome === 'pending') return;
  if (raft.role === 'pre-candidate') becomeCandidate(raft);
  else if (raft.votes.get(raft.self) === true) becomeLeader(raft);
}

/** Leads from here on; the shell must now propose the first entry of the term (a no-op). */
export function becomeLeader(raft: RaftState): void {
  raft.role = 'leader';
  raft.leader = raft.self;
  raft.leaderLost = false;
  raft.transferTarget = NO_NODE;
  raft.transferElection = false;
  raft.leadershipStart = nextIndex(raft.log.last);
  raft.readConfirmed = raft.readSequence;
  raft.readAnnounced = raft.readSequence;
  raft.progress.clear();
  for (const member of raft.configuration.members) {
    if (member.id !== raft.self) raft.track(member.id);
  }
  raft.heartbeatDeadline = raft.now;
  raft.quorumDeadline = after(raft.now, raft.options.heartbeatInterval);
}

/** The first node of a new cluster: it is the whole majority, and leads term 1 without a vote. */
export function bootstrap(raft: RaftState): void {
  // A log that was made for this holds term 1 and the own vote already.
  assert(raft.term <= FIRST_TERM && raft.log.last === NO_INDEX, 'a cluster begins with a new node');
  raft.term = FIRST_TERM;
  raft.vote = raft.self;
  raft.persistHardState();
  becomeLeader(raft);
}

export function onTimeoutNow(raft: RaftState, message: TimeoutNow): void {
  if (message.term < raft.term) return;
  campaign(raft, 'at-once', true);
}

/**
 * A leader that has not heard from a majority for 2T may have been replaced without knowing: it
 * steps down, so that its clients are answered (check quorum, §6.2).
 */
export function checkQuorum(raft: RaftState): void {
  raft.quorumDeadline = after(raft.now, raft.options.heartbeatInterval);
  const limit = (raft.now - 2 * raft.options.electionTimeout) as Milliseconds;
  const votes = new Map<NodeId, boolean>([[raft.self, true]]);
  for (const progress of raft.progress.values()) {
    votes.set(progress.id, progress.lastContact > limit);
  }
  const voters = voterIds(raft.configuration);
  if (voters.length > 0 && tally(voters, votes) === 'lost') {
    becomeFollower(raft, raft.term, NO_NODE);
  }
}

/** Gives leadership to `target`, or to nobody in particular when a removed leader goes. */
export function maybeSendTimeoutNow(raft: RaftState): void {
  const target = raft.transferTarget;
  if (raft.role !== 'leader' || target === NO_NODE || raft.timeoutNowSent) return;
  const progress = raft.progress.get(target);
  if (progress === undefined || progress.match < raft.log.last) return;
  if (raft.commit < raft.log.last) return;
  raft.timeoutNowSent = true;
  raft.send({ kind: 'timeout-now', from: raft.self, to: target, term: raft.term });
}

export type TransferRefusal = 'not leader' | 'leader transfer is in progress' | 'invalid node id';

/** Begins to hand over to `target`; what it returns says why not. */
export function startTransfer(raft: RaftState, target: NodeId): TransferRefusal | null {
  if (raft.role !== 'leader') return 'not leader';
  if (raft.transferTarget !== NO_NODE) return 'leader transfer is in progress';
  if (target === raft.self || !isVoter(raft.configuration, target)) return 'invalid node id';
  raft.transferTarget = target;
  raft.transferDeadline = after(raft.now, raft.options.electionTimeout);
  raft.timeoutNowSent = false;
  replicateToAll(raft);
  maybeSendTimeoutNow(raft);
  return null;
}

/** The voter with the longest log, to whom a leader that must go hands over. */
export function bestSuccessor(raft: RaftState): NodeId {
  let best: NodeId = NO_NODE;
  let match: LogIndex | -1 = -1;
  for (const id of voterIds(raft.configuration)) {
    const progress = raft.progress.get(id);
    if (progress?.connected && progress.match > match) {
      best = id;
      match = progress.match;
    }
  }
  return best;
}
