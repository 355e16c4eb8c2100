import { cluster } from './cluster/cluster.ts';
import type { Command } from './command.ts';
import { auth } from './connection/auth.ts';
import { client } from './connection/client.ts';
import { hello } from './connection/hello.ts';
import { echo, ping } from './connection/ping.ts';
import { quit, reset } from './connection/quit.ts';
import { asking, readonly, readwrite } from './connection/readonly.ts';
import { select } from './connection/select.ts';
import { raftBackup } from './raft/backup.ts';
import { raftCluster } from './raft/cluster.ts';
import { raftDebug } from './raft/debug.ts';
import { raft } from './raft/explicit.ts';
import { raftTimeoutNow, raftTransferLeader } from './raft/leadership.ts';
import { raftConfig, raftInfo } from './raft/legacy.ts';
import { raftNode } from './raft/node.ts';
import { raftNodeShutdown } from './raft/node-shutdown.ts';
import { raftPeer } from './raft/peer.ts';
import { raftRejectRandomCommand, raftSortReply } from './raft/sort-reply.ts';
import { acl } from './server/acl.ts';
import { config } from './server/config.ts';
import { debug } from './server/debug.ts';
import { info } from './server/info.ts';
import { lolwut } from './server/lolwut.ts';
import { module } from './server/module.ts';
import { role } from './server/role.ts';
import { bgsave, lastsave, save } from './server/save.ts';
import { shutdown } from './server/shutdown.ts';
import { time } from './server/time.ts';
import { discard, exec, multi, unwatch, watch } from './transactions/multi.ts';

const connectionCommands: readonly Command[] = [
  asking,
  auth,
  client,
  echo,
  hello,
  ping,
  quit,
  readonly,
  readwrite,
  reset,
  select,
];

const transactionCommands: readonly Command[] = [discard, exec, multi, unwatch, watch];

const serverCommands: readonly Command[] = [
  acl,
  bgsave,
  config,
  debug,
  info,
  lastsave,
  lolwut,
  module,
  role,
  save,
  shutdown,
  time,
];

const raftCommands: readonly Command[] = [
  raft,
  raftRejectRandomCommand,
  raftSortReply,
  raftBackup,
  raftCluster,
  raftConfig,
  raftDebug,
  raftInfo,
  raftNode,
  raftNodeShutdown,
  raftPeer,
  raftTimeoutNow,
  raftTransferLeader,
];

/**
 * The commands about a connection or a node, by family. COMMAND, which is about the table of all
 * commands, is not among them.
 */
export const localCommands: readonly Command[] = [
  ...connectionCommands,
  ...transactionCommands,
  ...serverCommands,
  cluster,
  ...raftCommands,
];
