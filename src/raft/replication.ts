import { assert } from '../base/assert.ts';
import {
  advance,
  type LogIndex,
  maxIndex,
  minIndex,
  NO_INDEX,
  NO_NODE,
  type NodeId,
  nextIndex,
  previousIndex,
} from '../base/ids.ts';
import { findMember, isVoter, voterIds } from './configuration.ts';
import {
  becomeFollower,
  bestSuccessor,
  candidacyIsDurable,
  maybeSendTimeoutNow,
} from './election.ts';
import { broadcastHeartbeat } from './heartbeat.ts';
import { onCatchUp } from './membership.ts';
import type { Append, AppendResponse, Heartbeat, HeartbeatResponse } from './message.ts';
import { waitsForMore } from './pacing.ts';
import type { Progress } from './progress.ts';
import { quorumValue } from './quorum.ts';
import { countReadAcknowledgements } from './reads.ts';
import { needsSnapshot } from './snapshot.ts';
import type { RaftState } from './state.ts';
import { termInRuns } from './term-index.ts';

export function replicateToAll(raft: RaftState): void {
  for (const progress of raft.progress.values()) replicateTo(raft, progress);
}

/** Sends what the window allows and the log still has. */
export function replicateTo(raft: RaftState, progress: Progress): void {
  const { maxInflightAppends, maxAppendBytes } = raft.options;
  if (progress.state === 'snapshot') return;
  if (progress.next < raft.log.first) {
    needsSnapshot(raft, progress);
    return;
  }
  while (progress.connected && progress.next <= raft.log.last) {
    const full =
      progress.state === 'probe' ? progress.probing : progress.inflightCount >= maxInflightAppends;
    if (full) return;
    const previous = progress.previous;
    const previousTerm = raft.log.term(previous);
    assert(previousTerm !== undefined, 'the entry before the ones to send is in the log');
    const reach = raft.sizes.reach(progress.next, maxAppendBytes);
    const last = minIndex(reach.last, raft.log.last);
    if (last === raft.log.last && waitsForMore(raft, progress, reach.bytes)) return;
    raft.send({
      kind: 'append',
      from: raft.self,
      to: progress.id,
      term: raft.term,
      previousIndex: previous,
      previousTerm,
      commit: raft.commit,
      first: progress.next,
      last,
      entries: null,
    });
    progress.sentCommit = minIndex(raft.commit, last);
    progress.sent(last, reach.bytes, raft.now);
  }
}

/** True if the message's sender leads the present term; a stale one is told of the newer term. */
function acceptLeader(raft: RaftState, message: Append | Heartbeat): boolean {
  if (message.term < raft.term) {
    answerHeartbeat(raft, message.from, 0);
    return false;
  }
  assert(
    raft.role !== 'leader' || message.term > raft.term,
    'a term has at most one leader (election safety)',
  );
  if (message.term > raft.term || raft.role !== 'follower' || raft.leader !== message.from) {
    becomeFollower(raft, message.term, message.from);
  }
  raft.leaderHeard = raft.now;
  raft.leaderLost = false;
  raft.resetElectionTimer();
  return true;
}

export function onAppend(raft: RaftState, message: Append): void {
  if (!acceptLeader(raft, message)) return;
  const batch = message.entries;
  assert(batch !== null, 'an append that arrives carries its entries');
  assert(batch.first === message.previousIndex + 1, 'the entries of an append follow its previous');
  assert(batch.last >= batch.first, 'an append has entries');
  if (message.previousIndex < raft.commit && batch.last <= raft.commit) {
    raft.matched = maxIndex(raft.matched, raft.commit);
    acknowledge(raft);
    return;
  }
  const here = raft.log.term(message.previousIndex);
  if (message.previousIndex > raft.commit && here !== message.previousTerm) {
    refuse(raft, message);
    return;
  }
  let first = maxIndex(batch.first, nextIndex(raft.commit));
  while (first <= batch.last && raft.log.term(first) === termInRuns(batch.runs, first)) {
    first = nextIndex(first);
  }
  if (first <= batch.last) raft.appendForeign(batch, first);
  raft.matched = maxIndex(raft.matched, batch.last);
  commitTo(raft, minIndex(message.commit, batch.last));
  // With new entries the answer follows when they are durable.
  if (first > batch.last) acknowledge(raft);
}

function refuse(raft: RaftState, message: Append): void {
  const hintIndex = raft.log.agreement(message.previousIndex, message.previousTerm);
  const hintTerm = raft.log.term(hintIndex);
  assert(hintTerm !== undefined, 'the hint is in the log');
  raft.sendWhenHardStateDurable({
    kind: 'append-response',
    from: raft.self,
    to: message.from,
    term: raft.term,
    success: false,
    match: NO_INDEX,
    refused: message.previousIndex,
    hintIndex,
    hintTerm,
  });
}

/** The disk has everything up to step `sequence`: what waited for it goes on. */
export function onPersisted(raft: RaftState, sequence: number): void {
  const durable = raft.durable;
  raft.markPersisted(sequence);
  if (raft.hardStateIsDurable) candidacyIsDurable(raft);
  if (raft.role === 'leader') advanceCommit(raft);
  else if (raft.durable > durable) acknowledge(raft);
}

/** Tells the leader how much of its log is on this node's disk, once the two are known to agree. */
export function acknowledge(raft: RaftState): void {
  if (raft.role !== 'follower' || raft.leader === NO_NODE || raft.matched === NO_INDEX) return;
  raft.sendWhenHardStateDurable({
    kind: 'append-response',
    from: raft.self,
    to: raft.leader,
    term: raft.term,
    success: true,
    match: minIndex(raft.durable, raft.matched),
    refused: NO_INDEX,
    hintIndex: NO_INDEX,
    hintTerm: raft.log.lastTerm,
  });
}

