import type { Stream } from '../../keyspace/stream.ts';
import { type ConsumerGroup, UNKNOWN_READ } from '../../keyspace/stream-group.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, MapReply, type Reply } from '../../resp/reply.ts';
import {
  type ContainerCommand,
  type DataCommand,
  dataCommand,
  type KeySpec,
  type RunContext,
} from '../command.ts';
import { NO_SUCH_KEY } from '../errors.ts';
import { helpCommand } from '../help.ts';
import { noGroup } from './errors.ts';
import { readStream, timeOf } from './lookup.ts';
import { idReply } from './replies.ts';
import { parseStreamInfo, runStreamInfo, type StreamInfoRequest } from './stream-info.ts';

const KEY: readonly KeySpec[] = [{ first: 2, last: 2, step: 1, access: 'RO', effects: ['access'] }];

interface ConsumersRequest {
  readonly key: string;
  readonly group: string;
}

function requireStream(context: RunContext, key: string): Stream | ErrorReply {
  return readStream(context, key) ?? NO_SUCH_KEY;
}

function runGroups(context: RunContext, key: string): Reply {
  const stream = requireStream(context, key);
  if (isError(stream)) return stream;
  return stream.groups.map((group) => groupReply(stream, group));
}

function groupReply(stream: Stream, group: ConsumerGroup): Reply {
  const { name, consumers, pending, lastId, entriesRead } = group;
  return new MapReply([
    ['name', name],
    ['consumers', consumers.length],
    ['pending', pending.size],
    ['last-delivered-id', idReply(lastId)],
    ['entries-read', entriesRead === UNKNOWN_READ ? null : entriesRead],
    ['lag', stream.lag(group) ?? null],
  ]);
}

function runConsumers(context: RunContext, request: ConsumersRequest): Reply {
  const stream = requireStream(context, request.key);
  if (isError(stream)) return stream;
  const group = stream.group(request.group);
  if (group === undefined) return noGroup(request.key, request.group);
  const now = timeOf(context);
  return group.consumers.map(({ name, pending, seenTime, activeTime }) => {
    return new MapReply([
      ['name', name],
      ['pending', pending.size],
      ['idle', Math.max(0, now - seenTime)],
      ['inactive', activeTime === -1 ? -1 : Math.max(0, now - activeTime)],
    ]);
  });
}

const stream: DataCommand = dataCommand<StreamInfoRequest>({
  name: 'xinfo|stream',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: KEY,
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns facts about a stream, or with FULL also entries, groups and consumers.',
  complexity: 'O(1); with FULL O(N) for N elements returned',
  syntax: 'key [FULL [COUNT count]]',
  parse: parseStreamInfo,
  run: (context, request) => {
    const stream = requireStream(context, request.key);
    return isError(stream) ? stream : runStreamInfo(stream, request);
  },
});

const groups: DataCommand = dataCommand<string>({
  name: 'xinfo|groups',
  kind: 'read',
  arity: 3,
  flags: ['readonly'],
  keys: KEY,
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns the consumer groups of a stream.',
  complexity: 'O(N) for N groups',
  syntax: 'key',
  parse: (args) => args.string(2),
  run: runGroups,
});

const consumers: DataCommand = dataCommand<ConsumersRequest>({
  name: 'xinfo|consumers',
  kind: 'read',
  arity: 4,
  flags: ['readonly'],
  keys: KEY,
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns the consumers of a group.',
  complexity: 'O(N) for N consumers',
  syntax: 'key group',
  tips: ['nondeterministic_output'],
  parse: (args: Args) => ({ key: args.string(2), group: args.string(3) }),
  run: runConsumers,
});

const subcommands: readonly DataCommand[] = [consumers, groups, stream];

export const xinfo: ContainerCommand = {
  name: 'xinfo',
  kind: 'container',
  arity: -2,
  flags: [],
  group: 'stream',
  since: '5.0.0',
  summary: 'Holds commands that look into a stream.',
  complexity: 'Depends on the subcommand',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('xinfo', { group: 'stream', since: '5.0.0' }, subcommands),
  ],
};
