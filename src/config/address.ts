import type { HostPort } from './formats.ts';
import { parseAddress } from './formats.ts';
import type { Settings } from './settings.ts';

/**
 * Where clients and other nodes are told to find this node: `raft.addr`, else what is announced,
 * else `localHost` (the first address of this machine that is not loopback) and `port`.
 */
export function advertisedAddress(settings: Settings, localHost: string | undefined): HostPort {
  const given = parseAddress(settings.raftAddr);
  if (given !== null) return given;
  const announced = settings.clusterAnnounceHostname || settings.clusterAnnounceIp;
  return {
    host: announced || (localHost ?? '127.0.0.1'),
    port: settings.clusterAnnouncePort || settings.port,
  };
}

/** What this node says to other nodes to be let in. */
export function peerCredentials(settings: Settings): {
  readonly user: string;
  readonly password: string;
} {
  if (settings.raftClusterPassword !== '' || settings.masterauth === '') {
    return { user: settings.raftClusterUser, password: settings.raftClusterPassword };
  }
  return { user: settings.masteruser || settings.raftClusterUser, password: settings.masterauth };
}
