import t from 'tap';
import { Config } from '../../src/config/config.ts';

const FREE = { initialized: false };
const MEMBER = { initialized: true };

function set(config: Config, ...words: string[]): string {
  const pairs: [string, string][] = [];
  for (let i = 0; i < words.length; i += 2) pairs.push([words[i] ?? '', words[i + 1] ?? '']);
  return config.set(pairs, FREE)?.text ?? 'OK';
}

function get(config: Config, name: string): string | undefined {
  return config.get([name])[0]?.[1];
}

function failed(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}

const INT = "argument couldn't be parsed into an integer";
const MEMORY = 'argument must be a memory value';
const BOOL = "argument must be 'yes' or 'no'";
const INT32 = '2147483647';
const INT64 = '9223372036854775807';

interface IntRow {
  readonly name: string;
  readonly preset: string;
  readonly min: string;
  readonly max: string;
}

function ints(preset: string, min: string, max: string, ...names: string[]): IntRow[] {
  return names.map((name) => ({ name, preset, min, max }));
}

const INTS: readonly IntRow[] = [
  ...ints('0', '0', INT32, 'raft.id', 'raft.log-delay-apply', 'raft.snapshot-delay'),
  ...ints('100', '1', INT32, 'raft.periodic-interval', 'raft.reconnect-interval'),
  ...ints('200', '1', INT32, 'raft.request-timeout'),
  ...ints('1000', '1', INT32, 'raft.election-timeout', 'raft.response-timeout'),
  ...ints('3000', '1', INT32, 'raft.connection-timeout'),
  ...ints('120000', '1', INT32, 'raft.join-timeout'),
  ...ints('10000', '1', INT32, 'raft.proxy-response-timeout'),
  ...ints('5000', '1', INT32, 'raft.shardgroup-update-interval'),
  ...ints('2', '1', INT32, 'raft.append-req-max-count'),
  ...ints('32', '1', INT32, 'raft.snapshot-req-max-count'),
  ...ints('1000', '1', INT64, 'raft.scan-size'),
  ...ints('3000', '0', '60000', 'raft.election-hold'),
  ...ints('0', '0', INT32, 'timeout'),
  ...ints('300', '0', INT32, 'tcp-keepalive'),
  ...ints('10000', '1', '4294967295', 'maxclients'),
  ...ints('10', '0', INT32, 'shutdown-timeout'),
  ...ints('10000', '-1', INT64, 'slowlog-log-slower-than'),
  ...ints('128', '0', INT64, 'slowlog-max-len'),
];

for (const { name, preset, min, max } of INTS) {
  t.test(`${name} takes integers from ${min} to ${max}`, (t) => {
    const config = new Config();
    t.equal(get(config, name), preset);
    for (const good of [min, max]) {
      t.equal(set(config, name, good), 'OK');
      t.equal(get(config, name), good);
    }
    const range = `argument must be between ${min} and ${max} inclusive`;
    t.equal(set(config, name, `${BigInt(min) - 1n}`), failed(name, range));
    const above = max === INT64 ? INT : range;
    t.equal(set(config, name, `${BigInt(max) + 1n}`), failed(name, above));
    for (const bad of ['', 'abc', '1.5', '+5', '05', ' 5', '5k', '-0', '9223372036854775808']) {
      t.equal(set(config, name, bad), failed(name, INT), bad);
    }
    t.equal(get(config, name), max);
    t.end();
  });
}

const MEMORIES: readonly IntRow[] = [
  ...ints('2097152', '1', INT32, 'raft.append-req-max-size'),
  ...ints('65536', '1', INT32, 'raft.snapshot-req-max-size'),
  ...ints('64000000', '0', INT64, 'raft.log-max-cache-size'),
  ...ints('128000000', '0', INT64, 'raft.log-max-file-size'),
  ...ints('67108864', '1', INT64, 'raft.max-uncommitted-size'),
  ...ints('536870912', '1048576', INT64, 'proto-max-bulk-len'),
  ...ints('1073741824', '1048576', INT64, 'client-query-buffer-limit'),
  ...ints('0', '0', INT64, 'maxmemory'),
];

