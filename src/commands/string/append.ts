import { RawString } from '../../keyspace/raw-string.ts';
import { lengthOf, type StringValue, stringOf, textOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readNumber, readPart } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { checkLength, findString } from './lookup.ts';

interface AppendRequest {
  readonly key: string;
  readonly part: string | Uint8Array;
}

interface SetrangeRequest extends AppendRequest {
  readonly offset: number;
}

const OFFSET_OUT_OF_RANGE: ErrorReply = new ErrorReply('ERR offset is out of range');

function parseAppend(args: Args): AppendRequest {
  return { key: args.string(1), part: readPart(args, 2) };
}

function runAppend(context: RunContext, request: AppendRequest): Reply {
  const { db } = context;
  const { key, part } = request;
  const old = findString(db, key);
  if (isError(old)) return old;
  if (old === undefined) {
    db.set(key, typeof part === 'string' ? stringOf(part) : RawString.ofBytes(bufferOf(part)));
    return part.length;
  }
  const length = lengthOf(old) + part.length;
  return checkLength(length) ?? writePart({ context, key, old, offset: lengthOf(old), part });
}

function parseSetrange(args: Args): SetrangeRequest | ErrorReply {
  const offset = readNumber(args, 2);
  if (isError(offset)) return offset;
  if (offset < 0) return OFFSET_OUT_OF_RANGE;
  return { key: args.string(1), offset, part: readPart(args, 3) };
}

function runSetrange(context: RunContext, request: SetrangeRequest): Reply {
  const { key, offset, part } = request;
  const old = findString(context.db, key);
  if (isError(old)) return old;
  // Nothing to write: the string is not even padded up to the offset.
  if (part.length === 0) return old === undefined ? 0 : lengthOf(old);
  return checkLength(offset + part.length) ?? writePart({ context, key, old, offset, part });
}

interface Edit {
  readonly context: RunContext;
  readonly key: string;
  readonly old: StringValue | undefined;
  readonly offset: number;
  readonly part: string | Uint8Array;
}

/** Writes into the string at a key, which becomes raw. Returns its new length. */
function writePart(edit: Edit): number {
  const { key, old, part } = edit;
  const raw =
    old instanceof RawString ? old : RawString.ofText(old === undefined ? '' : textOf(old));
  raw.write(edit.offset, part);
  if (raw === old) edit.context.db.touch(key);
  else edit.context.db.update(key, raw);
  return raw.length;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export const append: DataCommand = dataCommand<AppendRequest>({
  name: 'append',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['insert'] }],
  group: 'string',
  since: '2.0.0',
  summary: 'Adds bytes to the end of a string value, which is empty if it does not exist.',
  complexity: 'O(1), amortised, for short additions',
  syntax: 'key value',
  parse: parseAppend,
  run: runAppend,
});

export const setrange: DataCommand = dataCommand<SetrangeRequest>({
  name: 'setrange',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] }],
  group: 'string',
  since: '2.2.0',
  summary: 'Overwrites a part of a string value from an offset on; a gap is filled with zeros.',
  complexity: 'O(N) for N bytes written',
  syntax: 'key offset value',
  parse: parseSetrange,
  run: runSetrange,
});
