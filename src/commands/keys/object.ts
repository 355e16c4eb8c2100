import { encodingOf, type Value } from '../../keyspace/value.ts';
import { ErrorReply, type Reply } from '../../resp/reply.ts';
import {
  type ContainerCommand,
  type DataCommand,
  dataCommand,
  type KeySpec,
  type RunContext,
} from '../command.ts';
import { helpCommand } from '../help.ts';

const NO_LFU: ErrorReply = new ErrorReply(
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that ' +
    'when switching between policies at runtime LRU and LFU data will take some time to adjust.',
);

/** Redis shares one object between all small integers and shows this as their count. */
const SHARED_REFERENCES = 2147483647;
const SHARED_INTEGERS = 10000;

function runRefcount(value: Value): Reply {
  const shared = typeof value === 'number' && value >= 0 && value < SHARED_INTEGERS;
  return shared ? SHARED_REFERENCES : 1;
}

function runIdletime(context: RunContext, key: string): Reply {
  return context.db.idleSeconds(key, context.now) ?? null;
}

const LOOKED_AT: readonly KeySpec[] = [{ first: 2, last: 2, step: 1, access: 'RO' }];

function subcommand(
  facts: Pick<DataCommand, 'name' | 'since' | 'summary'>,
  run: (context: RunContext, key: string) => Reply,
): DataCommand {
  return dataCommand<string>({
    ...facts,
    kind: 'read',
    arity: 3,
    flags: ['readonly'],
    keys: LOOKED_AT,
    group: 'generic',
    complexity: 'O(1)',
    syntax: 'key',
    tips: ['nondeterministic_output'],
    parse: (args) => args.string(2),
    run,
  });
}

/** Looks a key up without counting that as an access. */
function withValue(answer: (value: Value) => Reply): (context: RunContext, key: string) => Reply {
  return (context, key) => {
    const value = context.db.peek(key);
    return value === undefined ? null : answer(value);
  };
}

const encoding: DataCommand = subcommand(
  {
    name: 'object|encoding',
    since: '2.2.3',
    summary: 'Returns the inner form of the value of a key.',
  },
  withValue(encodingOf),
);

const freq: DataCommand = subcommand(
  {
    name: 'object|freq',
    since: '4.0.0',
    summary: 'Returns how often a key is used, which only an LFU policy would count.',
  },
  withValue(() => NO_LFU),
);

const idletime: DataCommand = subcommand(
  {
    name: 'object|idletime',
    since: '2.2.3',
    summary: 'Returns the seconds since a key was last read or written.',
  },
  runIdletime,
);

const refcount: DataCommand = subcommand(
  {
    name: 'object|refcount',
    since: '2.2.3',
    summary: 'Returns the number of references to the value of a key.',
  },
  withValue(runRefcount),
);

const subcommands: readonly DataCommand[] = [encoding, freq, idletime, refcount];

export const object: ContainerCommand = {
  name: 'object',
  kind: 'container',
  arity: -2,
  flags: [],
  group: 'generic',
  since: '2.2.3',
  summary: 'Holds commands that look into the value of a key.',
  complexity: 'Depends on the subcommand',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('object', { group: 'generic', since: '6.2.0' }, subcommands),
  ],
};
