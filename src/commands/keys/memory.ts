import { isString, type StringValue, type Value } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, OK, type Reply, VerbatimReply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import {
  type ContainerCommand,
  type DataCommand,
  dataCommand,
  type LocalCommand,
  type RunContext,
} from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { helpCommand } from '../help.ts';
import { memoryAdvice, memoryStatistics } from './memory-report.ts';

/** About what a key takes beside its name and its value: its columns, and its share of the table. */
const KEY_BYTES = 56;
/** The head of a JS string; its chars follow, rounded up to words. */
const STRING_BYTES = 16;
const WORD_BYTES = 8;
const NUMBER_BYTES = 16;
const BIGINT_BYTES = 24;
/** The object of a string that was edited, and that of its bytes outside the heap. */
const RAW_BYTES = 120;
/** Integers of 31 bits stand in the column of values itself. */
const SMALL_INTEGER: number = 2 ** 30;

const DEFAULT_SAMPLES = 5;

interface UsageRequest {
  readonly key: string;
  /** Elements of a collection to look at; 0: all. */
  readonly samples: number;
}

/** `MEMORY USAGE key [SAMPLES n]`. */
function parseUsage(args: Args): UsageRequest | ErrorReply {
  let samples = DEFAULT_SAMPLES;
  for (let i = 3; i < args.count; i += 2) {
    if (!args.is(i, 'SAMPLES') || i + 1 >= args.count) return SYNTAX_ERROR;
    const given = readNumber(args, i + 1);
    if (isError(given)) return given;
    if (given < 0) return SYNTAX_ERROR;
    samples = given;
  }
  return { key: args.string(2), samples };
}

/** Not an access: looking changes nothing. */
function runUsage(context: RunContext, { key, samples }: UsageRequest): Reply {
  const value = context.db.peek(key);
  if (value === undefined) return null;
  return Math.round(KEY_BYTES + textBytes(key.length) + valueBytes(value, samples));
}

function valueBytes(value: Value, samples: number): number {
  return isString(value) ? stringBytes(value) : value.memory(samples);
}

function stringBytes(value: StringValue): number {
  switch (typeof value) {
    case 'number':
      return value >= -SMALL_INTEGER && value < SMALL_INTEGER ? 0 : NUMBER_BYTES;
    case 'bigint':
      return BIGINT_BYTES;
    case 'string':
      return textBytes(value.length);
    default:
      return RAW_BYTES + value.length;
  }
}

function textBytes(length: number): number {
  return STRING_BYTES + Math.ceil(length / WORD_BYTES) * WORD_BYTES;
}

const usage: DataCommand = dataCommand<UsageRequest>({
  name: 'memory|usage',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: [{ first: 2, last: 2, step: 1, access: 'RO' }],
  group: 'server',
  since: '4.0.0',
  summary: 'Returns about how many bytes a key and its value take.',
  complexity: 'O(N) with N samples',
  syntax: 'key [SAMPLES count]',
  parse: parseUsage,
  run: runUsage,
});

function localCommand(
  facts: Pick<LocalCommand, 'name' | 'summary' | 'run'>,
  tips: readonly string[],
): LocalCommand {
  return {
    ...facts,
    kind: 'local',
    arity: 2,
    flags: [],
    group: 'server',
    since: '4.0.0',
    complexity: 'O(N) with N clients',
    syntax: '',
    tips,
  };
}

const SPECIAL: readonly string[] = [
  'nondeterministic_output',
  'request_policy:all_shards',
  'response_policy:special',
];

const doctor: LocalCommand = localCommand(
  {
    name: 'memory|doctor',
    summary: 'Tells what is conspicuous about the memory of this node.',
    run: ({ node }) => new VerbatimReply('txt', memoryAdvice(node.memory())),
  },
  SPECIAL,
);

const mallocStats: LocalCommand = localCommand(
  {
    name: 'memory|malloc-stats',
    summary: 'Tells that there are no statistics of an allocator to show.',
    run: () =>
      new VerbatimReply(
        'txt',
        'The heap is that of V8, which tells no more than MEMORY STATS shows',
      ),
  },
  SPECIAL,
);

/** The heap is handed back by V8 itself; there is nothing to be done. */
const purge: LocalCommand = localCommand(
  {
    name: 'memory|purge',
    summary: 'Does nothing: the heap gives memory back by itself.',
    run: () => OK,
  },
  ['request_policy:all_shards', 'response_policy:all_succeeded'],
);

const stats: LocalCommand = localCommand(
  {
    name: 'memory|stats',
    summary: 'Tells what the memory of this node is used for.',
    run: ({ node }) => memoryStatistics(node.memory()),
  },
  SPECIAL,
);

const subcommands: readonly (DataCommand | LocalCommand)[] = [
  doctor,
  mallocStats,
  purge,
  stats,
  usage,
];

export const memory: ContainerCommand = {
  name: 'memory',
  kind: 'container',
  arity: -2,
  flags: [],
  group: 'server',
  since: '4.0.0',
  summary: 'Holds commands about what takes memory.',
  complexity: 'Depends on the subcommand',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('memory', { group: 'server', since: '4.0.0' }, subcommands),
  ],
};