for (const { name, preset, min, max } of MEMORIES) {
  t.test(`${name} takes sizes from ${min} to ${max}`, (t) => {
    const config = new Config();
    t.equal(get(config, name), preset);
    for (const good of [min, max]) {
      t.equal(set(config, name, good), 'OK');
      t.equal(get(config, name), good);
    }
    const range = `argument must be between ${min} and ${max} inclusive`;
    if (min !== '0') t.equal(set(config, name, `${BigInt(min) - 1n}`), failed(name, range));
    t.equal(set(config, name, `${BigInt(max) + 1n}`), failed(name, range));
    t.equal(set(config, name, '99999999999gb'), failed(name, range));
    for (const bad of ['', 'abc', '-1', '1.5mb', '1tb', ' 1', '+1', 'mb']) {
      t.equal(set(config, name, bad), failed(name, MEMORY), bad);
    }
    t.end();
  });
}

t.test('a size may have a unit, in any case, and is shown in bytes', (t) => {
  const config = new Config();
  const units = { b: 1, k: 1000, kb: 1024, m: 1e6, mb: 2 ** 20, g: 1e9, gb: 2 ** 30, KB: 1024 };
  for (const [unit, bytes] of Object.entries(units)) {
    t.equal(set(config, 'maxmemory', `3${unit}`), 'OK');
    t.equal(get(config, 'maxmemory'), `${3 * bytes}`);
    t.equal(config.settings.maxmemory, 3 * bytes);
  }
  t.end();
});

const BOOLS: Readonly<Record<string, 'yes' | 'no'>> = {
  'raft.external-sharding': 'no',
  'raft.log-fsync': 'yes',
  'raft.follower-proxy': 'no',
  'raft.quorum-reads': 'yes',
  'raft.sharding': 'no',
  'raft.log-disable-apply': 'no',
  'raft.snapshot-fail': 'no',
  'raft.snapshot-disable': 'no',
  'raft.snapshot-disable-load': 'no',
  'protected-mode': 'yes',
};

for (const [name, preset] of Object.entries(BOOLS)) {
  t.test(`${name} is ${preset}, and takes yes and no`, (t) => {
    const config = new Config();
    t.equal(get(config, name), preset);
    t.equal(set(config, name, 'NO'), 'OK');
    t.equal(get(config, name), 'no');
    t.equal(set(config, name, 'yes'), 'OK');
    t.equal(get(config, name), 'yes');
    for (const bad of ['', '1', 'true', 'maybe']) {
      t.equal(set(config, name, bad), failed(name, BOOL), bad);
    }
    t.end();
  });
}

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  'raft.loglevel': ['notice', 'debug, verbose, notice, warning'],
  'raft.migration-debug': ['none', 'none, fail-connect, fail-import, fail-unlock'],
  loglevel: ['notice', 'debug, verbose, notice, warning, nothing'],
};

for (const [name, [preset = '', words = '']] of Object.entries(ENUMS)) {
  t.test(`${name} takes one of: ${words}`, (t) => {
    const config = new Config();
    t.equal(get(config, name), preset);
    for (const word of words.split(', ')) {
      t.equal(set(config, name, word.toUpperCase()), 'OK');
      t.equal(get(config, name), word);
    }
    const reason = `argument(s) must be one of the following: ${words}`;
    for (const bad of ['', 'zork']) t.equal(set(config, name, bad), failed(name, reason));
    t.end();
  });
}

t.test('raft.addr takes host and port, or nothing', (t) => {
  const config = new Config();
  t.equal(get(config, 'raft.addr'), '');
  for (const good of ['10.0.0.3:8000', 'node-1.local:65535', '::1:1', '[fe80::1]:6379', '']) {
    t.equal(set(config, 'raft.addr', good), 'OK');
    t.equal(get(config, 'raft.addr'), good);
  }
  const reason = 'Address is invalid. It must be in the form of 10.0.0.3:8000';
  for (const bad of ['host', 'host:', ':80', 'host:0', 'host:65536', 'host:x', 'a b:1', 'h:01']) {
    t.equal(set(config, 'raft.addr', bad), failed('raft.addr', reason), bad);
  }
  t.end();
});

