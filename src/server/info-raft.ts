import { NO_NODE } from '../base/ids.ts';
import { VERSION } from '../base/version.ts';
import type { Fields } from './info-sections.ts';
import type { Server } from './server.ts';

const NONE = -1;

export function raftVersion(): Fields {
  return [
    ['raft_version', VERSION],
    ['raft_git_sha1', '00000000'],
  ];
}

export function raftGeneral(server: Server): Fields {
  const { node, settings, world } = server;
  const { replica } = node;
  const rows: (readonly [string, string | number])[] = [
    ['raft_dbid', replica?.clusterId ?? ''],
    ['raft_node_id', replica?.self ?? settings.raftId],
    ['raft_state', node.state],
    ['raft_role', replica?.role ?? '(none)'],
  ];
  if (replica === null) {
    return [
      ...rows,
      ['raft_is_voting', '-'],
      ['raft_voted_for', NONE],
      ['raft_leader_id', NONE],
      ['raft_current_term', 0],
      ['raft_num_nodes', 0],
      ['raft_num_voting_nodes', 0],
    ];
  }
  const { raft } = replica;
  // A node whose removal is not committed yet still counts as a node, though it votes no more.
  const members = new Map(raft.committedConfiguration.members.map((m) => [m.id, m]));
  const voting = raft.configuration.members.filter(
    (m) => m.voting && !server.admin.isInactive(m.id),
  );
  for (const member of raft.configuration.members) members.set(member.id, member);
  rows.push(
    ['raft_is_voting', voting.some((m) => m.id === replica.self) ? 'yes' : 'no'],
    // Term 1 is INIT's: nobody was elected.
    ['raft_voted_for', raft.vote === NO_NODE || raft.term === 1 ? NONE : raft.vote],
    ['raft_leader_id', raft.leader === NO_NODE ? NONE : raft.leader],
    ['raft_current_term', raft.term],
    ['raft_num_nodes', members.size],
    ['raft_num_voting_nodes', voting.length],
  );
  let i = 0;
  for (const member of members.values()) {
    i++;
    if (member.id === replica.self) continue;
    const link = replica.peers.link(member.id);
    const last = link?.lastConnectedAt ?? null;
    const seconds = last === null ? NONE : Math.floor((world.clock.monotonic() - last) / 1000);
    rows.push([
      `raft_node${i - 1}`,
      `id=${member.id},state=${link?.state ?? 'disconnected'},` +
        `voting=${voting.includes(member) ? 'yes' : 'no'},addr=${member.host},port=${member.port},` +
        `last_conn_secs=${seconds},conn_errors=${link?.connectErrors ?? 0},` +
        `conn_oks=${link?.connects ?? 0}`,
    ]);
  }
  return rows;
}

export function raftLog({ node }: Server): Fields {
  const { replica } = node;
  const log = replica?.store.log;
  const cache = replica?.store.cache;
  const fsync = log?.fsyncStats;
  const average =
    fsync === undefined || fsync.count === 0 ? 0 : fsync.totalMicroseconds / fsync.count;
  return [
    ['raft_log_entries', replica?.images.checkpoints.entries ?? 0],
    ['raft_current_index', replica?.raft.last ?? 0],
    ['raft_commit_index', replica?.raft.commit ?? 0],
    ['raft_last_applied_index', replica?.applied ?? 0],
    ['raft_file_size', log?.bytes ?? 0],
    ['raft_cache_memory_size', cache?.bytes ?? 0],
    ['raft_cache_entries', cache?.count ?? 0],
    ['raft_client_attached_entries', replica?.proposals.count ?? 0],
    ['raft_fsync_count', fsync?.count ?? 0],
    ['raft_fsync_max_microseconds', Math.round(fsync?.maxMicroseconds ?? 0)],
    ['raft_fsync_avg_microseconds', Math.round(average)],
    ['raft_log_status', log === undefined || log.full === null ? 'ok' : 'full'],
  ];
}

export function raftClients({ proxy }: Server): Fields {
  return [
    ['raft_proxy_reqs', proxy.stats.requests],
    ['raft_proxy_failed_reqs', proxy.stats.failedRequests],
    ['raft_proxy_failed_responses', proxy.stats.failedResponses],
    ['raft_proxy_outstanding_reqs', proxy.outstanding],
  ];
}

export function raftStats({ node }: Server): Fields {
  const stats = node.replica?.stats;
  return [
    ['raft_appendreq_received', stats?.appends ?? 0],
    ['raft_appendreq_with_entry_received', stats?.appendsWithEntries ?? 0],
    ['raft_snapshotreq_received', node.replica?.images.receiver.stats.chunks ?? 0],
    ['raft_exec_throttled', stats?.throttled ?? 0],
    ['raft_num_sessions', 0],
  ];
}
