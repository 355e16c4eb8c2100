import t from 'tap';
import { Config } from '../../src/config/config.ts';
import { launch } from '../../src/config/launch.ts';
import type { Settings } from '../../src/config/settings.ts';

type Files = Readonly<Record<string, string>>;

function reader(files: Files): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file or directory');
    return text;
  };
}

interface Started {
  readonly config: Config;
  readonly settings: Settings;
  readonly notices: readonly string[];
}

function start(line: readonly string[] | string, files: Files = {}): Started {
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const started = launch(argv, reader(files));
  if (started.kind !== 'run') throw new Error(JSON.stringify(started));
  return { config: started.config, settings: started.config.settings, notices: started.notices };
}

function fatal(line: readonly string[] | string, files: Files = {}): string[] {
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const started = launch(argv, reader(files));
  if (started.kind !== 'fatal') throw new Error(`${line} starts`);
  return started.lines.slice(started.lines[0] === '' ? 2 : 0);
}

function fails(
  t: { same(a: unknown, b: unknown, text: string): unknown },
  line: string,
  ...lines: string[]
): void {
  t.same(fatal(line), ['Reading the command line', ...lines], line);
}

t.test('without arguments the defaults hold, and nothing is noted', (t) => {
  const { settings, notices, config } = start([]);
  t.same(settings, new Config().settings);
  t.same(notices, []);
  t.equal(config.file, null);
  t.end();
});

t.test('the first generation has name=value behind the module', (t) => {
  const { settings, notices } = start(
    '--bind 0.0.0.0 --port 5001 --dbfilename raft1.rdb --loadmodule ./redisraft.so raft-log-filename=raftlog1.db addr=127.0.0.1:5001',
  );
  t.same(settings.bind, ['0.0.0.0']);
  t.equal(settings.port, 5001);
  t.equal(settings.dbfilename, 'raft1.rdb');
  t.equal(settings.raftLogFilename, 'raftlog1.db');
  t.equal(settings.raftAddr, '127.0.0.1:5001');
  t.same(notices, [
    'loadmodule ./redisraft.so has no effect: Raft is built in, and no module is loaded',
  ]);
  t.end();
});

t.test('the second generation has name value behind the module, as Jepsen launches it', (t) => {
  const { settings } = start(
    '--bind 0.0.0.0 --dbfilename redis.rdb --loadmodule /opt/redis/redisraft.so loglevel debug raft-log-filename raftlog.db raft-log-max-file-size 32000 raft-log-max-cache-size 1000000 follower-proxy yes',
  );
  t.equal(settings.raftLoglevel, 'debug');
  t.equal(settings.loglevel, 'notice');
  t.equal(settings.raftLogFilename, 'raftlog.db');
  t.equal(settings.raftLogMaxFileSize, 32000);
  t.equal(settings.raftLogMaxCacheSize, 1000000);
  t.equal(settings.raftFollowerProxy, true);
  t.end();
});

const THIRD = [
  '--port 5001 --dir /d --loadmodule /p/redisraft.so --raft.log-filename f --raft.addr h:5001',
  '--loadmodule /p/redisraft.so --raft.addr h:5001 --port 5001 --raft.log-filename f --dir /d',
  '--raft.addr h:5001 --raft.log-filename f --dir /d --port 5001 --loadmodule /p/redisraft.so',
  '--port 5001 --dir /d --raft.log-filename f --raft.addr h:5001',
];

for (const line of THIRD) {
  t.test(`the third generation has options of its own: ${line}`, (t) => {
    const { settings } = start(line);
    t.equal(settings.port, 5001);
    t.equal(settings.dir, '/d');
    t.equal(settings.raftLogFilename, 'f');
    t.equal(settings.raftAddr, 'h:5001');
    t.end();
  });
}

