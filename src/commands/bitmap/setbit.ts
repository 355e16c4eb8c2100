import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { findString, readString } from '../string/lookup.ts';
import { byteOf } from './bits.ts';
import { byteOrZero, editable, noteEdit, readableOf, readBitOffset } from './value.ts';

interface GetbitRequest {
  readonly key: string;
  readonly offset: number;
}

interface SetbitRequest extends GetbitRequest {
  readonly bit: 0 | 1;
}

const NOT_A_BIT: ErrorReply = new ErrorReply('ERR bit is not an integer or out of range');

function parseSetbit(args: Args): SetbitRequest | ErrorReply {
  const offset = readBitOffset(args, 2);
  if (isError(offset)) return offset;
  const bit = args.is(3, '1') ? 1 : 0;
  if (bit === 0 && !args.is(3, '0')) return NOT_A_BIT;
  return { key: args.string(1), offset, bit };
}

function runSetbit(context: RunContext, request: SetbitRequest): Reply {
  const { key, offset, bit } = request;
  const old = findString(context.db, key);
  if (isError(old)) return old;
  const readable = readableOf(old);
  const at = byteOf(offset);
  const byte = byteOrZero(readable, at);
  const mask = maskOf(offset);
  const before = (byte & mask) === 0 ? 0 : 1;
  if (before === bit && at < readable.length) return before;
  const raw = editable(old);
  raw.setByte(at, bit === 1 ? byte | mask : byte & ~mask);
  noteEdit(context, key, { old, raw });
  return before;
}

function parseGetbit(args: Args): GetbitRequest | ErrorReply {
  const offset = readBitOffset(args, 2);
  return isError(offset) ? offset : { key: args.string(1), offset };
}

function runGetbit(context: RunContext, { key, offset }: GetbitRequest): Reply {
  const value = readString(context, key);
  if (isError(value)) return value;
  return (byteOrZero(readableOf(value), byteOf(offset)) & maskOf(offset)) === 0 ? 0 : 1;
}

/** The bit in its byte. */
function maskOf(offset: number): number {
  return 0x80 >>> (offset & 7);
}

export const setbit: DataCommand = dataCommand<SetbitRequest>({
  name: 'setbit',
  kind: 'write',
  arity: 4,
  flags: ['write', 'denyoom'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'update'] }],
  group: 'bitmap',
  since: '2.2.0',
  summary: 'Sets or clears one bit of a string value, which grows as needed; returns the old bit.',
  complexity: 'O(1)',
  syntax: 'key offset value',
  parse: parseSetbit,
  run: runSetbit,
});

export const getbit: DataCommand = dataCommand<GetbitRequest>({
  name: 'getbit',
  kind: 'read',
  arity: 3,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'bitmap',
  since: '2.2.0',
  summary: 'Returns one bit of a string value; beyond its end all bits are 0.',
  complexity: 'O(1)',
  syntax: 'key offset',
  parse: parseGetbit,
  run: runGetbit,
});