t.test('raft.slot-config takes a slot, a range, several of them, or nothing', (t) => {
  const config = new Config();
  t.equal(get(config, 'raft.slot-config'), '0:16383');
  for (const good of ['', '0', '16383', '0:16383', '7:7', '0:5460,10923:16383', '1,3,5']) {
    t.equal(set(config, 'raft.slot-config', good), 'OK', good);
    t.equal(get(config, 'raft.slot-config'), good);
  }
  const bad = ['16384', '-1', '0:16384', '5:4', 'a', '1:', ':1', '1-2', '1,', '0:5,5:9', '1:2:3'];
  for (const text of bad) {
    t.equal(
      set(config, 'raft.slot-config', text),
      failed('raft.slot-config', 'Not a valid slot config'),
    );
  }
  t.end();
});

t.test('raft.ignored-commands is a list in lower case', (t) => {
  const config = new Config();
  t.equal(get(config, 'raft.ignored-commands'), '');
  t.equal(set(config, 'raft.ignored-commands', 'LASTSAVE, Info,'), 'OK');
  t.equal(get(config, 'raft.ignored-commands'), 'lastsave,info');
  t.same(config.settings.raftIgnoredCommands, ['lastsave', 'info']);
  t.end();
});

t.test('raft.log-filename takes any name, and none, with which nothing is kept', (t) => {
  const config = new Config();
  t.equal(get(config, 'raft.log-filename'), 'redisraft.db');
  t.equal(set(config, 'raft.log-filename', 'raft/log 1'), 'OK');
  t.equal(config.settings.raftLogFilename, 'raft/log 1');
  t.equal(set(config, 'raft.log-filename', ''), 'OK');
  t.equal(config.settings.raftLogFilename, '');
  t.end();
});

t.test('raft.cluster-user and raft.cluster-password take any text', (t) => {
  const config = new Config();
  t.equal(get(config, 'raft.cluster-user'), 'default');
  t.equal(get(config, 'raft.cluster-password'), '');
  t.equal(set(config, 'raft.cluster-user', 'Bob', 'raft.cluster-password', 'a \u00e9 b'), 'OK');
  t.equal(config.settings.raftClusterUser, 'Bob');
  t.equal(config.settings.raftClusterPassword, 'a \u00e9 b');
  t.end();
});

t.test('raft.tls-enabled yes is refused with the reason', (t) => {
  const config = new Config();
  t.equal(set(config, 'raft.tls-enabled', 'no'), 'OK');
  t.match(
    set(config, 'raft.tls-enabled', 'yes'),
    /'raft.tls-enabled'\) - balsa is built without TLS/,
  );
  t.equal(set(config, 'raft.tls-enabled', 'x'), failed('raft.tls-enabled', BOOL));
  t.end();
});

t.test('raft.trace switches the flags it names over', (t) => {
  const config = new Config();
  const steps: readonly (readonly [string, string])[] = [
    ['node', 'node'],
    ['raftlog CONN', 'node conn raftlog'],
    ['node', 'conn raftlog'],
    ['conn migration', 'raftlog migration'],
    ['all', 'all'],
    ['raftlib', 'node conn raftlog generic migration'],
    ['off', 'off'],
    ['migration generic', 'generic migration'],
    ['off node', 'node generic migration'],
    ['all node', 'all'],
  ];
  for (const [text, shown] of steps) {
    t.equal(set(config, 'raft.trace', text), 'OK');
    t.equal(get(config, 'raft.trace'), shown, text);
  }
  const words = 'off, node, conn, raftlib, raftlog, generic, migration, all';
  const reason = `argument(s) must be one of the following: ${words}`;
  for (const bad of ['', 'zork', 'node zork']) {
    t.equal(set(config, 'raft.trace', bad), failed('raft.trace', reason));
  }
  t.same(config.settings.raftTrace.length, 6);
  t.end();
});

