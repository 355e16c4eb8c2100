import { Stream } from '../../keyspace/stream.ts';
import type { StreamTrim } from '../../keyspace/stream-entries.ts';
import { StreamFields, sizeOfText } from '../../keyspace/stream-fields.ts';
import {
  compareIds,
  idAfter,
  isZeroId,
  MAX_ID,
  type StreamId,
  type Uint64,
} from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { readId, readTimeId } from './ids.ts';
import { findStream, timeOf } from './lookup.ts';
import { idReply } from './replies.ts';
import { TrimOptions } from './trim-options.ts';

/** `auto`: the time of the entry; `time`: a given time; both with the next number. */
type NewId =
  | { readonly kind: 'auto' }
  | { readonly kind: 'time'; readonly ms: Uint64 }
  | { readonly kind: 'exact'; readonly id: StreamId };

interface AddRequest {
  readonly key: string;
  readonly mayCreate: boolean;
  readonly id: NewId;
  readonly fields: StreamFields;
  readonly trim: StreamTrim | undefined;
}

const ZERO_ID: ErrorReply = new ErrorReply('ERR The ID specified in XADD must be greater than 0-0');
const SMALL_ID: ErrorReply = new ErrorReply(
  'ERR The ID specified in XADD is equal or smaller than the target stream top item',
);
const NO_ID_LEFT: ErrorReply = new ErrorReply(
  'ERR The stream has exhausted the last possible ID, unable to add more items',
);
const TOO_LARGE: ErrorReply = new ErrorReply('ERR Elements are too large to be stored');

/** Most bytes of all names and values of an entry. */
const MAX_ENTRY_BYTES: number = 2 ** 30;

const AUTO: NewId = { kind: 'auto' };

function parseAdd(args: Args): AddRequest | ErrorReply {
  const options = new TrimOptions();
  let mayCreate = true;
  let id: NewId | undefined;
  let at = 2;
  while (at < args.count && id === undefined) {
    if (args.is(at, '*')) {
      id = AUTO;
    } else {
      const end = options.read(args, at);
      if (isError(end)) return end;
      if (end > at) {
        at = end;
        continue;
      }
      if (args.is(at, 'NOMKSTREAM')) {
        mayCreate = false;
      } else {
        const given = readNewId(args, at);
        if (isError(given)) return given;
        id = given;
      }
    }
    at++;
  }
  const trim = options.result(undefined);
  if (isError(trim)) return trim;
  const words = args.count - at;
  if (id === undefined || words < 2 || words % 2 === 1) return wrongArity('xadd');
  if (id.kind === 'exact' && isZeroId(id.id)) return ZERO_ID;
  const fields = readFields(args, at);
  return isError(fields) ? fields : { key: args.string(1), mayCreate, id, fields, trim };
}

function readNewId(args: Args, i: number): NewId | ErrorReply {
  const ms = readTimeId(args, i);
  if (ms !== undefined) return { kind: 'time', ms };
  const id = readId(args, i);
  return isError(id) ? id : { kind: 'exact', id };
}

function readFields(args: Args, first: number): StreamFields | ErrorReply {
  let bytes = 0;
  let capacity = 0;
  for (let i = first; i < args.count; i++) {
    bytes += args.size(i);
    capacity += sizeOfText(args.size(i));
  }
  if (bytes > MAX_ENTRY_BYTES) return TOO_LARGE;
  const fields = new StreamFields((args.count - first) / 2, capacity);
  for (let i = first; i < args.count; i++) {
    fields.addBytes(args.buffer, args.start(i), args.end(i));
  }
  return fields;
}

function runAdd(context: RunContext, request: AddRequest): Reply {
  const { db } = context;
  const { key, trim } = request;
  const found = findStream(db, key);
  if (isError(found)) return found;
  if (found === undefined && !request.mayCreate) return null;
  const stream = found ?? new Stream();
  if (compareIds(stream.lastId, MAX_ID) === 0) return NO_ID_LEFT;
  const id = idFor(stream, request.id, timeOf(context));
  if (id === undefined || compareIds(id, stream.lastId) <= 0) return SMALL_ID;
  stream.append(id, request.fields);
  if (trim !== undefined) stream.trim(trim);
  if (found === undefined) db.set(key, stream);
  else db.touch(key);
  return idReply(id);
}

/** The id an entry gets, which is not yet known to be great enough; undefined if there is none. */
function idFor(stream: Stream, wanted: NewId, time: number): StreamId | undefined {
  switch (wanted.kind) {
    case 'auto':
      return stream.nextId(time);
    case 'exact':
      return wanted.id;
    default: {
      const { ms } = wanted;
      if (ms !== stream.lastId.ms) return { ms, seq: 0 };
      const next = idAfter(stream.lastId);
      return next?.ms === ms ? next : undefined;
    }
  }
}

export const xadd: DataCommand = dataCommand<AddRequest>({
  name: 'xadd',
  kind: 'write',
  arity: -5,
  flags: ['write', 'denyoom', 'fast'],
  keys: [
    {
      first: 1,
      last: 1,
      step: 1,
      access: 'RW',
      effects: ['update'],
      notes: 'It counts as an update because it can trim as well.',
    },
  ],
  group: 'stream',
  since: '5.0.0',
  summary: 'Adds an entry to the end of a stream, which is made if it does not exist.',
  complexity: 'O(1) for the entry, O(N) for N entries trimmed',
  syntax:
    'key [NOMKSTREAM] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] ' +
    '<* | id> field value [field value ...]',
  tips: ['nondeterministic_output'],
  parse: parseAdd,
  run: runAdd,
});
