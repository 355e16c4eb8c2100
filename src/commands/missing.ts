import type { CommandGroup } from './command.ts';

/** Commands of Redis 7.0 that are not in the table, for one reason. */
export interface Missing {
  readonly group: CommandGroup;
  /** Sub-commands are written `client|pause`; of a container that is missing all are named. */
  readonly names: readonly string[];
  /** Begins with `Not yet:` or `No sense here:`. */
  readonly reason: string;
}

/** What a client of Redis 7.0 could ask for and gets an error for, and why. */
export const MISSING: readonly Missing[] = [
  {
    group: 'scripting',
    names: [
      ...['eval', 'eval_ro', 'evalsha', 'evalsha_ro'],
      ...['script', 'script|debug', 'script|exists', 'script|flush', 'script|help'],
      ...['script|kill', 'script|load'],
    ],
    reason: 'Not yet: scripts. `MULTI` and `WATCH` make several commands one.',
  },
  {
    group: 'scripting',
    names: [
      ...['fcall', 'fcall_ro'],
      ...['function', 'function|delete', 'function|dump', 'function|flush', 'function|help'],
      ...['function|kill', 'function|list', 'function|load', 'function|restore'],
      'function|stats',
    ],
    reason: 'Not yet: functions come after scripts.',
  },
  {
    group: 'pubsub',
    names: [
      ...['psubscribe', 'publish', 'punsubscribe', 'spublish', 'ssubscribe', 'subscribe'],
      ...['sunsubscribe', 'unsubscribe'],
      ...['pubsub', 'pubsub|channels', 'pubsub|help', 'pubsub|numpat', 'pubsub|numsub'],
      ...['pubsub|shardchannels', 'pubsub|shardnumsub'],
    ],
    reason: 'Not yet: publishing and subscribing. Streams and blocking pops reach who waits.',
  },
  {
    group: 'generic',
    names: ['migrate'],
    reason:
      'Not yet: moving keys to another server. `DUMP` there and `RESTORE` here do it by hand.',
  },
  {
    group: 'generic',
    names: ['wait'],
    reason: 'No sense here: a write that is answered is on a majority of the nodes already.',
  },
  {
    group: 'connection',
    names: ['client|pause', 'client|unpause'],
    reason: 'Not yet: clients cannot be paused.',
  },
  {
    group: 'server',
    names: [
      ...['acl|deluser', 'acl|dryrun', 'acl|genpass', 'acl|getuser', 'acl|list', 'acl|load'],
      ...['acl|log', 'acl|save', 'acl|setuser'],
    ],
    reason: 'Not yet: users of their own. There is one, `default`, with or without a password.',
  },
  {
    group: 'server',
    names: ['monitor', 'slowlog', 'slowlog|get', 'slowlog|help', 'slowlog|len', 'slowlog|reset'],
    reason: 'Not yet: commands are neither shown as they come in nor remembered if they are slow.',
  },
  {
    group: 'server',
    names: [
      ...['latency', 'latency|doctor', 'latency|graph', 'latency|help', 'latency|histogram'],
      ...['latency|history', 'latency|latest', 'latency|reset'],
    ],
    reason: 'Not yet: latencies are not recorded.',
  },
  {
    group: 'server',
    names: ['bgrewriteaof'],
    reason:
      'No sense here: there is no append only file. `BGSAVE` makes a checkpoint, and what that has is cut ' +
      'from the log.',
  },
  {
    group: 'server',
    names: ['psync', 'replconf', 'replicaof', 'slaveof', 'sync'],
    reason: 'No sense here: nodes follow the leader of their cluster, see `RAFT.CLUSTER`.',
  },
  {
    group: 'server',
    names: ['failover'],
    reason: 'No sense here: `RAFT.TRANSFER_LEADER` hands leadership over.',
  },
  {
    group: 'server',
    names: ['module|load', 'module|loadex', 'module|unload'],
    reason: 'No sense here: modules are libraries for the process of Redis.',
  },
  {
    group: 'cluster',
    names: [
      ...['cluster|addslots', 'cluster|addslotsrange', 'cluster|delslots'],
      ...['cluster|delslotsrange', 'cluster|flushslots', 'cluster|setslot'],
    ],
    reason: 'No sense here: a cluster is one shard, which has all slots.',
  },
  {
    group: 'cluster',
    names: [
      ...['cluster|bumpepoch', 'cluster|count-failure-reports', 'cluster|saveconfig'],
      'cluster|set-config-epoch',
    ],
    reason: 'No sense here: nodes agree by Raft, without epochs and reports of failures.',
  },
  {
    group: 'cluster',
    names: ['cluster|countkeysinslot', 'cluster|getkeysinslot'],
    reason: 'Not yet: keys cannot be looked up by their slots.',
  },
  {
    group: 'cluster',
    names: ['cluster|links', 'cluster|replicas', 'cluster|slaves'],
    reason: 'Not yet: `CLUSTER NODES` and `INFO raft` tell about the nodes and their links.',
  },
];
