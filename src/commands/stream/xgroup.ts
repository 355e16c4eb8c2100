import { Stream } from '../../keyspace/stream.ts';
import { ConsumerGroup, UNKNOWN_READ } from '../../keyspace/stream-group.ts';
import type { StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import {
  type ContainerCommand,
  type DataCommand,
  dataCommand,
  type KeySpec,
  type RunContext,
} from '../command.ts';
import { helpCommand } from '../help.ts';
import { noGroup, subcommandError } from './errors.ts';
import { readId, readLooseId } from './ids.ts';
import { findStream, noteGroupChange, type StreamAndGroup, timeOf } from './lookup.ts';

/** The id a group begins behind: `end` is the last of the stream. An error counts after the key's. */
type GroupId = StreamId | 'end' | ErrorReply;

interface GroupName {
  readonly key: string;
  readonly group: string;
}

interface SetIdRequest extends GroupName {
  readonly id: GroupId;
  readonly entriesRead: number | bigint;
}

interface CreateRequest extends SetIdRequest {
  readonly makeStream: boolean;
}

interface ConsumerRequest extends GroupName {
  readonly consumer: string;
}

const NO_STREAM: ErrorReply = new ErrorReply(
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use ' +
    'the MKSTREAM option to create an empty stream automatically.',
);
const BUSY: ErrorReply = new ErrorReply('BUSYGROUP Consumer Group name already exists');
const NEGATIVE_READ: ErrorReply = new ErrorReply(
  'ERR value for ENTRIESREAD must be positive or -1',
);

/** Most words of CREATE and SETID: an option given twice is one too many. */
const MAX_CREATE_WORDS = 8;
const MAX_SETID_WORDS = 7;

function parseName(args: Args): GroupName {
  return { key: args.string(2), group: args.string(3) };
}

function parseConsumer(args: Args): ConsumerRequest {
  return { ...parseName(args), consumer: args.string(4) };
}

function parseCreate(args: Args): CreateRequest | ErrorReply {
  const options = readOptions(args, true);
  if (isError(options)) return options;
  const id = args.count > MAX_CREATE_WORDS ? wrongUse(args) : readGroupId(args, readId);
  return { ...parseName(args), ...options, id };
}

function parseSetId(args: Args): SetIdRequest | ErrorReply {
  const options = readOptions(args, false);
  if (isError(options)) return options;
  const id = args.count > MAX_SETID_WORDS ? wrongUse(args) : readGroupId(args, looseId);
  return { ...parseName(args), ...options, id };
}

function readGroupId(args: Args, read: (args: Args, i: number) => StreamId | ErrorReply): GroupId {
  return args.is(4, '$') ? 'end' : read(args, 4);
}

function looseId(args: Args, i: number): StreamId | ErrorReply {
  return readLooseId(args, i, 0);
}

interface GroupOptions {
  readonly makeStream: boolean;
  readonly entriesRead: number | bigint;
}

function readOptions(args: Args, ofCreate: boolean): GroupOptions | ErrorReply {
  let makeStream = false;
  let entriesRead: number | bigint = UNKNOWN_READ;
  for (let i = 5; i < args.count; i++) {
    if (ofCreate && args.is(i, 'MKSTREAM')) {
      makeStream = true;
    } else if (args.is(i, 'ENTRIESREAD') && i + 1 < args.count) {
      const given = readInteger(args, ++i);
      if (isError(given)) return given;
      if (given < UNKNOWN_READ) return NEGATIVE_READ;
      entriesRead = given;
    } else {
      return wrongUse(args);
    }
  }
  return { makeStream, entriesRead };
}

function wrongUse(args: Args): ErrorReply {
  return subcommandError('XGROUP', args.string(1));
}

function runCreate(context: RunContext, request: CreateRequest): Reply {
  const { key, group: name, id, entriesRead } = request;
  const { db } = context;
  const found = findStream(db, key);
  if (isError(found)) return found;
  if (found === undefined && !request.makeStream) return NO_STREAM;
  if (isError(id)) return id;
  const stream = found ?? new Stream();
  if (stream.group(name) !== undefined) return BUSY;
  const lastId = id === 'end' ? stream.lastId : id;
  stream.addGroup(new ConsumerGroup(name, lastId, possibleRead(stream, entriesRead)));
  if (found === undefined) db.set(key, stream);
  else noteGroupChange(db, key);
  return OK;
}

/** A group cannot have read more entries than were added. */
function possibleRead(stream: Stream, entriesRead: number | bigint): number | bigint {
  return entriesRead > stream.entriesAdded ? stream.entriesAdded : entriesRead;
}

/** The stream and the group, or the error that one of them is not there. */
function requireGroup(
  context: RunContext,
  { key, group: name }: GroupName,
): StreamAndGroup | ErrorReply {
  const stream = findStream(context.db, key);
  if (stream === undefined) return NO_STREAM;
  if (isError(stream)) return stream;
  const group = stream.group(name);
  return group === undefined ? noGroup(key, name) : { stream, group };
}

function runSetId(context: RunContext, request: SetIdRequest): Reply {
  const found = requireGroup(context, request);
  if (isError(found)) return found;
  if (isError(request.id)) return request.id;
  const { stream, group } = found;
  group.lastId = request.id === 'end' ? stream.lastId : request.id;
  group.entriesRead = possibleRead(stream, request.entriesRead);
  noteGroupChange(context.db, request.key);
  return OK;
}

function runDestroy(context: RunContext, { key, group }: GroupName): Reply {
  const stream = findStream(context.db, key);
  if (stream === undefined) return NO_STREAM;
  if (isError(stream)) return stream;
  if (!stream.removeGroup(group)) return 0;
  noteGroupChange(context.db, key);
  return 1;
}

function runCreateConsumer(context: RunContext, request: ConsumerRequest): Reply {
  const found = requireGroup(context, request);
  if (isError(found)) return found;
  const { group } = found;
  if (group.consumer(request.consumer) !== undefined) return 0;
  group.addConsumer(request.consumer, timeOf(context));
  noteGroupChange(context.db, request.key);
  return 1;
}

function runDeleteConsumer(context: RunContext, request: ConsumerRequest): Reply {
  const found = requireGroup(context, request);
  if (isError(found)) return found;
  const { group } = found;
  const consumer = group.consumer(request.consumer);
  if (consumer === undefined) return 0;
  const pending = group.removeConsumer(consumer);
  noteGroupChange(context.db, request.key);
  return pending;
}

function key(effect: 'insert' | 'update' | 'delete'): readonly KeySpec[] {
  return [{ first: 2, last: 2, step: 1, access: 'RW', effects: [effect] }];
}

const create: DataCommand = dataCommand<CreateRequest>({
  name: 'xgroup|create',
  kind: 'write',
  arity: -5,
  flags: ['write', 'denyoom'],
  keys: key('insert'),
  group: 'stream',
  since: '5.0.0',
  summary: 'Makes a consumer group, which gets the entries behind an id.',
  complexity: 'O(1)',
  syntax: 'key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]',
  parse: parseCreate,
  run: runCreate,
});

const setid: DataCommand = dataCommand<SetIdRequest>({
  name: 'xgroup|setid',
  kind: 'write',
  arity: -5,
  flags: ['write'],
  keys: key('update'),
  group: 'stream',
  since: '5.0.0',
  summary: 'Sets the id behind which a group goes on.',
  complexity: 'O(1)',
  syntax: 'key group <id | $> [ENTRIESREAD entries-read]',
  parse: parseSetId,
  run: runSetId,
});

const destroy: DataCommand = dataCommand<GroupName>({
  name: 'xgroup|destroy',
  kind: 'write',
  arity: 4,
  flags: ['write'],
  keys: key('delete'),
  group: 'stream',
  since: '5.0.0',
  summary: 'Deletes a group with all it knows of its consumers.',
  complexity: 'O(N) for N pending entries',
  syntax: 'key group',
  parse: parseName,
  run: runDestroy,
});

const createconsumer: DataCommand = dataCommand<ConsumerRequest>({
  name: 'xgroup|createconsumer',
  kind: 'write',
  arity: 5,
  flags: ['write', 'denyoom'],
  keys: key('insert'),
  group: 'stream',
  since: '6.2.0',
  summary: 'Makes a consumer in a group, unless it is there.',
  complexity: 'O(1)',
  syntax: 'key group consumer',
  parse: parseConsumer,
  run: runCreateConsumer,
});

const delconsumer: DataCommand = dataCommand<ConsumerRequest>({
  name: 'xgroup|delconsumer',
  kind: 'write',
  arity: 5,
  flags: ['write'],
  keys: key('delete'),
  group: 'stream',
  since: '5.0.0',
  summary: 'Deletes a consumer from a group and returns how many entries it had pending.',
  complexity: 'O(N) for N entries it had pending',
  syntax: 'key group consumer',
  parse: parseConsumer,
  run: runDeleteConsumer,
});

const subcommands: readonly DataCommand[] = [create, createconsumer, delconsumer, destroy, setid];

export const xgroup: ContainerCommand = {
  name: 'xgroup',
  kind: 'container',
  arity: -2,
  flags: [],
  group: 'stream',
  since: '5.0.0',
  summary: 'Holds commands about the consumer groups of a stream.',
  complexity: 'Depends on the subcommand',
  syntax: '',
  subcommands: [
    ...subcommands,
    helpCommand('xgroup', { group: 'stream', since: '5.0.0' }, subcommands),
  ],
};