t.test('every old name maps to its parameter of today', (t) => {
  const { settings, notices } = start(
    '--loadmodule r.so id=7 raft-interval=1 raft-response-timeout=2 request-timeout=3 election-timeout=40 connection-timeout=5 join-timeout=6 reconnect-interval=7 proxy-response-timeout=8 shardgroup-update-interval=9 max-append-req-in-flight=10 raft-log-max-file-size=64MB raft-log-max-cache-size=8MB raft-log-fsync=no quorum-reads=no cluster-mode=yes cluster-start-hslot=100 cluster-end-hslot=200 raftize-all-commands=yes ignored-commands=info external-sharding=yes tls-enabled=no cluster-user=u cluster-password=p=q trace=node loglevel=error',
  );
  t.match(settings, {
    raftId: 7,
    raftPeriodicInterval: 1,
    raftResponseTimeout: 2,
    raftRequestTimeout: 3,
    raftElectionTimeout: 40,
    raftConnectionTimeout: 5,
    raftJoinTimeout: 6,
    raftReconnectInterval: 7,
    raftProxyResponseTimeout: 8,
    raftShardgroupUpdateInterval: 9,
    raftAppendReqMaxCount: 10,
    raftLogMaxFileSize: 64000000,
    raftLogMaxCacheSize: 8000000,
    raftLogFsync: false,
    raftQuorumReads: false,
    raftSharding: true,
    raftSlotConfig: '100:200',
    raftIgnoredCommands: ['info'],
    raftExternalSharding: true,
    raftClusterUser: 'u',
    raftClusterPassword: 'p=q',
    raftTrace: ['node'],
    raftLoglevel: 'warning',
  });
  t.ok(notices.some((text) => text.startsWith('raftize-all-commands has no effect')));
  t.ok(notices.some((text) => text.startsWith('raft.log-fsync is off')));
  t.end();
});

t.test('start and end of the slots may come in any order, or alone', (t) => {
  const slots = (line: string): string =>
    start(`--loadmodule r.so ${line}`).settings.raftSlotConfig;
  t.equal(slots('cluster-end-hslot 9 cluster-start-hslot 5'), '5:9');
  t.equal(slots('cluster-start-hslot=5461 cluster-end-hslot=10922'), '5461:10922');
  t.equal(slots('cluster-start-hslot 5461'), '5461:16383');
  t.end();
});

t.test('an option may have no word, an empty word, or several', (t) => {
  t.same(start(['--bind', '10.0.0.1', '::1', '--save', '--port', '1']).settings.bind, [
    '10.0.0.1',
    '::1',
  ]);
  t.same(start(['--save', '', '--appendonly', 'no']).notices, []);
  t.equal(start(['--requirepass', '']).settings.requirepass, '');
  t.equal(start(['--PORT', '7']).settings.port, 7);
  t.equal(
    start(['--port 7 ', '--client-output-buffer-limit', 'normal', '1', '2', '3']).settings.port,
    7,
  );
  t.end();
});

t.test('text in another alphabet arrives as bytes, and as text where it names a file', (t) => {
  const { settings } = start(['--requirepass', '\u00e9', '--dir', '/\u00e9'], {});
  t.equal(settings.requirepass, '\u00c3\u00a9');
  t.equal(settings.dir, '/\u00e9');
  t.end();
});

t.test('an option without effect is noted when it asks for something', (t) => {
  const { notices, config } = start('--save 900 1 --appendonly yes --hz 10');
  t.same(notices, [
    'save has no effect: the Raft log and its checkpoints keep the data',
    'appendonly has no effect: the Raft log and its checkpoints keep the data',
  ]);
  t.same(config.get(['save']), [['save', '900 1']]);
  t.end();
});

t.test('an election timeout near the heartbeat is noted', (t) => {
  t.match(start('--raft.election-timeout 250').notices, [
    /^raft.election-timeout is less than twice/,
  ]);
  t.end();
});

const CONF = `
# a comment
port 7000
  BIND 127.0.0.1 ::1
requirepass "a \\"quoted\\" \\x41\\n"
logfile ''
include /etc/more.conf
timeout 9
loadmodule /path/redisraft.so addr=10.0.0.1:7000 id=7
raft.trace node conn
`;

t.test('a file has quotes, comments, includes and several words', (t) => {
  const files = { '/etc/b.conf': CONF, '/etc/more.conf': 'timeout 3\ntcp-keepalive 4\n' };
  const { settings, config } = start(['/etc/b.conf', '--port', '7001'], files);
  t.equal(config.file, '/etc/b.conf');
  t.equal(settings.port, 7001);
  t.same(settings.bind, ['127.0.0.1', '::1']);
  t.equal(settings.requirepass, 'a "quoted" A\n');
  t.equal(settings.timeout, 9);
  t.equal(settings.tcpKeepalive, 4);
  t.equal(settings.raftAddr, '10.0.0.1:7000');
  t.equal(settings.raftId, 7);
  t.same(settings.raftTrace, ['node', 'conn']);
  t.end();
});

t.test('a file may have the line ends of Windows', (t) => {
  t.equal(start(['f'], { f: 'port 1\r\ntimeout 2\r\n' }).settings.timeout, 2);
  t.end();
});

