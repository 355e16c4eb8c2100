import type { Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';

const NO_KEY = -2;
const NO_DEADLINE = -1;

/** What a command of this family makes of a deadline. */
type Answer = (deadline: number, now: number) => number;

function runTtl(context: RunContext, key: string, answer: Answer): Reply {
  const deadline = context.db.deadline(key);
  if (deadline !== undefined) return answer(deadline, context.now);
  return context.db.has(key) ? NO_DEADLINE : NO_KEY;
}

function left(deadline: number, now: number): number {
  return Math.max(0, deadline - now);
}

function toSeconds(milliseconds: number): number {
  return Math.floor((milliseconds + 500) / 1000);
}

const LOOKED_AT: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

function ttlCommand(
  facts: Pick<DataCommand, 'name' | 'since' | 'summary' | 'tips'>,
  answer: Answer,
): DataCommand {
  return dataCommand<string>({
    ...facts,
    kind: 'read',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: LOOKED_AT,
    group: 'generic',
    complexity: 'O(1)',
    syntax: 'key',
    parse: (args) => args.string(1),
    run: (context, key) => runTtl(context, key, answer),
  });
}

export const ttl: DataCommand = ttlCommand(
  {
    name: 'ttl',
    since: '1.0.0',
    summary: 'Returns the seconds a key has left, -1 if it stays, -2 if it does not exist.',
    tips: ['nondeterministic_output'],
  },
  (deadline, now) => toSeconds(left(deadline, now)),
);

export const pttl: DataCommand = ttlCommand(
  {
    name: 'pttl',
    since: '2.6.0',
    summary: 'Returns the milliseconds a key has left, -1 if it stays, -2 if it does not exist.',
    tips: ['nondeterministic_output'],
  },
  left,
);

export const expiretime: DataCommand = ttlCommand(
  {
    name: 'expiretime',
    since: '7.0.0',
    summary: 'Returns the Unix time, in seconds, at which a key goes; -1 and -2 as for TTL.',
  },
  toSeconds,
);

export const pexpiretime: DataCommand = ttlCommand(
  {
    name: 'pexpiretime',
    since: '7.0.0',
    summary: 'Returns the Unix time, in milliseconds, at which a key goes; -1 and -2 as for TTL.',
  },
  (deadline) => deadline,
);

export const persist: DataCommand = dataCommand<string>({
  name: 'persist',
  kind: 'write',
  arity: 2,
  flags: ['write', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'generic',
  since: '2.2.0',
  summary: 'Takes the time to live of a key away, so that it stays.',
  complexity: 'O(log N) for N keys with a deadline',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: (context, key) => (context.db.persist(key) ? 1 : 0),
});
