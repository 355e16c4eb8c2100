import { MapReply, OK } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import type { CommandFlag, ContainerCommand, LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { helpCommand } from '../help.ts';

const FLAGS: readonly CommandFlag[] = ['admin', 'noscript', 'loading', 'stale'];

const configGet: LocalCommand = {
  kind: 'local',
  name: 'config|get',
  arity: -3,
  flags: FLAGS,
  group: 'server',
  since: '2.0.0',
  summary: 'Tells the parameters of this node whose names match one of the patterns.',
  complexity: 'O(N) with N patterns',
  syntax: 'parameter [parameter ...]',
  run: ({ node }, args) => new MapReply(node.configGet(readStrings(args, 2))),
};

/** All of the pairs take effect, or none. */
const configSet: LocalCommand = {
  kind: 'local',
  name: 'config|set',
  arity: -4,
  flags: FLAGS,
  group: 'server',
  since: '2.0.0',
  summary: 'Changes parameters of this node.',
  complexity: 'O(N) with N parameters',
  syntax: 'parameter value [parameter value ...]',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run({ node }, args) {
    if (args.count % 2 !== 0) return SYNTAX_ERROR;
    const pairs: (readonly [string, string])[] = [];
    for (let i = 2; i < args.count; i += 2) pairs.push([args.string(i), args.string(i + 1)]);
    return node.configSet(pairs) ?? OK;
  },
};

const configResetStat: LocalCommand = {
  kind: 'local',
  name: 'config|resetstat',
  arity: 2,
  flags: FLAGS,
  group: 'server',
  since: '2.0.0',
  summary: 'Sets the counters of INFO back to zero.',
  complexity: 'O(1)',
  syntax: '',
  run({ node }) {
    node.resetStatistics();
    return OK;
  },
};

const configRewrite: LocalCommand = {
  kind: 'local',
  name: 'config|rewrite',
  arity: 2,
  flags: FLAGS,
  group: 'server',
  since: '2.8.0',
  summary: 'Writes the parameters in effect to the configuration file.',
  complexity: 'O(1)',
  syntax: '',
  run: ({ node }) => node.configRewrite() ?? OK,
};

const subcommands: readonly LocalCommand[] = [configGet, configResetStat, configRewrite, configSet];

export const config: ContainerCommand = {
  kind: 'container',
  name: 'config',
  arity: -2,
  flags: [],
  group: 'server',
  since: '2.0.0',
  summary: 'Commands about the configuration of this node.',
  complexity: 'Depends on the sub-command.',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('config', { group: 'server', since: '5.0.0' }, subcommands),
  ],
};
