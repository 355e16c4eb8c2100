import { VerbatimReply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import type { LocalCommand } from '../command.ts';

export const info: LocalCommand = {
  kind: 'local',
  name: 'info',
  arity: -1,
  flags: ['loading', 'stale'],
  group: 'server',
  since: '1.0.0',
  summary: 'Tells facts and counters of this node, by section.',
  complexity: 'O(1)',
  syntax: '[section [section ...]]',
  categories: ['dangerous'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  run({ node }, args) {
    const sections = readStrings(args, 1).map((section) => section.toLowerCase());
    return new VerbatimReply('txt', node.info(sections));
  },
};
