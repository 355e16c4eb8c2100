import t from 'tap';
import { Config } from '../../src/config/config.ts';

const HIDDEN = [
  'raft.cluster-password',
  'raft.log-delay-apply',
  'raft.log-disable-apply',
  'raft.snapshot-delay',
  'raft.snapshot-fail',
  'raft.snapshot-disable',
  'raft.snapshot-disable-load',
  'raft.migration-debug',
];

t.test('hidden options are found by name only', (t) => {
  const config = new Config();
  const all = config.get(['*', 'raft.*', 'raft.snapshot-fai?']).map(([name]) => name);
  for (const name of HIDDEN) {
    t.notOk(all.includes(name), name);
    t.equal(config.get([name]).length, 1, name);
  }
  t.ok(all.includes('raft.trace'));
  t.ok(all.includes('requirepass'));
  t.end();
});

t.test('patterns match in any case, and each option is listed once', (t) => {
  const config = new Config();
  t.same(config.get(['TIME*', 'timeout', 'tim[e]out']), [['timeout', '0']]);
  t.same(config.get(['raft.log-max-*']), [
    ['raft.log-max-cache-size', '64000000'],
    ['raft.log-max-file-size', '128000000'],
  ]);
  t.end();
});

t.test('an exact name is repeated as it was spelt', (t) => {
  t.same(new Config().get(['TimeOut']), [['TimeOut', '0']]);
  t.end();
});

t.test('an unknown name yields nothing', (t) => {
  t.same(new Config().get(['raft.nothing', 'nothing*']), []);
  t.end();
});

t.test('bind is shown with blanks, a file name as it was given', (t) => {
  const config = Config.of({ bind: '0.0.0.0  ::1', dir: 'd\u00c3\u00a9' });
  t.same(config.get(['bind', 'dir']), [
    ['bind', '0.0.0.0 ::1'],
    ['dir', 'd\u00c3\u00a9'],
  ]);
  t.same(config.settings.bind, ['0.0.0.0', '::1']);
  t.equal(config.settings.dir, 'd\u00e9');
  t.end();
});

t.test('a supplied value is shown and used, but was chosen by nobody', (t) => {
  const config = new Config();
  config.supply('raft.addr', '10.0.0.3:6379');
  t.same(config.get(['raft.addr']), [['raft.addr', '10.0.0.3:6379']]);
  t.equal(config.settings.raftAddr, '10.0.0.3:6379');
  t.notOk(config.isChosen('raft.addr'));
  t.equal(config.rewrite(''), '');
  t.end();
});

t.test('Config.of does not take a bad value', (t) => {
  t.throws(() => Config.of({ port: 'x' }), /port x: argument couldn't be parsed into an integer/);
  t.throws(() => Config.of({ nothing: 'x' }), /nothing x: Bad directive/);
  t.end();
});