t.test('standard input is read for a dash, first or last, after the file', (t) => {
  t.equal(start(['-'], { '-': 'port 1' }).settings.port, 1);
  t.equal(start(['-', '--timeout', '2'], { '-': 'timeout 1' }).settings.timeout, 2);
  const both = start(['f', '--timeout', '3', '-'], { f: 'port 1\ntimeout 1', '-': 'port 2' });
  t.equal(both.settings.port, 2);
  t.equal(both.settings.timeout, 3);
  t.equal(both.config.file, 'f');
  t.end();
});

t.test('include works as an option too', (t) => {
  t.equal(start('--include f', { f: 'port 5' }).settings.port, 5);
  t.end();
});

t.test('an unknown option is fatal and named', (t) => {
  const bad = 'Bad directive or wrong number of arguments';
  fails(t, '--foo bar', `>>> 'foo "bar"'`, bad);
  fails(t, '--raft.foo 1', `>>> 'raft.foo "1"'`, bad);
  fails(t, '--prot 1', `>>> 'prot "1"'`, bad, "Did you mean 'port'?");
  fails(
    t,
    '--raft-log-filename x',
    `>>> 'raft-log-filename "x"'`,
    bad,
    "Did you mean 'raft.log-filename'?",
  );
  fails(
    t,
    '--cluster_enabled no',
    `>>> 'cluster_enabled "no"'`,
    bad,
    "Did you mean 'cluster-enabled'?",
  );
  fails(
    t,
    '--election-timeout 5',
    `>>> 'election-timeout "5"'`,
    bad,
    "Did you mean 'raft.election-timeout'?",
  );
  fails(
    t,
    '--raft.election-timout 5',
    `>>> 'raft.election-timout "5"'`,
    bad,
    "Did you mean 'raft.election-timeout'?",
  );
  fails(t, '--port=5', `>>> 'port=5'`, bad, "Did you mean 'port 5'?");
  fails(t, '-p 5', `>>> '"-p" "5"'`, bad);
  t.end();
});

