import t from 'tap';
import { Config } from '../../src/config/config.ts';

const FREE = { initialized: false };
const MEMBER = { initialized: true };

function set(config: Config, name: string, value: string | null): string {
  return config.legacySet(name, value, FREE)?.text ?? 'OK';
}

t.test('RAFT.CONFIG GET shows sizes with the largest unit that divides them', (t) => {
  const config = new Config();
  const shown = {
    64000000: '64MB',
    3000000000: '3GB',
    2097152: '2MiB',
    65536: '64KiB',
    5000: '5KB',
  };
  for (const [bytes, text] of Object.entries({ ...shown, 0: '0', 1001: '1001' })) {
    t.equal(config.assign('raft.log-max-file-size', bytes), null);
    t.same(config.legacyGet('raft-log-max-file-size'), [['raft-log-max-file-size', text]]);
  }
  t.end();
});

t.test('RAFT.CONFIG GET finds an option by each of its names', (t) => {
  const config = new Config();
  for (const name of ['raft-interval', 'periodic-interval', 'raft.periodic-interval']) {
    t.same(config.legacyGet(name), [[name, '100']]);
  }
  t.same(config.legacyGet('raft-log-max*'), [
    ['raft-log-max-cache-size', '64MB'],
    ['raft-log-max-file-size', '128MB'],
  ]);
  t.end();
});

t.test(
  'RAFT.CONFIG GET * lists what is not hidden under its older name, and nothing of Redis',
  (t) => {
    const names = new Config().legacyGet('*').map(([name]) => name);
    for (const name of ['id', 'addr', 'raft-log-filename', 'raft-log-fsync', 'follower-proxy']) {
      t.ok(names.includes(name), name);
    }
    for (const name of ['port', 'cluster-password', 'snapshot-fail', 'raft.log-fsync']) {
      t.notOk(names.includes(name), name);
    }
    t.end();
  },
);

t.test('RAFT.CONFIG GET shows hidden options and names that are gone when asked for them', (t) => {
  const config = Config.of({ 'raft.slot-config': '5:70' });
  t.same(config.legacyGet('snapshot-fail'), [['snapshot-fail', 'no']]);
  t.same(config.legacyGet('cluster-start-hslot'), [['cluster-start-hslot', '5']]);
  t.same(config.legacyGet('cluster-end-hslot'), [['cluster-end-hslot', '70']]);
  t.same(config.legacyGet('raftize-all-commands'), [['raftize-all-commands', 'yes']]);
  t.same(config.legacyGet('zork'), []);
  t.end();
});

t.test('RAFT.CONFIG SET takes every name an option has had', (t) => {
  const config = new Config();
  const told: string[] = [];
  config.onChange((name) => told.push(name));
  t.equal(set(config, 'raft-interval', '50'), 'OK');
  t.equal(set(config, 'Request-Timeout', '60'), 'OK');
  t.equal(set(config, 'raft.election-timeout', '70'), 'OK');
  t.equal(set(config, 'max-append-req-in-flight', '8'), 'OK');
  t.equal(set(config, 'cluster-mode', 'yes'), 'OK');
  const { settings } = config;
  t.equal(settings.raftPeriodicInterval, 50);
  t.equal(settings.raftRequestTimeout, 60);
  t.equal(settings.raftElectionTimeout, 70);
  t.equal(settings.raftAppendReqMaxCount, 8);
  t.equal(settings.raftSharding, true);
  t.same(told.slice(0, 2), ['raft.periodic-interval', 'raft.request-timeout']);
  t.end();
});

t.test('RAFT.CONFIG SET reads back the sizes that GET shows', (t) => {
  const config = new Config();
  const sizes = { '64MB': 64e6, '2mib': 2 ** 21, '5KB': 5000, '7kib': 7168, '1GB': 1e9, '12': 12 };
  for (const [text, bytes] of Object.entries(sizes)) {
    t.equal(set(config, 'raft-log-max-cache-size', text), 'OK');
    t.equal(config.settings.raftLogMaxCacheSize, bytes);
  }
  t.end();
});

t.test('RAFT.CONFIG SET moves one end of the slots', (t) => {
  const config = new Config();
  t.equal(set(config, 'cluster-end-hslot', '10'), 'OK');
  t.equal(set(config, 'cluster-start-hslot', '3'), 'OK');
  t.equal(config.settings.raftSlotConfig, '3:10');
  t.equal(set(config, 'cluster-start-hslot', '11'), "ERR invalid 'cluster-start-hslot' value");
  t.equal(set(config, 'cluster-end-hslot', 'x'), "ERR invalid 'cluster-end-hslot' value");
  t.end();
});

t.test('RAFT.CONFIG SET maps the levels of the first generation', (t) => {
  const config = new Config();
  const levels = { error: 'warning', INFO: 'notice', verbose: 'verbose', debug: 'debug' };
  for (const [old, now] of Object.entries(levels)) {
    t.equal(set(config, 'loglevel', old), 'OK');
    t.equal(config.settings.raftLoglevel, now);
  }
  t.equal(config.settings.loglevel, 'notice');
  t.end();
});

t.test('RAFT.CONFIG SET refuses in the words of its time', (t) => {
  const config = new Config();
  t.equal(set(config, 'zork', '1'), "ERR invalid parameter 'zork'");
  t.equal(set(config, 'port', '1'), "ERR invalid parameter 'port'");
  t.equal(set(config, 'raft-interval', '0'), "ERR invalid 'raft-interval' value");
  t.equal(set(config, 'follower-proxy', 'maybe'), "ERR invalid 'follower-proxy' value");
  t.equal(set(config, 'raft-interval', null), "ERR 'raft-interval' requires a value");
  t.equal(set(config, 'raftize-all-commands', 'no'), 'OK');
  t.equal(set(config, 'raftize-all-commands', '1'), "ERR invalid 'raftize-all-commands' value");
  t.equal(
    config.legacySet('id', '5', MEMBER)?.text,
    "ERR 'id' only supported at before cluster init/join",
  );
  t.equal(config.legacySet('id', '5', FREE), null);
  t.equal(config.settings.raftId, 5);
  t.end();
});