t.test('client-output-buffer-limit changes the classes it names', (t) => {
  const config = new Config();
  const name = 'client-output-buffer-limit';
  t.equal(get(config, name), 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60');
  t.equal(set(config, name, 'replica 1mb 2k 3 NORMAL 5 6 7'), 'OK');
  t.equal(get(config, name), 'normal 5 6 7 slave 1048576 2000 3 pubsub 33554432 8388608 60');
  t.same(config.settings.clientOutputBufferLimit.normal, { hard: 5, soft: 6, seconds: 7 });
  const count = 'Wrong number of arguments in buffer limit configuration.';
  const kind = 'Invalid client class specified in buffer limit configuration.';
  const value = 'Error in hard, soft or soft_seconds setting in buffer limit configuration.';
  t.equal(set(config, name, 'normal 1 2'), failed(name, count));
  t.equal(set(config, name, 'master 1 2 3'), failed(name, kind));
  t.equal(set(config, name, 'normal 1 2 3 pubsub 1 x 3'), failed(name, value));
  t.equal(set(config, name, 'pubsub 1 2 -3'), failed(name, value));
  t.same(config.settings.clientOutputBufferLimit.normal, { hard: 5, soft: 6, seconds: 7 });
  t.end();
});

t.test('maxmemory-policy tells a policy that is refused from one nobody knows', (t) => {
  const config = new Config();
  t.equal(set(config, 'maxmemory-policy', 'NoEviction'), 'OK');
  t.match(set(config, 'maxmemory-policy', 'allkeys-lru'), /- balsa never evicts keys/);
  t.match(
    set(config, 'maxmemory-policy', 'zork'),
    /one of the following: volatile-lru, .*noeviction$/,
  );
  t.equal(config.settings.maxmemoryPolicy, 'noeviction');
  t.end();
});

t.test('an option that has no effect is taken and shown', (t) => {
  const config = new Config();
  t.equal(get(config, 'appendonly'), 'no');
  t.equal(set(config, 'save', '900 1', 'appendonly', 'yes'), 'OK');
  t.same(config.get(['save', 'appendonly']), [
    ['save', '900 1'],
    ['appendonly', 'yes'],
  ]);
  t.end();
});

t.test('an unknown option is named', (t) => {
  const unknown = (name: string) =>
    `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`;
  const config = new Config();
  t.equal(set(config, 'raft.x', '1'), unknown('raft.x'));
  t.equal(set(config, 'timeout', '5', 'Foo', '1'), unknown('Foo'));
  t.equal(config.settings.timeout, 0);
  t.end();
});

t.test('launch-only options are immutable, and those that name files protected', (t) => {
  const config = new Config();
  for (const name of ['port', 'bind', 'databases', 'enable-debug-command', 'replicaof']) {
    t.equal(set(config, name, '1'), failed(name, "can't set immutable config"));
  }
  for (const name of ['dir', 'dbfilename']) {
    t.equal(set(config, name, 'x'), failed(name, "can't set protected config"));
  }
  t.end();
});

t.test('one option twice is refused, in whatever case it is spelt', (t) => {
  const config = new Config();
  t.equal(set(config, 'timeout', '1', 'TIMEOUT', '2'), failed('TIMEOUT', 'duplicate parameter'));
  t.equal(config.settings.timeout, 0);
  t.end();
});

t.test('locked options may be set until the node is part of a cluster', (t) => {
  const locked = {
    'raft.id': '7',
    'raft.addr': 'h:1',
    'raft.log-filename': 'f',
    'raft.slot-config': '5',
    'raft.external-sharding': 'yes',
  };
  const config = new Config();
  for (const [name, value] of Object.entries(locked)) {
    const reason = 'Configuration change is not allowed after init/join for this parameter';
    t.equal(config.set([[name, value]], MEMBER)?.text, failed(name, reason));
    t.equal(config.set([[name, value]], FREE), null);
    t.equal(get(config, name), value);
  }
  t.equal(config.set([['raft.id', 'x']], MEMBER)?.text, failed('raft.id', INT));
  t.equal(config.set([['raft.election-timeout', '50']], MEMBER), null);
  t.end();
});

t.test('several options are set together or not at all', (t) => {
  const config = new Config();
  const told: string[] = [];
  config.onChange((name) => told.push(name));
  const settings = config.settings;
  t.equal(
    set(config, 'timeout', '5', 'raft.trace', 'node', 'raft.scan-size', '0'),
    failed('raft.scan-size', `argument must be between 1 and ${INT64} inclusive`),
  );
  t.equal(settings.timeout, 0);
  t.same(settings.raftTrace, []);
  t.same(told, []);
  t.equal(set(config, 'timeout', '5', 'Raft.Scan-Size', '9'), 'OK');
  t.equal(settings.timeout, 5);
  t.equal(settings.raftScanSize, 9);
  t.same(told, ['timeout', 'raft.scan-size']);
  t.end();
});
