import type { BoolParameter, Parameter, StringParameter } from './parameter.ts';

/**
 * Parameters of Redis that would weaken what balsa promises, or that an operator must not believe
 * to be in force: any value but the harmless one is refused, with the reason.
 */
export const REFUSED_PARAMETERS: readonly Parameter[] = [
  onlyNo('cluster-enabled', 'Redis Cluster', 'balsa forms clusters of its own: use RAFT.CLUSTER'),
  onlyNo(
    'daemonize',
    'Going to the background',
    'balsa stays in the foreground: start it with systemd, nohup or a container',
  ),
  onlyNo('tls-replication', 'TLS between nodes', 'balsa is built without TLS'),
  onlyNo('tls-cluster', 'TLS between nodes', 'balsa is built without TLS'),
  {
    name: 'tls-port',
    type: 'int',
    default: 0,
    min: 0,
    max: 65535,
    change: 'any-time',
    only: { value: 0, reason: 'balsa is built without TLS: put it behind a TLS proxy' },
    text: 'TCP port for TLS; only 0.',
  },
  onlyEmpty('aclfile', 'File of users', 'balsa has no users but default: use requirepass'),
  // Redis knows these two as directives only; CONFIG GET does not list them.
  {
    ...onlyEmpty(
      'user',
      'A user and its rights',
      'balsa has no users but default: use requirepass',
    ),
    hidden: true,
  },
  {
    ...onlyEmpty('rename-command', 'Other names for commands', 'balsa does not rename commands'),
    hidden: true,
  },
  nobody('replicaof'),
  nobody('slaveof'),
];

function onlyNo(name: string, subject: string, reason: string): BoolParameter {
  return {
    name,
    type: 'bool',
    default: false,
    change: 'launch',
    only: { value: false, reason },
    text: `${subject}; only \`no\`.`,
  };
}

function onlyEmpty(name: string, subject: string, reason: string): StringParameter {
  return {
    name,
    type: 'string',
    default: '',
    words: true,
    change: 'launch',
    only: { value: '', reason },
    text: `${subject}; only empty.`,
  };
}

function nobody(name: string): StringParameter {
  return {
    name,
    type: 'string',
    default: '',
    words: true,
    format: 'nobody',
    change: 'launch',
    text: 'Redis replication; only `no one`.',
  };
}

