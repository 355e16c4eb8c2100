import { NO_NODE } from '../base/ids.ts';
import { REDIS_VERSION, VERSION } from '../base/version.ts';
import type { Server } from './server.ts';

/** Name and value, in the order in which they are shown. */
export type Fields = readonly (readonly [string, string | number])[];

export function server({ world, settings, runId, startedAt }: Server): Fields {
  const uptime = Math.floor((world.clock.monotonic() - startedAt) / 1000);
  return [
    ['redis_version', REDIS_VERSION],
    ['balsa_version', VERSION],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    ['redis_mode', 'standalone'],
    ['os', world.process.os],
    ['arch_bits', 64],
    ['runtime', world.process.runtime],
    ['process_id', world.process.pid],
    ['run_id', runId],
    ['tcp_port', settings.port],
    ['server_time_usec', Math.floor(world.clock.wall() * 1000)],
    ['uptime_in_seconds', uptime],
    ['uptime_in_days', Math.floor(uptime / 86400)],
    ['hz', Math.round(1000 / settings.raftPeriodicInterval)],
  ];
}

export function clients({ clients: open, settings, proxy, held, node }: Server): Fields {
  let input = 0;
  let output = 0;
  for (const connection of open.all()) {
    input = Math.max(input, connection.queryBufferBytes);
    output = Math.max(output, connection.socket.buffered);
  }
  return [
    ['connected_clients', open.count],
    ['cluster_connections', 0],
    ['maxclients', settings.maxclients],
    ['client_recent_max_input_buffer', input],
    ['client_recent_max_output_buffer', output],
    ['blocked_clients', node.replica?.proposals.parkedCount ?? 0],
    ['tracking_clients', 0],
    ['held_clients', held.count],
    ['proxied_commands_outstanding', proxy.outstanding],
  ];
}

export function memory({ world, settings, housekeeper }: Server): Fields {
  const { memoryPeak } = housekeeper;
  const { resident, heap } = world.process.memory();
  return [
    ['used_memory', heap],
    ['used_memory_human', human(heap)],
    ['used_memory_rss', resident],
    ['used_memory_rss_human', human(resident)],
    ['used_memory_peak', Math.max(memoryPeak, heap)],
    ['used_memory_peak_human', human(Math.max(memoryPeak, heap))],
    ['maxmemory', settings.maxmemory],
    ['maxmemory_human', human(settings.maxmemory)],
    ['maxmemory_policy', settings.maxmemoryPolicy],
    ['mem_fragmentation_ratio', heap === 0 ? '0.00' : (resident / heap).toFixed(2)],
  ];
}

const UNITS = ['B', 'K', 'M', 'G', 'T'];

function human(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes}B` : `${value.toFixed(2)}${UNITS[unit]}`;
}

export function stats({ statistics, node }: Server): Fields {
  const { replica } = node;
  return [
    ['total_connections_received', statistics.connections],
    ['total_commands_processed', statistics.commands],
    ['instantaneous_ops_per_sec', statistics.commandsPerSecond],
    ['total_net_input_bytes', statistics.netInput],
    ['total_net_output_bytes', statistics.netOutput],
    ['rejected_connections', statistics.rejectedConnections],
    ['expired_keys', replica?.keyspace.expired ?? 0],
    ['expired_subkeys', replica?.keyspace.expiredFields ?? 0],
    ['evicted_keys', 0],
    ['keyspace_hits', replica?.keyspace.hits ?? 0],
    ['keyspace_misses', replica?.keyspace.misses ?? 0],
    ['pubsub_channels', 0],
    ['pubsub_patterns', 0],
    ['latest_fork_usec', 0],
    ['total_error_replies', statistics.errors],
  ];
}

export function replication({ node }: Server): Fields {
  const { replica } = node;
  if (replica === null) {
    return [
      ['role', 'master'],
      ['connected_slaves', 0],
      ['master_repl_offset', 0],
    ];
  }
  if (replica.isLeader) {
    const followers = [...replica.raft.progress()];
    return [
      ['role', 'master'],
      [
        'connected_slaves',
        followers.filter((p) => replica.peers.link(p.id)?.connected === true).length,
      ],
      ...followers.map((progress, i) => {
        const member = replica.member(progress.id);
        const lag = Math.max(0, Math.floor((replica.now - progress.lastContact) / 1000));
        return [
          `slave${i}`,
          `ip=${member?.host},port=${member?.port},state=${replica.peers.link(progress.id)?.connected === true ? 'online' : 'wait_bgsave'},` +
            `offset=${progress.match},lag=${lag}`,
        ] as const;
      }),
      ['master_replid', `${replica.clusterId}00000000`],
      ['master_repl_offset', replica.raft.last],
    ];
  }
  const leader = replica.leader === NO_NODE ? undefined : replica.member(replica.leader);
  return [
    ['role', 'slave'],
    ['master_host', leader?.host ?? '?'],
    ['master_port', leader?.port ?? 0],
    ['master_link_status', leader === undefined ? 'down' : 'up'],
    ['master_last_io_seconds_ago', leader === undefined ? -1 : 0],
    ['master_sync_in_progress', 0],
    ['slave_repl_offset', replica.applied],
    ['slave_priority', 100],
    ['slave_read_only', 1],
    ['connected_slaves', 0],
    ['master_replid', `${replica.clusterId}00000000`],
    ['master_repl_offset', replica.applied],
  ];
}

export function cpu({ world }: Server): Fields {
  const { user, system } = world.process.cpu();
  return [
    ['used_cpu_sys', system.toFixed(6)],
    ['used_cpu_user', user.toFixed(6)],
  ];
}

export function modules(): Fields {
  return [['module', 'name=raft,ver=1,api=1,filters=1,usedby=[],using=[],options=[]']];
}

export function errorStats({ statistics }: Server): Fields {
  return [...statistics.errorCodes].map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);
}

export function cluster(): Fields {
  return [['cluster_enabled', 1]];
}

export function keyspace({ node }: Server): Fields {
  const { replica } = node;
  if (replica === null) return [];
  const rows: [string, string][] = [];
  for (const [index, db] of replica.keyspace.databases().entries()) {
    if (db.size > 0) {
      rows.push([`db${index}`, `keys=${db.size},expires=${db.deadlines},avg_ttl=0`]);
    }
  }
  return rows;
}
