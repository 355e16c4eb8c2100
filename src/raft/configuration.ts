import type { NodeId } from '../base/ids.ts';

/** One node of the cluster as the log knows it. */
export interface Member {
  readonly id: NodeId;
  readonly host: string;
  readonly port: number;
  /** false: a learner, which receives the log and is counted in no quorum. */
  readonly voting: boolean;
}

/** What an entry of kind `configuration` did, for INFO, logs and bookkeeping. */
export type ConfigurationChange =
  | { readonly kind: 'bootstrap'; readonly id: NodeId }
  | { readonly kind: 'add-learner'; readonly id: NodeId }
  | { readonly kind: 'promote'; readonly id: NodeId }
  | { readonly kind: 'remove'; readonly id: NodeId };

/**
 * The whole membership after a change. Entries hold it complete, so the configuration of a node is
 * simply the one in its newest configuration entry, also after a truncation (SPEC, C2).
 */
export interface Configuration {
  readonly change: ConfigurationChange | null;
  readonly members: readonly Member[];
  /** In the first one only: the number of databases, which all nodes must agree on. */
  readonly databases?: number;
}

export const EMPTY_CONFIGURATION: Configuration = { change: null, members: [] };

export function findMember(configuration: Configuration, id: NodeId): Member | undefined {
  return configuration.members.find((member) => member.id === id);
}

export function isVoter(configuration: Configuration, id: NodeId): boolean {
  return findMember(configuration, id)?.voting === true;
}

export function voterIds(configuration: Configuration): NodeId[] {
  const ids: NodeId[] = [];
  for (const member of configuration.members) if (member.voting) ids.push(member.id);
  return ids;
}

export function withLearner(configuration: Configuration, member: Member): Configuration {
  return {
    change: { kind: 'add-learner', id: member.id },
    members: [...configuration.members, { ...member, voting: false }],
  };
}

export function withPromotion(configuration: Configuration, id: NodeId): Configuration {
  return {
    change: { kind: 'promote', id },
    members: configuration.members.map((m) => (m.id === id ? { ...m, voting: true } : m)),
  };
}

export function withoutMember(configuration: Configuration, id: NodeId): Configuration {
  return {
    change: { kind: 'remove', id },
    members: configuration.members.filter((member) => member.id !== id),
  };
}

/** How many nodes are counted in a majority of one of the two configurations only. */
export function voterChanges(before: Configuration, after: Configuration): number {
  const old = voterIds(before);
  const now = voterIds(after);
  const gone = old.filter((id) => !now.includes(id)).length;
  return gone + now.length - (old.length - gone);
}

/** Whether going from `before` to `after` changes who is counted in a majority. */
export function changesVoters(before: Configuration, after: Configuration): boolean {
  return voterChanges(before, after) > 0;
}
