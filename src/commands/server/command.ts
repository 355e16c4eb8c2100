import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, MapReply, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { aclCategories } from '../categories.ts';
import type { Command, CommandFlag, ContainerCommand, LocalCommand } from '../command.ts';
import { arityError } from '../command-table.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { globMatches } from '../glob.ts';
import { helpCommand } from '../help.ts';
import { keyUses } from '../key-positions.ts';
import type { LocalContext } from '../local.ts';
import { docsReply, infoReply, keyFlagsReply } from './command-reply.ts';
import { accessOf } from './variable-keys.ts';

const INVALID_COMMAND: ErrorReply = new ErrorReply('ERR Invalid command specified');
const NO_KEYS: ErrorReply = new ErrorReply('ERR The command has no key arguments');
const INVALID_COUNT: ErrorReply = new ErrorReply(
  'ERR Invalid number of arguments specified for command',
);
const INVALID_ARGUMENTS: ErrorReply = new ErrorReply('ERR Invalid arguments specified for command');

function runBare(context: LocalContext): Reply {
  return context.table.list().map(infoReply);
}

function runCount(context: LocalContext): Reply {
  return context.table.list().length;
}

function runInfo(context: LocalContext, args: Args): Reply {
  if (args.count === 2) return runBare(context);
  return readStrings(args, 2).map((name) => {
    const command = context.table.get(name);
    return command === undefined ? NULL_ARRAY : infoReply(command);
  });
}

function runDocs(context: LocalContext, args: Args): Reply {
  const { table } = context;
  const names = args.count === 2 ? table.list().map(({ name }) => name) : readStrings(args, 2);
  const pairs: [Reply, Reply][] = [];
  for (const name of names) {
    const command = table.get(name);
    if (command !== undefined) pairs.push([command.name, docsReply(command)]);
  }
  return new MapReply(pairs);
}

interface Example {
  readonly command: Command;
  readonly args: Args;
}

/** The command that the arguments from the third on are an example of. It has keys. */
function readExample(context: LocalContext, args: Args): Example | ErrorReply {
  const example = args.rest(2);
  const command = context.table.resolve(example);
  if (isError(command)) return INVALID_COMMAND;
  if (command.keys === undefined) return NO_KEYS;
  if (arityError(command, example) !== null) return INVALID_COUNT;
  return { command, args: example };
}

function runGetkeys(context: LocalContext, args: Args): Reply {
  const example = readExample(context, args);
  if (isError(example)) return example;
  const uses = keyUses(example.command, example.args);
  if (uses.length === 0) return INVALID_ARGUMENTS;
  return uses.map(({ position }) => example.args.string(position));
}

function runGetkeysandflags(context: LocalContext, args: Args): Reply {
  const example = readExample(context, args);
  if (isError(example)) return example;
  const uses = keyUses(example.command, example.args);
  if (uses.length === 0) return INVALID_ARGUMENTS;
  return uses.map(({ position, spec }) => {
    const access = spec.variable === true ? accessOf(example.command.name, example.args) : null;
    return [example.args.string(position), keyFlagsReply(access ?? spec)];
  });
}

/** `COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern]`. */
function runList(context: LocalContext, args: Args): Reply {
  if (args.count === 2) return namesOf(context, () => true);
  if (args.count !== 5 || !args.is(2, 'FILTERBY')) return SYNTAX_ERROR;
  const wanted = args.string(4).toLowerCase();
  if (args.is(3, 'MODULE')) return [];
  if (args.is(3, 'ACLCAT')) {
    return namesOf(context, (command) => aclCategories(command).includes(wanted));
  }
  if (!args.is(3, 'PATTERN')) return SYNTAX_ERROR;
  return namesOf(context, ({ name }) => globMatches(wanted, name));
}

/** Names of the commands and sub-commands that pass. */
function namesOf(context: LocalContext, passes: (command: Command) => boolean): Reply {
  const names: string[] = [];
  for (const command of context.table.list()) {
    if (passes(command)) names.push(command.name);
    if (command.kind !== 'container') continue;
    for (const sub of command.subcommands) if (passes(sub)) names.push(sub.name);
  }
  return names;
}

const FLAGS: readonly CommandFlag[] = ['loading', 'stale'];
const UNORDERED: readonly string[] = ['nondeterministic_output_order'];

function subcommand(
  facts: Pick<
    LocalCommand,
    'name' | 'arity' | 'since' | 'summary' | 'complexity' | 'syntax' | 'tips' | 'run'
  >,
): LocalCommand {
  return { ...facts, kind: 'local', flags: FLAGS, group: 'server', categories: ['connection'] };
}

const bare: LocalCommand = subcommand({
  name: 'command',
  arity: -1,
  since: '2.8.13',
  summary: 'Returns details about all commands.',
  complexity: 'O(N) for N commands',
  syntax: '',
  tips: UNORDERED,
  run: runBare,
});

const subcommands: readonly LocalCommand[] = [
  subcommand({
    name: 'command|count',
    arity: 2,
    since: '2.8.13',
    summary: 'Returns the number of commands.',
    complexity: 'O(1)',
    syntax: '',
    run: runCount,
  }),
  subcommand({
    name: 'command|docs',
    arity: -2,
    since: '7.0.0',
    summary: 'Returns documentation about some commands, or about all.',
    complexity: 'O(N) for N commands',
    syntax: '[command-name [command-name ...]]',
    tips: UNORDERED,
    run: runDocs,
  }),
  subcommand({
    name: 'command|getkeys',
    arity: -3,
    since: '2.8.13',
    summary: 'Returns the keys that a whole command names.',
    complexity: 'O(N) for N arguments',
    syntax: 'command [arg [arg ...]]',
    run: runGetkeys,
  }),
  subcommand({
    name: 'command|getkeysandflags',
    arity: -3,
    since: '7.0.0',
    summary: 'Returns the keys that a whole command names, and what it does to them.',
    complexity: 'O(N) for N arguments',
    syntax: 'command [arg [arg ...]]',
    run: runGetkeysandflags,
  }),
  subcommand({
    name: 'command|info',
    arity: -2,
    since: '2.8.13',
    summary: 'Returns details about some commands, or about all.',
    complexity: 'O(N) for N commands',
    syntax: '[command-name [command-name ...]]',
    tips: UNORDERED,
    run: runInfo,
  }),
  subcommand({
    name: 'command|list',
    arity: -2,
    since: '7.0.0',
    summary: 'Returns the names of all commands, or of those that pass a filter.',
    complexity: 'O(N) for N commands',
    syntax: '[FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]',
    tips: UNORDERED,
    run: runList,
  }),
];

export const command: ContainerCommand = {
  name: 'command',
  kind: 'container',
  arity: -1,
  flags: FLAGS,
  group: 'server',
  since: '2.8.13',
  summary: bare.summary,
  complexity: bare.complexity,
  syntax: '',
  categories: ['connection'],
  tips: UNORDERED,
  bare,
  subcommands: [
    ...subcommands,
    helpCommand(
      'command',
      { group: 'server', since: '5.0.0', categories: ['connection'] },
      subcommands,
    ),
  ],
};
