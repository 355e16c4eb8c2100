import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { admin } from '../support/admin-fixture.ts';

t.test('--help and --version answer on the standard output', async (t) => {
  for (const word of ['--help', '-h', 'help']) {
    const { status, out, error } = await admin([word]);
    t.equal(status, 0);
    t.match(out, 'balsa-admin restore --dir DIR FILE');
    t.equal(error, '');
  }
  for (const command of ['backup', 'restore', 'verify']) {
    const { status, out } = await admin([command, '--dir', 'x', '--help']);
    t.equal(status, 0);
    t.match(out, `balsa-admin ${command} --`);
  }
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { status, out } = await admin(['--version']);
  t.same([status, out], [0, `balsa-admin ${version}, backup format 1\n`]);
});

t.test('no line of the help is longer than a terminal is wide', async (t) => {
  for (const args of [['--help'], ['backup', '-h'], ['restore', '-h'], ['verify', '-h']]) {
    const { out } = await admin(args);
    for (const line of out.split('\n')) t.ok(line.length <= 106, line);
  }
});

t.test('wrong usage is explained, with exit status 2', async (t) => {
  const cases: readonly [readonly string[], string][] = [
    [[], "balsa-admin: no command; try 'balsa-admin --help'\n"],
    [['burn'], "balsa-admin: unknown command 'burn'; try 'balsa-admin --help'\n"],
    [['backup', 'f'], "backup: --from HOST:PORT is missing; try 'balsa-admin backup --help'\n"],
    [['backup', '--from', 'x:1'], 'no file named'],
    [['backup', '--from', 'x', 'f'], "--from takes HOST:PORT, not 'x'"],
    [['backup', '--form', 'x', 'f'], "unknown option '--form'"],
    [['restore', 'f'], '--dir DIR is missing'],
    [['restore', '--dir', 'd'], 'no file named'],
    [['restore', '--dir', 'd', '--addr', 'nowhere', 'f'], "--addr takes HOST:PORT, not 'nowhere'"],
    [
      ['restore', '--dir', 'd', '/no/such/file'],
      'balsa-admin: restore: /no/such/file: no such file\n',
    ],
    [['verify'], '--dir DIR, or a backup FILE, is missing'],
    [['verify', '--log-filename', 'x', 'f'], '--log-filename goes with --dir'],
    [['verify', '--dir', 'd', 'f'], "unexpected argument 'f'"],
    [
      ['verify', '--dir', 'd', '--log-filename', ''],
      'with an empty --log-filename nothing is on disk',
    ],
    [['verify', '/no/such/file'], 'balsa-admin: verify: /no/such/file: no such file\n'],
    [
      ['verify', '--dir', '/no/such'],
      'there is neither /no/such/redisraft.db nor /no/such/redisraft.db.image',
    ],
    [['verify', '--dir', '/no/', '--log-filename', 'a'], 'there is neither /no/a nor /no/a.image'],
  ];
  for (const [args, text] of cases) {
    const { status, out, error } = await admin(args);
    t.same([status, out], [2, ''], text);
    t.match(error, text);
  }
});

t.test('the executable passes arguments, output and exit status on', async (t) => {
  const program = fileURLToPath(new URL('../../../bin/balsa-admin', import.meta.url));
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  t.match(run('--version'), { status: 0, stdout: /^balsa-admin / });
  const { status, stdout, stderr } = run('verify', '/no/such');
  t.strictSame([status, stdout], [2, '']);
  t.equal(stderr, 'balsa-admin: verify: /no/such: no such file\n');
});
