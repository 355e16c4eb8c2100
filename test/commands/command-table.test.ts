import t from 'tap';
import type { ContainerCommand, LocalCommand } from '../../src/commands/command.ts';
import { arityError, CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { command } from '../../src/commands/server/command.ts';
import { Args } from '../../src/resp/args.ts';
import { isError } from '../../src/resp/reply.ts';

const table = new CommandTable([...dataCommands, command]);

function resolved(...words: string[]): string {
  const found = table.resolve(Args.of(words));
  return isError(found) ? found.text : found.name;
}

t.test('commands are found in any case and nothing else is', async (t) => {
  for (const known of table.list()) {
    t.equal(table.lookup(Args.of([known.name])), known);
    t.equal(table.lookup(Args.of([known.name.toUpperCase()])), known);
    t.equal(table.get(known.name), known);
  }
  for (const unknown of ['', 'ge', 'gett', 'GE\x14', 'g\xe5t', 'object|encoding', '\x07et']) {
    t.equal(table.lookup(Args.of([unknown])), undefined, unknown);
  }
});

t.test('a command can be looked up at any argument', async (t) => {
  t.equal(table.lookup(Args.of(['RAFT', 'get', 'k']), 1)?.name, 'get');
});

t.test('sub-commands are found by their whole name', async (t) => {
  t.equal(table.get('OBJECT|encoding')?.name, 'object|encoding');
  t.equal(table.get('object|nope'), undefined);
  t.equal(table.get('nope|encoding'), undefined);
  t.equal(table.get('get|encoding'), undefined);
});

t.test('containers resolve to their sub-commands', async (t) => {
  t.equal(resolved('OBJECT', 'Encoding', 'k'), 'object|encoding');
  t.equal(resolved('object', 'help'), 'object|help');
  t.equal(resolved('object'), "ERR wrong number of arguments for 'object' command");
  t.equal(resolved('OBJECT', 'foo'), "ERR unknown subcommand 'foo'. Try OBJECT HELP.");
  t.equal(resolved('command'), 'command');
});

t.test('an unknown command is quoted with its first arguments', async (t) => {
  t.equal(resolved('nope'), "ERR unknown command 'nope', with args beginning with: ");
  t.equal(
    resolved('Nope', 'a', 'b c', ''),
    "ERR unknown command 'Nope', with args beginning with: 'a' 'b c' '' ",
  );
  t.equal(
    resolved('x'.repeat(200), 'y'.repeat(100), 'z'.repeat(100), 'w'),
    `ERR unknown command '${'x'.repeat(128)}', with args beginning with: ` +
      `'${'y'.repeat(100)}' '${'z'.repeat(25)}' `,
  );
  t.equal(resolved('a\0b', 'c\0d'), "ERR unknown command 'a', with args beginning with: 'c' ");
});

t.test('the number of arguments is checked against the arity', async (t) => {
  const get = table.get('get');
  const mget = table.get('mget');
  if (get === undefined || mget === undefined) throw new Error('GET and MGET are there');
  const text = (args: string[], found = get) => arityError(found, Args.of(args))?.text ?? null;
  t.equal(text(['get', 'k']), null);
  t.equal(text(['get']), "ERR wrong number of arguments for 'get' command");
  t.equal(text(['get', 'k', 'l']), "ERR wrong number of arguments for 'get' command");
  t.equal(text(['mget'], mget), "ERR wrong number of arguments for 'mget' command");
  t.equal(text(['mget', 'k', 'l'], mget), null);
});

t.test('the error of a sub-command names it whole', async (t) => {
  const args = Args.of(['object', 'encoding']);
  const found = table.resolve(args);
  if (isError(found)) throw new Error('OBJECT ENCODING is there');
  t.equal(
    arityError(found, args)?.text,
    "ERR wrong number of arguments for 'object|encoding' command",
  );
});

t.test('two commands of one name are a bug', async (t) => {
  t.throws(() => new CommandTable([...dataCommands, ...dataCommands]));
});

t.test('every command is described and agrees with itself', async (t) => {
  const seen = new Set<string>();
  for (const known of table.list()) {
    const all = known.kind === 'container' ? [known, ...known.subcommands] : [known];
    for (const one of all) {
      t.ok(one.summary.endsWith('.'), `${one.name} has a summary`);
      t.ok(one.complexity !== '' && one.since !== '', `${one.name} has facts`);
      if (one.kind === 'write') t.ok(one.flags.includes('write'), `${one.name} is a write`);
      if (one.kind === 'read') t.ok(one.flags.includes('readonly'), `${one.name} is a read`);
      t.notOk(seen.has(one.name));
      seen.add(one.name);
    }
  }
});

t.test('a name alone may be a command of its own', async (t) => {
  const facts = {
    arity: -1,
    flags: [],
    group: 'server',
    since: '1.0.0',
    summary: '',
    complexity: '',
    syntax: '',
  } as const;
  const bare: LocalCommand = { ...facts, name: 'both', kind: 'local', run: () => 1 };
  const both: ContainerCommand = {
    ...facts,
    name: 'both',
    kind: 'container',
    bare,
    subcommands: [],
  };
  t.equal(new CommandTable([both]).resolve(Args.of(['BOTH'])), bare);
});
