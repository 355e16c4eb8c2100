import { compareIds, isZeroId, MIN_ID, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { NO_SUCH_KEY, SYNTAX_ERROR } from '../errors.ts';
import { readId } from './ids.ts';
import { findStream } from './lookup.ts';

interface SetIdRequest {
  readonly key: string;
  readonly id: StreamId;
  readonly entriesAdded: number | bigint | undefined;
  /** 0-0: leaves it as it is. */
  readonly maxDeletedId: StreamId;
}

const NEGATIVE_ADDED: ErrorReply = new ErrorReply('ERR entries_added must be positive');
const BELOW_GIVEN_DELETED: ErrorReply = new ErrorReply(
  'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
);
const BELOW_DELETED: ErrorReply = new ErrorReply(
  'ERR The ID specified in XSETID is smaller than current max_deleted_entry_id',
);
const BELOW_TOP: ErrorReply = new ErrorReply(
  'ERR The ID specified in XSETID is smaller than the target stream top item',
);
const FEWER_THAN_THERE: ErrorReply = new ErrorReply(
  'ERR The entries_added specified in XSETID is smaller than the target stream length',
);

function parseSetId(args: Args): SetIdRequest | ErrorReply {
  const id = readId(args, 2);
  if (isError(id)) return id;
  let entriesAdded: number | bigint | undefined;
  let maxDeletedId = MIN_ID;
  for (let i = 3; i < args.count; i += 2) {
    if (i + 1 >= args.count) return SYNTAX_ERROR;
    if (args.is(i, 'ENTRIESADDED')) {
      const given = readInteger(args, i + 1);
      if (isError(given)) return given;
      if (given < 0) return NEGATIVE_ADDED;
      entriesAdded = given;
    } else if (args.is(i, 'MAXDELETEDID')) {
      const given = readId(args, i + 1);
      if (isError(given)) return given;
      if (compareIds(id, given) < 0) return BELOW_GIVEN_DELETED;
      maxDeletedId = given;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { key: args.string(1), id, entriesAdded, maxDeletedId };
}

function runSetId(context: RunContext, request: SetIdRequest): Reply {
  const { key, id, entriesAdded, maxDeletedId } = request;
  const stream = findStream(context.db, key);
  if (stream === undefined) return NO_SUCH_KEY;
  if (isError(stream)) return stream;
  if (compareIds(id, stream.maxDeletedId) < 0) return BELOW_DELETED;
  if (stream.size > 0) {
    if (compareIds(id, stream.entries.last) < 0) return BELOW_TOP;
    if (entriesAdded !== undefined && stream.size > entriesAdded) return FEWER_THAN_THERE;
  }
  stream.lastId = id;
  if (entriesAdded !== undefined) stream.entriesAdded = entriesAdded;
  if (!isZeroId(maxDeletedId)) stream.maxDeletedId = maxDeletedId;
  context.db.touch(key);
  return OK;
}

export const xsetid: DataCommand = dataCommand<SetIdRequest>({
  name: 'xsetid',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Sets the last id of a stream, and what it remembers of entries that are gone.',
  complexity: 'O(1)',
  syntax: 'key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]',
  parse: parseSetId,
  run: runSetId,
});
