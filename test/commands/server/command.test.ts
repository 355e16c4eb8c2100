import t from 'tap';
import { CommandTable } from '../../../src/commands/command-table.ts';
import { dataCommands } from '../../../src/commands/data-commands.ts';
import type { LocalContext } from '../../../src/commands/local.ts';
import { command } from '../../../src/commands/server/command.ts';
import { Args } from '../../../src/resp/args.ts';
import { isError, type Reply } from '../../../src/resp/reply.ts';
import { plain } from '../harness.ts';

const table = new CommandTable([...dataCommands, command]);
/** The commands here look at the table and nothing else. */
const context = { table } as unknown as LocalContext;

function call(...words: string[]): unknown {
  const args = Args.of(words);
  const found = table.resolve(args);
  if (isError(found)) return plain(found);
  if (found.kind !== 'local') throw new Error(`${found.name} is not local`);
  return plain(found.run(context, args) as Reply);
}

t.test('COMMAND describes every command', async (t) => {
  const reply = call('COMMAND') as unknown[][];
  t.equal(reply.length, table.list().length);
  t.same(call('COMMAND', 'COUNT'), table.list().length);
  t.same(call('COMMAND', 'INFO'), reply);
  t.equal(reply[0]?.length, 10);
});

t.test('COMMAND INFO tells ten facts, and null of what it does not know', async (t) => {
  t.same(call('COMMAND', 'INFO', 'GET', 'nope'), [
    [
      'get',
      2,
      ['readonly', 'fast'],
      1,
      1,
      1,
      ['@read', '@fast', '@string'],
      [],
      [
        [
          'flags',
          ['RO', 'access'],
          'begin_search',
          ['type', 'index', 'spec', ['index', 1]],
          'find_keys',
          ['type', 'range', 'spec', ['lastkey', 0, 'keystep', 1, 'limit', 0]],
        ],
      ],
      [],
    ],
    null,
  ]);
});

t.test('COMMAND INFO lists sub-commands in their container', async (t) => {
  const [reply] = call('COMMAND', 'INFO', 'object') as unknown[][][][];
  const names = ((reply ?? [])[9] ?? []).map(([name]) => name);
  t.same(names.sort(), [
    'object|encoding',
    'object|freq',
    'object|help',
    'object|idletime',
    'object|refcount',
  ]);
});

t.test('COMMAND DOCS describes in words', async (t) => {
  const [name, docs] = call('COMMAND', 'DOCS', 'getset', 'nope') as [string, unknown[]];
  t.equal(name, 'getset');
  const fields = new Map<unknown, unknown>();
  for (let i = 0; i < docs.length; i += 2) fields.set(docs[i], docs[i + 1]);
  t.equal(fields.get('group'), 'string');
  t.equal(fields.get('since'), '1.0.0');
  t.same(fields.get('doc_flags'), ['deprecated']);
  t.equal(fields.get('deprecated_since'), '6.2.0');
  t.equal((call('COMMAND', 'DOCS') as unknown[]).length, 2 * table.list().length);
});

t.test('COMMAND GETKEYS and GETKEYSANDFLAGS find the keys of a command', async (t) => {
  t.same(call('COMMAND', 'GETKEYS', 'mset', 'a', '1', 'b', '2'), ['a', 'b']);
  t.same(call('COMMAND', 'GETKEYS', 'OBJECT', 'ENCODING', 'k'), ['k']);
  t.same(call('COMMAND', 'GETKEYSANDFLAGS', 'copy', 'a', 'b'), [
    ['a', ['RO', 'access']],
    ['b', ['OW', 'update']],
  ]);
});

t.test('COMMAND GETKEYS finds keys behind keywords, counts and options', async (t) => {
  const keys = (...words: string[]) => call('COMMAND', 'GETKEYS', ...words);
  t.same(keys('XREAD', 'COUNT', '1', 'STREAMS', 'a', 'b', '0', '0'), ['a', 'b']);
  t.same(keys('ZUNIONSTORE', 'to', '2', 'a', 'b', 'WEIGHTS', '1', '2'), ['to', 'a', 'b']);
  t.same(keys('SORT', 'k', 'BY', 'w_*', 'STORE', 'to'), ['k', 'to']);
  t.same(keys('LMPOP', '1', 'k', 'LEFT'), ['k']);
});

t.test('COMMAND GETKEYS refuses arguments that a key spec does not fit', async (t) => {
  const invalid = { error: 'ERR Invalid arguments specified for command' };
  t.same(call('COMMAND', 'GETKEYS', 'PFMERGE', 'to'), invalid);
  t.same(call('COMMAND', 'GETKEYS', 'ZUNIONSTORE', 'to', '3', 'a', 'b'), invalid);
  t.same(call('COMMAND', 'GETKEYSANDFLAGS', 'ZUNIONSTORE', 'to', 'x', 'a'), invalid);
});

t.test('COMMAND GETKEYSANDFLAGS tells what these options do', async (t) => {
  const flags = (...words: string[]) => call('COMMAND', 'GETKEYSANDFLAGS', ...words);
  t.same(flags('SET', 'k', 'v'), [['k', ['OW', 'update']]]);
  t.same(flags('SET', 'k', 'v', 'get'), [['k', ['RW', 'access', 'update']]]);
  t.same(flags('SORT', 'k', 'GET', '*', 'STORE', 'to'), [
    ['k', ['RO', 'access']],
    ['to', ['OW', 'update']],
  ]);
});

t.test('COMMAND GETKEYS refuses what has no keys', async (t) => {
  t.same(call('COMMAND', 'GETKEYS', 'nope', 'a'), { error: 'ERR Invalid command specified' });
  t.same(call('COMMAND', 'GETKEYS', 'dbsize'), {
    error: 'ERR The command has no key arguments',
  });
  t.same(call('COMMAND', 'GETKEYS', 'get', 'a', 'b'), {
    error: 'ERR Invalid number of arguments specified for command',
  });
});

t.test('COMMAND LIST names commands, filtered if wanted', async (t) => {
  const all = call('COMMAND', 'LIST') as string[];
  t.ok(all.includes('get') && all.includes('object|encoding'));
  t.same(call('COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'GETE*'), ['getex']);
  const dangerous = call('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'dangerous') as string[];
  t.ok(dangerous.includes('flushall') && dangerous.includes('keys'));
  t.notOk(dangerous.includes('get'));
  t.same(call('COMMAND', 'LIST', 'FILTERBY', 'MODULE', 'x'), []);
  t.same(call('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'nope'), []);
  t.same(call('COMMAND', 'LIST', 'FILTERBY', 'foo', 'x'), { error: 'ERR syntax error' });
  t.same(call('COMMAND', 'LIST', 'foo'), { error: 'ERR syntax error' });
});

t.test('HELP lists the sub-commands with a line about each', async (t) => {
  const lines = call('COMMAND', 'HELP') as string[];
  t.match(lines[0], /^COMMAND <subcommand>/);
  t.ok(lines.includes('COUNT'));
  t.ok((call('OBJECT', 'HELP') as string[]).includes('ENCODING key'));
});
