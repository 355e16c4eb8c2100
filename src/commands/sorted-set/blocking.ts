import { NULL_ARRAY } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { blockingForm, blockingPop } from '../blocking.ts';
import type { DataCommand } from '../command.ts';
import { zmpop, zpopmax, zpopmin } from './zpop.ts';

function popCommand(name: 'bzpopmin' | 'bzpopmax', pop: DataCommand, which: string): DataCommand {
  return blockingPop({
    facts: {
      name,
      arity: -3,
      flags: ['write', 'noscript', 'blocking', 'fast'],
      keys: [{ first: 1, last: -2, step: 1, access: 'RW', effects: ['access', 'delete'] }],
      group: 'sorted-set',
      since: '5.0.0',
      summary: `Removes the member with the ${which} score of the first sorted set that has any; waits until one has.`,
      complexity: 'O(log(N)) for N members',
      syntax: 'key [key ...] timeout',
    },
    type: 'zset',
    pop,
    reply: (key, popped) => (Array.isArray(popped) ? [key, ...popped] : popped),
  });
}

export const bzpopmin: DataCommand = popCommand('bzpopmin', zpopmin, 'lowest');
export const bzpopmax: DataCommand = popCommand('bzpopmax', zpopmax, 'highest');

export const bzmpop: DataCommand = blockingForm({
  facts: {
    ...zmpop,
    name: 'bzmpop',
    arity: -5,
    flags: ['write', 'blocking', 'movablekeys'],
    keys: [{ countAt: 2, first: 3, step: 1, access: 'RW', effects: ['access', 'delete'] }],
    summary: 'Removes members of the first sorted set that has any; waits until one has.',
    syntax: 'timeout numkeys key [key ...] <MIN | MAX> [COUNT count]',
  },
  type: 'zset',
  of: zmpop,
  timeoutAt: 'first',
  empty: NULL_ARRAY,
  keys: (args) => readStrings(args, 2).slice(0, Number(args.string(1))),
});