export function onHeartbeat(raft: RaftState, message: Heartbeat): void {
  if (!acceptLeader(raft, message)) return;
  commitTo(raft, minIndex(message.commit, raft.log.last));
  answerHeartbeat(raft, message.from, message.readSequence);
  // The leader may not know how much is here: an answer was lost with this node's connection, or not
  // given while it campaigned (SPEC, R6).
  if (minIndex(raft.durable, raft.matched) > message.commit) acknowledge(raft);
}

function answerHeartbeat(raft: RaftState, to: NodeId, readSequence: number): void {
  raft.sendWhenHardStateDurable({
    kind: 'heartbeat-response',
    from: raft.self,
    to,
    term: raft.term,
    readSequence,
    lastIndex: raft.log.last,
  });
}

/** Follower: the leader says that everything up to `index` is committed. */
function commitTo(raft: RaftState, index: LogIndex): void {
  if (index > raft.commit) raft.commit = index;
  assert(raft.commit <= raft.log.last, 'what is committed is in the log');
}

/** Common to all answers: a newer term ends leadership; otherwise the sender is alive. */
function contact(raft: RaftState, message: AppendResponse | HeartbeatResponse): Progress | null {
  if (message.term > raft.term) {
    becomeFollower(raft, message.term, NO_NODE);
    return null;
  }
  if (raft.role !== 'leader' || message.term < raft.term) return null;
  const progress = raft.progress.get(message.from);
  if (progress === undefined) return null;
  progress.lastContact = raft.now;
  return progress;
}

export function onAppendResponse(raft: RaftState, message: AppendResponse): void {
  const progress = contact(raft, message);
  if (progress === null) return;
  if (!message.success) {
    onRefusal(raft, progress, message);
    return;
  }
  assert(message.match <= raft.log.last, 'a follower has no more of our log than we have');
  progress.acknowledged(message.match);
  if (progress.state === 'snapshot' && progress.match >= raft.log.base) {
    progress.becomeProbe(nextIndex(progress.match));
  }
  advanceCommit(raft);
  if (raft.role !== 'leader') return;
  onCatchUp(raft, progress);
  replicateTo(raft, progress);
  maybeSendTimeoutNow(raft);
}

function onRefusal(raft: RaftState, progress: Progress, message: AppendResponse): void {
  if (progress.state === 'snapshot') return;
  const stale =
    progress.state === 'replicate'
      ? message.refused <= progress.match
      : message.refused !== progress.previous;
  if (stale) return;
  const agreement = raft.log.agreement(
    minIndex(message.hintIndex, previousIndex(message.refused)),
    message.hintTerm,
  );
  progress.becomeProbe(nextIndex(agreement));
  replicateTo(raft, progress);
}

export function onHeartbeatResponse(raft: RaftState, message: HeartbeatResponse): void {
  const progress = contact(raft, message);
  if (progress === null) return;
  if (message.readSequence > progress.readAcknowledged) {
    progress.readAcknowledged = message.readSequence;
    countReadAcknowledgements(raft);
  }
  if (raft.now - progress.probedAt >= raft.options.heartbeatInterval) probeAgain(raft, progress);
  replicateTo(raft, progress);
}

function probeAgain(raft: RaftState, progress: Progress): void {
  // The answer to a probe is lost if the other side's connection breaks, which is not seen here.
  progress.probing = false;
  const { last } = raft.log;
  // An image should have brought it to the end of the log, but nothing it said shows that. The last
  // entry is sent to find out, or, if that is gone from the log, another image offered.
  if (progress.state === 'probe' && progress.next > last && progress.match < last) {
    progress.becomeProbe(last);
  }
}

/**
 * Commits what a majority of the voters has on disk, this node's own disk being one of them. Only an
 * entry of the present term is counted; earlier ones are committed with it (§5.4.2).
 */
function advanceCommit(raft: RaftState): void {
  const positions: number[] = [];
  for (const id of voterIds(raft.configuration)) {
    positions.push(id === raft.self ? raft.durable : (raft.progress.get(id)?.match ?? 0));
  }
  // The last node removed itself: nobody else is left to ask.
  if (positions.length === 0) positions.push(raft.durable);
  const quorum = advance(NO_INDEX, quorumValue(positions));
  if (quorum <= raft.commit || raft.log.term(quorum) !== raft.term) return;
  const before = raft.commit;
  raft.commit = quorum;
  assert(raft.commit <= raft.log.last, 'what is committed is in the log');
  onConfigurationCommitted(raft, before);
  maybeSendTimeoutNow(raft);
}

/** A removal that was just committed: its node is told; a leader that removed itself goes. */
function onConfigurationCommitted(raft: RaftState, before: LogIndex): void {
  const { configurations } = raft;
  if (configurations.newestIndex <= before) return;
  for (const { configuration } of configurations.between(before, raft.commit)) {
    if (configuration.change?.kind !== 'remove') continue;
    const { id } = configuration.change;
    // It may have been added again since.
    if (findMember(raft.configuration, id) !== undefined) continue;
    raft.removed.push(id);
    raft.progress.delete(id);
  }
  if (configurations.newestIndex > raft.commit || isVoter(raft.configuration, raft.self)) return;
  const successor = bestSuccessor(raft);
  if (successor !== NO_NODE) {
    broadcastHeartbeat(raft);
    raft.send({ kind: 'timeout-now', from: raft.self, to: successor, term: raft.term });
  }
  becomeFollower(raft, raft.term, NO_NODE);
}