/** Why the parameters of one group do nothing, and each with the value CONFIG GET shows. */
const IGNORED: readonly (readonly [reason: string, defaults: Readonly<Record<string, string>>])[] =
  [
    [
      'the Raft log and its checkpoints keep the data',
      {
        save: '',
        appendonly: 'no',
        appendfilename: 'appendonly.aof',
        appenddirname: 'appendonlydir',
        appendfsync: 'everysec',
        'no-appendfsync-on-rewrite': 'no',
        'auto-aof-rewrite-percentage': '100',
        'auto-aof-rewrite-min-size': '67108864',
        'aof-load-truncated': 'yes',
        'aof-use-rdb-preamble': 'yes',
        'aof-timestamp-enabled': 'no',
        'aof-rewrite-incremental-fsync': 'yes',
        'rdb-save-incremental-fsync': 'yes',
        rdbcompression: 'yes',
        rdbchecksum: 'yes',
        'rdb-del-sync-files': 'no',
        'sanitize-dump-payload': 'no',
        'stop-writes-on-bgsave-error': 'yes',
      },
    ],
    [
      'nodes follow their leader through the Raft log',
      {
        'repl-diskless-sync': 'yes',
        'repl-diskless-sync-delay': '5',
        'repl-diskless-sync-max-replicas': '0',
        'repl-diskless-load': 'disabled',
        'repl-ping-replica-period': '10',
        'repl-ping-slave-period': '10',
        'repl-timeout': '60',
        'repl-disable-tcp-nodelay': 'no',
        'repl-backlog-size': '1048576',
        'repl-backlog-ttl': '3600',
        'replica-serve-stale-data': 'yes',
        'slave-serve-stale-data': 'yes',
        'replica-read-only': 'yes',
        'slave-read-only': 'yes',
        'replica-priority': '100',
        'slave-priority': '100',
        'replica-announced': 'yes',
        'replica-announce-ip': '',
        'slave-announce-ip': '',
        'replica-announce-port': '0',
        'slave-announce-port': '0',
        'replica-ignore-maxmemory': 'yes',
        'slave-ignore-maxmemory': 'yes',
        'replica-lazy-flush': 'no',
        'slave-lazy-flush': 'no',
        'min-replicas-to-write': '0',
        'min-slaves-to-write': '0',
        'min-replicas-max-lag': '10',
        'min-slaves-max-lag': '10',
      },
    ],
    [
      'balsa forms clusters of its own',
      {
        'cluster-config-file': 'nodes.conf',
        'cluster-node-timeout': '15000',
        'cluster-port': '0',
        'cluster-announce-bus-port': '0',
        'cluster-announce-tls-port': '0',
        'cluster-announce-human-nodename': '',
        'cluster-preferred-endpoint-type': 'ip',
        'cluster-require-full-coverage': 'yes',
        'cluster-migration-barrier': '1',
        'cluster-allow-replica-migration': 'yes',
        'cluster-replica-validity-factor': '10',
        'cluster-replica-no-failover': 'no',
        'cluster-allow-reads-when-down': 'no',
        'cluster-allow-pubsubshard-when-down': 'yes',
        'cluster-link-sendbuf-limit': '0',
      },
    ],
    [
      'balsa is built without TLS',
      {
        'tls-cert-file': '',
        'tls-key-file': '',
        'tls-key-file-pass': '',
        'tls-client-cert-file': '',
        'tls-client-key-file': '',
        'tls-client-key-file-pass': '',
        'tls-dh-params-file': '',
        'tls-ca-cert-file': '',
        'tls-ca-cert-dir': '',
        'tls-auth-clients': 'yes',
        'tls-protocols': '',
        'tls-ciphers': '',
        'tls-ciphersuites': '',
        'tls-prefer-server-ciphers': 'no',
        'tls-session-caching': 'yes',
        'tls-session-cache-size': '20480',
        'tls-session-cache-timeout': '300',
      },
    ],
    [
      'how values are kept is fixed, so that all nodes agree',
      {
        'hash-max-listpack-entries': '512',
        'hash-max-ziplist-entries': '512',
        'hash-max-listpack-value': '64',
        'hash-max-ziplist-value': '64',
        'list-max-listpack-size': '-2',
        'list-max-ziplist-size': '-2',
        'list-compress-depth': '0',
        'set-max-intset-entries': '512',
        'set-max-listpack-entries': '128',
        'set-max-listpack-value': '64',
        'zset-max-listpack-entries': '128',
        'zset-max-ziplist-entries': '128',
        'zset-max-listpack-value': '64',
        'zset-max-ziplist-value': '64',
        'hll-sparse-max-bytes': '3000',
        'stream-node-max-bytes': '4096',
        'stream-node-max-entries': '100',
        activerehashing: 'yes',
        activedefrag: 'no',
        'jemalloc-bg-thread': 'yes',
      },
    ],
    [
      'nothing is evicted, and keys expire through the Raft log',
      {
        'maxmemory-samples': '5',
        'maxmemory-eviction-tenacity': '10',
        'maxmemory-clients': '0',
        'lfu-log-factor': '10',
        'lfu-decay-time': '1',
        'active-expire-effort': '1',
        'lazyfree-lazy-eviction': 'no',
        'lazyfree-lazy-expire': 'no',
        'lazyfree-lazy-server-del': 'no',
        'lazyfree-lazy-user-del': 'no',
        'lazyfree-lazy-user-flush': 'no',
      },
    ],
    [
      'a script is stopped after a number of steps that is the same on every node',
      { 'lua-time-limit': '5000', 'busy-reply-threshold': '5000' },
    ],
    [
      'balsa has no use for it',
      {
        'io-threads': '1',
        'io-threads-do-reads': 'no',
        hz: '10',
        'dynamic-hz': 'yes',
        supervised: 'no',
        'always-show-logo': 'no',
        'set-proc-title': 'yes',
        'proc-title-template': '{title} {listen-addr} {server-mode}',
        'crash-log-enabled': 'yes',
        'crash-memcheck-enabled': 'yes',
        'disable-thp': 'yes',
        'oom-score-adj': 'no',
        'oom-score-adj-values': '0 200 800',
        'syslog-enabled': 'no',
        'syslog-ident': 'redis',
        'syslog-facility': 'local0',
        unixsocket: '',
        unixsocketperm: '0',
        'bind-source-addr': '',
        'socket-mark-id': '0',
        'shutdown-on-sigint': 'default',
        'shutdown-on-sigterm': 'default',
        'enable-protected-configs': 'no',
        'enable-module-command': 'no',
        'ignore-warnings': '',
        'latency-tracking': 'yes',
        'latency-tracking-info-percentiles': '50 99 99.9',
        'latency-monitor-threshold': '0',
        'tracking-table-max-keys': '1000000',
        'notify-keyspace-events': '',
        'acllog-max-len': '128',
        'acl-pubsub-default': 'resetchannels',
        'propagation-error-behavior': 'ignore',
        server_cpulist: '',
        bio_cpulist: '',
        aof_rewrite_cpulist: '',
        bgsave_cpulist: '',
        'locale-collate': '',
      },
    ],
  ];

/** Parameters of Redis that are taken so that its configuration files work, and do nothing. */
export const IGNORED_PARAMETERS: readonly StringParameter[] = IGNORED.flatMap(
  ([reason, defaults]) =>
    Object.entries(defaults).map(([name, value]) => ignored(name, value, reason)),
);

function ignored(name: string, value: string, reason: string): StringParameter {
  const secret = name.endsWith('-pass');
  return {
    name,
    type: 'string',
    default: value,
    words: true,
    change: 'any-time',
    ...(secret ? { sensitive: true } : {}),
    ignored: reason,
    text: `No effect: ${reason}.`,
  };
}
