import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { type CliOptions, runCli } from '../../raftlog/cli.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { appendNow, closeNow, newLog, PATH } from './log-fixture.ts';

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

function run(
  args: readonly string[],
  files: FaultyFiles = sample(),
  options: CliOptions = {},
): Ran {
  let out = '';
  let error = '';
  const output = {
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
  };
  return { status: runCli(args, output, { files, ...options }), out, error };
}

function sample(): FaultyFiles {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 1, texts: ['one', 'two\r\n', 'gone'] });
  appendNow(files, log, { term: 2, vote: 7, first: 3, texts: ['y'.repeat(100)] });
  closeNow(files, log);
  return files;
}

t.test('dump prints the entries that are in the log', async (t) => {
  const { status, out, error } = run(['dump', PATH]);
  t.equal(status, 0);
  t.equal(error, '');
  t.strictSame(out.split('\n'), [
    '1 1 1 192 3 one',
    '2 1 1 227 5 two\\x0d\\x0a',
    `3 2 1 364 100 ${'y'.repeat(64)}...`,
    '',
  ]);
});

t.test('dump takes a first index and a count', async (t) => {
  t.equal(run(['dump', PATH, '--from', '2', '--count', '1']).out, '2 1 1 227 5 two\\x0d\\x0a\n');
  t.equal(run(['dump', PATH, '--from', '2', '--to', '2']).out, '2 1 1 227 5 two\\x0d\\x0a\n');
  t.equal(run(['dump', '--to', '1', PATH]).out, '1 1 1 192 3 one\n', 'the file may come last');
  t.same(run(['dump', PATH, '--count', '0']), { status: 0, out: '', error: '' });
});

t.test('dump says which entries there are if none was asked for', async (t) => {
  t.same(run(['dump', PATH, '--from', '9']), {
    status: 0,
    out: '',
    error: `raftlog: ${PATH}: nothing to show, the log has entries 1 to 3\n`,
  });
  const files = new FaultyFiles();
  closeNow(files, newLog(files));
  t.match(run(['dump', PATH], files).error, 'nothing to show, the log has no entries');
});

t.test('dump shows entries in the words of who knows them', async (t) => {
  const describer = {
    help: 'its length.\n',
    describe: (kind: number, payload: Buffer): string => `kind ${kind}, ${payload.length} long`,
  };
  const { out } = run(['dump', PATH, '--to', '1'], sample(), { describer });
  t.equal(out, '1 1 1 192 3 kind 1, 3 long\n');
  t.match(run(['--help'], sample(), { describer }).out, / and\nits length\.\n\nExit status/);
});

t.test('verify says that all is well', async (t) => {
  const { status, out } = run(['verify', PATH]);
  t.equal(status, 0);
  t.equal(out, `${PATH}: ok, 3 entries in 2 batches, index complete\n`);
});

t.test('stat shows the numbers of the log', async (t) => {
  const { status, out } = run(['stat', PATH]);
  t.equal(status, 0);
  t.match(out, /^cluster id +cluster-1$/m);
  t.match(out, /^last index +3$/m);
  t.match(out, /^term +2$/m);
  t.match(out, /^vote +7$/m);
  t.match(out, /^recovery +R7, the log ends cleanly$/m);
});

t.test('a damaged log is named with offset and index, with exit status 1', async (t) => {
  const files = sample();
  const bytes = files.bytes(PATH);
  bytes[192 + 33] = 0;
  files.put(PATH, bytes);
  for (const command of ['dump', 'verify', 'stat']) {
    const { status, error } = run([command, PATH], files);
    t.equal(status, 1);
    t.match(error, /raft\.log: .*\(R16\).* at offset 192, index 1; a later batch says/);
  }
});

t.test('a torn tail is reported and is no damage', async (t) => {
  const files = sample();
  files.put(PATH, Buffer.concat([files.bytes(PATH), Buffer.from('torn')]));
  const { status, out, error } = run(['verify', PATH], files);
  t.equal(status, 0);
  t.match(error, /4 bytes from offset \d+ will be cut at the next start/);
  t.match(out, /: ok, 3 entries/);
});

t.test('what is not a log has exit status 1', async (t) => {
  const files = new FaultyFiles();
  files.put(PATH, Buffer.from('hello, I am a text'));
  t.match(run(['stat', PATH], files), { status: 1, error: /not a log \(R4\)/ });
});

t.test('wrong usage is explained, with exit status 2', async (t) => {
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /no command; try 'raftlog --help'/],
    [['burn', PATH], /unknown command 'burn'/],
    [['dump'], /no file named/],
    [['dump', '--from', '3'], /no file named/],
    [['dump', PATH, '--form', '3'], /unexpected argument '--form'/],
    [['dump', PATH, '--from', 'x'], /--from takes a whole number, not 'x'/],
    [['dump', PATH, '--from'], /--from takes a whole number/],
    [['dump', PATH, PATH], /unexpected argument/],
    [['dump', PATH, '--from', '5', '--to', '3'], /--to 3 comes before --from 5/],
    [['stat', PATH, '--from', '1'], /unexpected argument '--from'/],
    [['stat', '/data/other.log'], /no such file/],
  ];
  for (const [args, error] of cases) t.match(run(args), { status: 2, out: '', error });
});

t.test('--help and --version answer on the standard output', async (t) => {
  t.match(run(['--help']), { status: 0, out: /raftlog dump FILE/, error: '' });
  t.match(run(['dump', '--help']), { status: 0, out: /raftlog dump FILE/, error: '' });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  t.match(run(['--version']), { status: 0, out: `raftlog ${version}, format 1\n` });
});

t.test('looking into a log does not change its files', async (t) => {
  const files = sample();
  const before = [files.bytes(PATH), files.bytes(`${PATH}.idx`)];
  const { operations } = files;
  for (const command of ['dump', 'verify', 'stat']) run([command, PATH], files);
  t.equal(files.operations, operations);
  t.strictSame([files.bytes(PATH), files.bytes(`${PATH}.idx`)], before);
});

t.test('the executable passes arguments, output and exit status on', async (t) => {
  const program = fileURLToPath(new URL('../../../bin/raftlog', import.meta.url));
  t.ok(existsSync(program));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'stat', '/no/such'], {
    encoding: 'utf8',
  });
  t.strictSame([status, stdout], [2, '']);
  t.match(stderr, 'raftlog: /no/such: no such file');
});
