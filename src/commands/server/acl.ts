import { ErrorReply, type Reply } from '../../resp/reply.ts';
import { aclCategories } from '../categories.ts';
import type { Command, CommandFlag, ContainerCommand, LocalCommand } from '../command.ts';
import type { CommandTable } from '../command-table.ts';
import { helpCommand } from '../help.ts';

const FLAGS: readonly CommandFlag[] = ['noscript', 'loading', 'stale'];

/** In the order in which Redis lists them. */
const CATEGORIES: readonly string[] = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
];

const aclCat: LocalCommand = {
  kind: 'local',
  name: 'acl|cat',
  arity: -2,
  flags: FLAGS,
  group: 'server',
  since: '6.0.0',
  summary: 'Lists the categories of commands, or the commands of one.',
  complexity: 'O(N) with N commands',
  syntax: '[category]',
  run({ table }, args) {
    if (args.count > 3) {
      const name = args.string(1);
      return new ErrorReply(
        `ERR unknown subcommand or wrong number of arguments for '${name}'. Try ACL HELP.`,
      );
    }
    if (args.count === 2) return CATEGORIES;
    const category = args.string(2).toLowerCase();
    if (!CATEGORIES.includes(category)) {
      return new ErrorReply(`ERR Unknown category '${args.string(2)}'`);
    }
    return commandsIn(table, category);
  },
};

function commandsIn(table: CommandTable, category: string): Reply {
  const names: string[] = [];
  const add = (command: Command): void => {
    if (aclCategories(command).includes(category)) names.push(command.name);
    if (command.kind === 'container') command.subcommands.forEach(add);
  };
  table.list().forEach(add);
  return names;
}

const aclUsers: LocalCommand = {
  kind: 'local',
  name: 'acl|users',
  arity: 2,
  flags: ['admin', ...FLAGS],
  group: 'server',
  since: '6.0.0',
  summary: 'Lists the users; there is one.',
  complexity: 'O(N) with N users',
  syntax: '',
  run: ({ session }) => [session.user],
};

const aclWhoAmI: LocalCommand = {
  kind: 'local',
  name: 'acl|whoami',
  arity: 2,
  flags: FLAGS,
  group: 'server',
  since: '6.0.0',
  summary: 'Tells the user of this connection.',
  complexity: 'O(1)',
  syntax: '',
  run: ({ session }) => session.user,
};

const subcommands: readonly LocalCommand[] = [aclCat, aclUsers, aclWhoAmI];

export const acl: ContainerCommand = {
  kind: 'container',
  name: 'acl',
  arity: -2,
  flags: [],
  group: 'server',
  since: '6.0.0',
  summary: 'Commands about users and what they may do.',
  complexity: 'Depends on the sub-command.',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('acl', { group: 'server', since: '6.0.0' }, subcommands),
  ],
};
