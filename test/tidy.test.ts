import { existsSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { readSourceTree, type SourceFile } from './support/source-tree.ts';
import { LONG_FILES, LONG_FUNCTIONS, TESTS_WITHOUT_A_SOURCE } from './support/tidy-exceptions.ts';

/**
 * The rules of the house that a program can check. What breaks one is listed by file and line; the
 * exceptions stand in `support/tidy-exceptions.ts`, and those about length may only get shorter.
 */
const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 60;
const MAX_LINE = 110;

/** What a room may import besides itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  raft: ['base'],
  resp: ['base'],
  keyspace: ['base'],
  commands: ['base', 'resp', 'keyspace'],
  world: ['base', 'raftlog'],
  config: ['base', 'resp', 'commands'],
  replica: ['base', 'raft', 'resp', 'keyspace', 'commands', 'world', 'raftlog'],
  server: ['base', 'raft', 'resp', 'keyspace', 'commands', 'world', 'raftlog', 'config', 'replica'],
  admin: ['base', 'raft', 'resp', 'keyspace', 'world', 'raftlog', 'config', 'replica'],
  'main.ts': ['base', 'world', 'config', 'server'],
};

/** What a process begins with: they know its arguments and end it. */
const MAINS: readonly string[] = ['src/main.ts', 'src/admin/main.ts'];

/** A tool does one thing after the other, and may wait for it; and it spells dates for people. */
const ADMIN_MAY: readonly string[] = ['Promise', 'await', 'Date'];

const PURE = ['base', 'raft', 'resp', 'keyspace', 'commands'];

/** The store of images; of the second one only its types. */
const WORLD_PACKAGES: readonly string[] = ['level', 'classic-level'];

/** Rooms that go through `world` for all of this. */
const WORLDLY: readonly string[] = [
  ...['Date', 'performance', 'Math.random', 'crypto', 'process', 'console', 'fetch', 'globalThis'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Promise', 'await'],
];

/** Started by name: by files in bin, or by make. */
const ENTRY_POINTS: readonly string[] = [
  ...MAINS,
  'src/admin/describe-entry.ts',
  'src/commands/docs.ts',
  'src/config/docs.ts',
  'raftlog/cli.ts',
  'raftlog/index.ts',
];

const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);

const files = readSourceTree(['src', 'raftlog', 'test', 'bench', 'examples']);
const productive = files.filter((file) => /^(src|raftlog)\//.test(file.path));

/** `base` for `src/base/ids.ts`, `main.ts` for `src/main.ts`, `raftlog`, `test` … for the others. */
function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  return top === 'src' ? second : top;
}

/** One test for each rule: nothing may be found. */
function rule(title: string, find: () => readonly string[]): void {
  t.test(title, (t) => {
    const found = find();
    for (const problem of found) t.fail(problem);
    if (found.length === 0) t.pass(title);
    t.end();
  });
}

rule('rooms import only what is below them', () =>
  productive.flatMap((file) => {
    const room = roomOf(file.path);
    const allowed = room === 'raftlog' ? [] : (ROOMS[room] ?? []);
    return file.importedFiles
      .filter((other) => roomOf(other) !== room && !allowed.includes(roomOf(other)))
      .map((other) => `${file.path} imports ${other}`);
  }),
);

rule('every room of src has its place among the others', () =>
  [...new Set(productive.map((file) => roomOf(file.path)))]
    .filter((room) => room !== 'raftlog' && ROOMS[room] === undefined)
    .map((room) => `src/${room} is not in the list of rooms`),
);

rule('rooms do not import each other in a circle', () => {
  const below = new Map<string, Set<string>>();
  for (const file of productive) {
    const room = roomOf(file.path);
    const set = below.get(room) ?? new Set();
    below.set(room, set);
    for (const other of file.importedFiles) if (roomOf(other) !== room) set.add(roomOf(other));
  }
  const circles: string[] = [];
  const walk = (room: string, way: readonly string[]): void => {
    if (way.includes(room)) circles.push([...way.slice(way.indexOf(room)), room].join(' -> '));
    else for (const next of below.get(room) ?? []) walk(next, [...way, room]);
  };
  for (const room of below.keys()) walk(room, []);
  return [...new Set(circles)];
});

rule('node modules are imported by the log, the world and main only', () =>
  productive
    .filter((file) => !['raftlog', 'world', 'main.ts'].includes(roomOf(file.path)))
    .flatMap((file) =>
      file.imports
        .filter((module) => module.startsWith('node:'))
        .map((module) => `${file.path} imports ${module}`),
    ),
);

rule('pure rooms, the log and the world need no package, but for the store of images', () =>
  productive
    .filter((file) => [...PURE, 'raftlog', 'world'].includes(roomOf(file.path)))
    .flatMap((file) =>
      file.imports
        .filter((module) => !module.startsWith('.') && !module.startsWith('node:'))
        .filter((module) => roomOf(file.path) !== 'world' || !WORLD_PACKAGES.includes(module))
        .map((module) => `${file.path} imports ${module}`),
    ),
);

rule('clock, chance, timers, promises, console and process are left to the world and main', () =>
  productive
    .filter((file) => !['raftlog', 'world'].includes(roomOf(file.path)))
    .filter((file) => !MAINS.includes(file.path))
    .flatMap((file) =>
      file.uses
        .filter(({ name }) => WORLDLY.includes(name))
        .filter(({ name }) => roomOf(file.path) !== 'admin' || !ADMIN_MAY.includes(name))
        .map(({ name, line }) => `${file.path}:${line} uses ${name}`),
    ),
);

rule('only a main ends its process', () =>
  productive
    .filter((file) => !MAINS.includes(file.path))
    .flatMap((file) =>
      file.uses
        .filter(({ name }) => /^process\.(exit|exitCode|abort|kill)$/.test(name))
        .map(({ name, line }) => `${file.path}:${line} uses ${name}`),
    ),
);

rule('files have names in kebab case', () =>
  files
    .map((file) => file.path)
    .filter(
      (file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(file),
    ),
);

rule('tests stand where their sources stand', () =>
  files
    .map((file) => file.path)
    .filter((file) => file.endsWith('.test.ts') && !/^test\/(sim|system)\/|^test\/tidy/.test(file))
    .filter((file) => !TESTS_WITHOUT_A_SOURCE.includes(file))
    .filter((file) => {
      const source = file.replace(/^test\//, '').replace(/\.test\.ts$/, '.ts');
      return !existsSync(path.join('src', source)) && !existsSync(source);
    })
    .map((file) => `${file} has no source of its name`),
);

rule('tests without a source of their name are listed once, and exist', () =>
  TESTS_WITHOUT_A_SOURCE.filter((file) => !existsSync(file)),
);

rule(`files have at most ${MAX_FILE_LINES} lines`, () => [
  ...files
    .map((file) => ({ name: file.path, lines: file.lines.length - 1 }))
    .flatMap((found) => tooLong(found, MAX_FILE_LINES, LONG_FILES)),
  ...Object.keys(LONG_FILES).filter((name) => !existsSync(name)),
]);

rule(`functions have at most ${MAX_FUNCTION_LINES} lines`, () => {
  const found = files.flatMap((file) =>
    file.functions.map(({ name, lines, ownLines }) => ({
      name: `${file.path} ${name}`,
      // A test that groups others is as long as they are together.
      lines: file.path.endsWith('.test.ts') ? ownLines : lines,
    })),
  );
  const names = new Set(found.map(({ name }) => name));
  return [
    ...found.flatMap((one) => tooLong(one, MAX_FUNCTION_LINES, LONG_FUNCTIONS)),
    ...Object.keys(LONG_FUNCTIONS).filter((name) => !names.has(name)),
  ];
});

/** Exceptions are held to the length they have, and end when they are not needed any more. */
function tooLong(
  { name, lines }: { readonly name: string; readonly lines: number },
  ceiling: number,
  exceptions: Readonly<Record<string, number>>,
): string[] {
  const excepted = exceptions[name];
  if (excepted === undefined) return lines > ceiling ? [`${name}: ${lines} lines`] : [];
  if (lines > excepted) return [`${name}: ${lines} lines, more than the ${excepted} it is allowed`];
  return lines <= ceiling ? [`${name}: ${lines} lines need no exception any more`] : [];
}

rule(`lines have at most ${MAX_LINE} characters, but for texts that cannot be broken`, () =>
  files.flatMap((file) =>
    file.lines.flatMap((line, i) =>
      line.length > MAX_LINE && !file.textLines.has(i + 1)
        ? [`${file.path}:${i + 1} has ${line.length} characters`]
        : [],
    ),
  ),
);

rule('exports have names', () =>
  files.filter((file) => file.hasDefaultExport).map((file) => file.path),
);

rule('only the log has a file that re-exports others', () =>
  productive
    .filter((file) => file.isBarrel && file.path !== 'raftlog/index.ts')
    .map((file) => file.path),
);

rule('nothing is marked as unfinished', () =>
  files.flatMap((file) =>
    file.lines.flatMap((line, i) =>
      UNFINISHED.test(line) ? [`${file.path}:${i + 1} ${line}`] : [],
    ),
  ),
);

rule('every source is used by something that is not a test', () =>
  unused(productive, (user) => !user.path.startsWith('test/')),
);

rule('every helper of the tests is used', () =>
  unused(
    files.filter(({ path }) => path.startsWith('test/') && !path.endsWith('.test.ts')),
    () => true,
  ),
);

function unused(of: readonly SourceFile[], counts: (user: SourceFile) => boolean): string[] {
  const used = new Set(files.filter(counts).flatMap((file) => file.importedFiles));
  return of
    .map((file) => file.path)
    .filter((file) => !file.endsWith('.d.ts') && !used.has(file) && !ENTRY_POINTS.includes(file));
}