t.test('a bad value is fatal, with the value and the reason', (t) => {
  fails(t, '--port abc', `>>> 'port "abc"'`, "argument couldn't be parsed into an integer");
  fails(t, '--port 65536', `>>> 'port "65536"'`, 'argument must be between 0 and 65535 inclusive');
  fails(
    t,
    '--raft.periodic-interval 0',
    `>>> 'raft.periodic-interval "0"'`,
    'argument must be between 1 and 2147483647 inclusive',
  );
  fails(
    t,
    '--raft.addr x',
    `>>> 'raft.addr "x"'`,
    'Address is invalid. It must be in the form of 10.0.0.3:8000',
  );
  fails(
    t,
    '--raft.trace zork',
    `>>> 'raft.trace "zork"'`,
    'argument(s) must be one of the following: off, node, conn, raftlib, raftlog, generic, migration, all',
  );
  fails(
    t,
    '--dbfilename a/b',
    `>>> 'dbfilename "a/b"'`,
    "argument can't be empty or a path, just a filename",
  );
  t.same(fatal(['--bind', ''])[2], 'argument must not be empty');
  t.match(fatal(['--dbfilename', '']), [/./, />>>/, /can't be empty/]);
  t.end();
});

t.test('a wrong number of words is fatal', (t) => {
  const wrong = 'wrong number of arguments';
  fails(t, '--port', `>>> 'port'`, wrong);
  fails(t, '--port 1 2', `>>> 'port "1" "2"'`, wrong);
  fails(t, '--dbfilename a b', `>>> 'dbfilename "a" "b"'`, wrong);
  fails(t, '--loadmodule', `>>> 'loadmodule'`, wrong);
  fails(t, '--include', `>>> 'include'`, wrong);
  t.end();
});

t.test('what would weaken the promise is refused with a reason', (t) => {
  const refused: Files = {
    '--cluster-enabled yes': 'balsa forms clusters of its own',
    '--daemonize yes': 'balsa stays in the foreground',
    '--replicaof 10.0.0.1 6379': 'balsa does not follow a Redis master',
    '--slaveof 10.0.0.1 6379': 'balsa does not follow a Redis master',
    '--maxmemory-policy allkeys-lru': 'balsa never evicts keys',
    '--tls-port 6380': 'balsa is built without TLS',
    '--raft.tls-enabled yes': 'balsa is built without TLS',
    '--aclfile users.acl': 'balsa has no users but default',
    '--user alice on': 'balsa has no users but default',
    '--rename-command CONFIG x': 'balsa does not rename commands',
  };
  for (const [line, reason] of Object.entries(refused)) {
    t.ok(fatal(line)[2]?.startsWith(reason), line);
  }
  start(
    '--cluster-enabled no --daemonize no --replicaof no one --tls-port 0 --maxmemory-policy noeviction',
  );
  t.end();
});

t.test('a bad argument of the module is fatal and named', (t) => {
  const shown = (words: string): string => `>>> 'loadmodule "r.so" ${words}'`;
  fails(t, '--loadmodule r.so foo=1', shown('"foo=1"'), "RedisRaft has no parameter 'foo'");
  fails(t, '--loadmodule r.so foo 1', shown('"foo" "1"'), "RedisRaft has no parameter 'foo'");
  fails(
    t,
    '--loadmodule r.so election-timout=1',
    shown('"election-timout=1"'),
    "RedisRaft has no parameter 'election-timout'",
    "Did you mean 'raft.election-timeout'?",
  );
  fails(t, '--loadmodule r.so id', shown('"id"'), "'id' requires a value");
  fails(
    t,
    '--loadmodule r.so id=x',
    shown('"id=x"'),
    "invalid 'id' value: argument couldn't be parsed into an integer",
  );
  fails(
    t,
    '--loadmodule r.so cluster-start-hslot=x',
    shown('"cluster-start-hslot=x"'),
    "invalid 'cluster-start-hslot' value",
  );
  t.end();
});

t.test('an error in a file names the line, and the file if it was included', (t) => {
  t.same(fatal('f', { f: 'port 1\n\n# c\nfoo "bar baz"\n' }), [
    'Reading the configuration file, at line 4',
    `>>> 'foo "bar baz"'`,
    'Bad directive or wrong number of arguments',
  ]);
  t.same(fatal('f', { f: 'port 1\nbind "a' }), [
    'Reading the configuration file, at line 2',
    `>>> 'bind "a'`,
    'Unbalanced quotes in configuration line',
  ]);
  t.same(fatal('f', { f: 'include g', g: '\nport x' }), [
    "Reading the configuration file, at line 2 of 'g'",
    `>>> 'port x'`,
    "argument couldn't be parsed into an integer",
  ]);
  t.end();
});

t.test('a file that cannot be read is fatal', (t) => {
  t.same(fatal('f'), ["Fatal error, can't open config file 'f': no such file or directory"]);
  t.same(fatal('f', { f: 'include g' }), [
    "Fatal error, can't open config file 'g': no such file or directory",
  ]);
  t.end();
});

t.test('files that include each other for ever are fatal', (t) => {
  t.equal(fatal('f', { f: 'include f' })[2], 'files include each other too deeply');
  t.end();
});

t.test('the form of a fatal error is that of Redis', (t) => {
  const started = launch(['--foo', 'bar'], reader({}));
  t.same(started, {
    kind: 'fatal',
    lines: [
      '',
      '*** FATAL CONFIG FILE ERROR (balsa 0.1.0) ***',
      'Reading the command line',
      `>>> 'foo "bar"'`,
      'Bad directive or wrong number of arguments',
    ],
  });
  t.end();
});

t.test('a fatal error never shows a password', (t) => {
  for (const line of [
    '--requirepass secret words',
    '--loadmodule r.so cluster-password=secret foo=1',
    '--loadmodule r.so cluster-password secret foo 1',
  ]) {
    t.notMatch(fatal(line).join('\n'), /secret/, line);
  }
  t.notMatch(fatal('f', { f: 'masterauth secret words' }).join('\n'), /secret/);
  t.end();
});

t.test('--version and -v tell the version', (t) => {
  for (const word of ['--version', '-v']) {
    const text = 'balsa-server v=0.1.0 redis=7.4.2';
    t.same(launch([word], reader({})), { kind: 'version', text });
  }
  t.end();
});

t.test('--help and -h list the parameters, but not the hidden ones', (t) => {
  for (const word of ['--help', '-h']) {
    const help = launch([word], reader({}));
    if (help.kind !== 'help') return t.fail(help.kind);
    t.match(help.text, /^balsa 0\.1\.0/);
    t.match(help.text, /--raft\.election-hold 3000 ms/);
    t.notMatch(help.text, /snapshot-fail/);
    t.ok(help.text.split('\n').every((line) => line.length <= 100));
  }
  return t.end();
});
