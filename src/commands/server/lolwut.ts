import { isError, VerbatimReply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';

const RAFT: readonly string[] = [
  '               |\\',
  '               | \\',
  '               |  \\',
  '               |   \\',
  '               |____\\',
  '               |',
  '  (=============================)',
  '  (=============================)',
  '  (=============================)',
  '~~~~~ ~~~~~~ ~~ ~~~~~~~~ ~~~ ~~~~~~~~',
];

export const lolwut: LocalCommand = {
  kind: 'local',
  name: 'lolwut',
  arity: -1,
  flags: ['readonly', 'fast'],
  group: 'server',
  since: '5.0.0',
  summary: 'Draws a raft, and tells the version.',
  complexity: 'O(1)',
  syntax: '[VERSION version]',
  run({ node }, args) {
    if (args.count > 2 && args.is(1, 'VERSION')) {
      const version = readInteger(args, 2);
      if (isError(version)) return version;
    }
    const lines = [...RAFT, `balsa ver. ${node.version} (Redis ver. ${node.redisVersion})`];
    return new VerbatimReply('txt', `${lines.join('\n')}\n`);
  },
};
