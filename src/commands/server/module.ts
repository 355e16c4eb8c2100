import type { ContainerCommand, LocalCommand } from '../command.ts';
import { helpCommand } from '../help.ts';

const moduleList: LocalCommand = {
  kind: 'local',
  name: 'module|list',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  group: 'server',
  since: '4.0.0',
  summary: 'Lists loaded modules; there are none, nor can any be loaded.',
  complexity: 'O(1)',
  syntax: '',
  tips: ['nondeterministic_output_order'],
  run: () => [],
};

export const module: ContainerCommand = {
  kind: 'container',
  name: 'module',
  arity: -2,
  flags: [],
  group: 'server',
  since: '4.0.0',
  summary: 'Commands about modules.',
  complexity: 'Depends on the sub-command.',
  syntax: '',
  subcommands: [
    moduleList,
    helpCommand('module', { group: 'server', since: '5.0.0' }, [moduleList]),
  ],
};
