import { assert } from '../base/assert.ts';
import { advance, NO_NODE, type NodeId } from '../base/ids.ts';
import { type Configuration, changesVoters, findMember, voterChanges } from './configuration.ts';
import type { Progress } from './progress.ts';
import { replicateToAll } from './replication.ts';
import type { RaftState } from './state.ts';

export type Refusal =
  | 'not leader'
  | 'one voting change only'
  | 'leader transfer is in progress'
  | 'try again';

/** Why a change cannot be appended now; null if it can. */
export function refuseConfiguration(raft: RaftState, next: Configuration): Refusal | null {
  if (raft.role !== 'leader') return 'not leader';
  if (raft.transferTarget !== NO_NODE) return 'leader transfer is in progress';
  // Without an own committed entry, two leaders of different terms could each append a change and
  // find disjoint majorities (the 2015 correction of the dissertation; SPEC, C3).
  if (raft.commit < raft.leadershipStart) return 'try again';
  if (changesVoters(raft.configuration, next) && hasUncommittedVoterChange(raft)) {
    return 'one voting change only';
  }
  return null;
}

function hasUncommittedVoterChange(raft: RaftState): boolean {
  return raft.configurations.hasVoterChangeAfter(raft.commit);
}

/** Appends a configuration entry; it is in force at once (§4.1). */
export function appendConfiguration(raft: RaftState, configuration: Configuration): void {
  const before = raft.configuration;
  assert(
    before.members.length === 0 || refuseConfiguration(raft, configuration) === null,
    'a configuration is appended only when it may be',
  );
  assert(
    voterChanges(before, configuration) <= 1,
    'a change of one voter leaves every two majorities a node in common',
  );
  // Before the append, which is then what a new node is asked whether it can take. One that was here
  // before begins anew: its old positions say nothing of the disk it has now.
  for (const { id } of configuration.members) {
    if (id !== raft.self && findMember(before, id) === undefined) raft.track(id);
  }
  const index = advance(raft.log.last, 1);
  raft.appendOwn(index);
  raft.configurations.append({ index, configuration });
  replicateToAll(raft);
}

/**
 * Rounds of catching up (§4.2.1): a learner is ready when it got everything that was in the log at
 * the beginning of a round within one election timeout.
 */
export function onCatchUp(raft: RaftState, progress: Progress): void {
  const member = findMember(raft.configuration, progress.id);
  if (member === undefined || member.voting || progress.caughtUp) return;
  const round = progress.round;
  if (round !== null && progress.match < round.target) return;
  if (round !== null && raft.now - round.startedAt < raft.options.electionTimeout) {
    progress.caughtUp = true;
    return;
  }
  progress.round = { target: raft.log.last, startedAt: raft.now };
  if (progress.match >= progress.round.target) progress.caughtUp = true;
}

/** A learner to make a voter now, if there is one and the rules allow it. */
export function promotable(raft: RaftState): NodeId {
  if (raft.role !== 'leader' || raft.transferTarget !== NO_NODE) return NO_NODE;
  for (const progress of raft.progress.values()) {
    if (!progress.caughtUp || !progress.connected) continue;
    // One that has died since would be counted in majorities and never answer.
    if (raft.now - progress.lastContact >= raft.options.electionTimeout) continue;
    const member = findMember(raft.committedConfiguration, progress.id);
    if (member !== undefined && !member.voting && findMember(raft.configuration, progress.id)) {
      if (hasUncommittedVoterChange(raft) || raft.commit < raft.leadershipStart) return NO_NODE;
      if (findMember(raft.configuration, progress.id)?.voting === false) return progress.id;
    }
  }
  return NO_NODE;
}
