import t from 'tap';
import { Config } from '../../src/config/config.ts';
import { launch } from '../../src/config/launch.ts';

const FREE = { initialized: false };

t.test('CONFIG REWRITE keeps comments and order, and adds what is new', (t) => {
  const file = '# my node\nport 7000\n\ntimeout 5 \nsave 900 1\nsave 300 10\n# end\n';
  const started = launch(['/n.conf', '--raft.id', '3'], () => file);
  if (started.kind !== 'run') return t.fail('does not start');
  t.equal(started.config.file, '/n.conf');
  t.equal(
    started.config.set(
      [
        ['timeout', '9'],
        ['requirepass', 'a "b" \u00e9'],
      ],
      FREE,
    ),
    null,
  );
  t.equal(
    started.config.rewrite(file),
    '# my node\nport 7000\n\ntimeout 9\nsave 900 1\nsave 300 10\n# end\n' +
      '# Written by CONFIG REWRITE\nraft.id 3\nrequirepass "a \\"b\\" \\xe9"\n',
  );
  return t.end();
});

t.test('CONFIG REWRITE twice changes nothing more', (t) => {
  const config = Config.of({ 'raft.trace': 'node conn', bind: '* ::1', maxmemory: '1gb' });
  const once = config.rewrite('');
  t.equal(
    once,
    '# Written by CONFIG REWRITE\nraft.trace node conn\nbind * ::1\nmaxmemory 1073741824\n',
  );
  t.equal(config.rewrite(once), once);
  t.end();
});

t.test('CONFIG REWRITE writes out what stood behind loadmodule', (t) => {
  const file = 'loadmodule /p/redisraft.so addr=h:1 id=7';
  const started = launch(['/n.conf'], () => file);
  if (started.kind !== 'run') return t.fail('does not start');
  const text = started.config.rewrite(file);
  t.equal(
    text,
    'loadmodule /p/redisraft.so\n# Written by CONFIG REWRITE\nraft.addr h:1\nraft.id 7\n',
  );
  const again = launch(['/n.conf'], () => text);
  t.equal(again.kind === 'run' && again.config.settings.raftId, 7);
  return t.end();
});

t.test('what CONFIG REWRITE writes is read back as it was', (t) => {
  const values = {
    requirepass: 'x y\\z"\n\u0000\u00ff#',
    'client-output-buffer-limit': 'normal 1 2 3',
    'raft.slot-config': '',
    'raft.ignored-commands': 'info,lastsave',
    logfile: 'my log',
    'raft.trace': 'all',
  };
  const config = Config.of(values);
  const again = launch(['f'], () => config.rewrite(''));
  t.ok(again.kind === 'run');
  if (again.kind === 'run') t.same(again.config.settings, config.settings);
  t.end();
});
