import { NULL_ARRAY } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { blockingForm, blockingPop } from '../blocking.ts';
import type { DataCommand } from '../command.ts';
import { lmove, rpoplpush } from './move.ts';
import { lmpop, lpop, rpop } from './pop.ts';

function popCommand(name: 'blpop' | 'brpop', pop: DataCommand, end: string): DataCommand {
  return blockingPop({
    facts: {
      name,
      arity: -3,
      flags: ['write', 'noscript', 'blocking'],
      keys: [{ first: 1, last: -2, step: 1, access: 'RW', effects: ['access', 'delete'] }],
      group: 'list',
      since: '2.0.0',
      summary: `Removes the ${end} element of the first list that has one; waits until one has.`,
      complexity: 'O(N) for N keys',
      syntax: 'key [key ...] timeout',
    },
    type: 'list',
    pop,
    reply: (key, popped) => [key, popped],
  });
}

export const blpop: DataCommand = popCommand('blpop', lpop, 'first');
export const brpop: DataCommand = popCommand('brpop', rpop, 'last');

export const blmove: DataCommand = blockingForm({
  facts: {
    ...lmove,
    name: 'blmove',
    arity: 6,
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    summary:
      'Moves an element from an end of a list to an end of another; waits until there is one.',
    syntax: 'source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout',
  },
  type: 'list',
  of: lmove,
  timeoutAt: 'last',
  empty: null,
  keys: (args) => [args.string(1)],
});

export const brpoplpush: DataCommand = blockingForm({
  facts: {
    ...rpoplpush,
    name: 'brpoplpush',
    arity: 4,
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    since: '2.2.0',
    summary: 'Moves the last element of a list to the head of another; waits until there is one.',
    syntax: 'source destination timeout',
    deprecated: { since: '6.2.0', instead: '`BLMOVE` with the arguments `RIGHT` and `LEFT`' },
  },
  type: 'list',
  of: rpoplpush,
  timeoutAt: 'last',
  empty: null,
  keys: (args) => [args.string(1)],
});

export const blmpop: DataCommand = blockingForm({
  facts: {
    ...lmpop,
    name: 'blmpop',
    arity: -5,
    flags: ['write', 'blocking', 'movablekeys'],
    keys: [{ countAt: 2, first: 3, step: 1, access: 'RW', effects: ['access', 'delete'] }],
    summary: 'Removes elements of the first list that has any; waits until one has.',
    syntax: 'timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]',
  },
  type: 'list',
  of: lmpop,
  timeoutAt: 'first',
  empty: NULL_ARRAY,
  keys: (args) => readStrings(args, 2).slice(0, Number(args.string(1))),
});
