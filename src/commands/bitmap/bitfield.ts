import type { RawString } from '../../keyspace/raw-string.ts';
import type { Args } from '../../resp/args.ts';
import { parseInteger } from '../../resp/numbers.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findString, readString } from '../string/lookup.ts';
import { byteOf } from './bits.ts';
import { type Field, fit, type Overflow, readField, small, writeField } from './field.ts';
import { BIT_OFFSET_ERROR, editable, MAX_BITS, noteEdit, readableOf } from './value.ts';

interface GetOperation {
  readonly kind: 'get';
  readonly field: Field;
}

interface EditOperation {
  readonly kind: 'set' | 'add';
  readonly field: Field;
  readonly value: number | bigint;
  readonly overflow: Overflow;
}

interface BitfieldRequest {
  readonly key: string;
  readonly operations: readonly (GetOperation | EditOperation)[];
  /** Bytes the string has afterwards, if it is longer now; 0 if nothing is written. */
  readonly length: number;
}

const INVALID_TYPE: ErrorReply = new ErrorReply(
  'ERR Invalid bitfield type. Use something like i16 u8. ' +
    'Note that u64 is not supported but i64 is.',
);
const INVALID_OVERFLOW: ErrorReply = new ErrorReply('ERR Invalid OVERFLOW type specified');
const READ_ONLY: ErrorReply = new ErrorReply('ERR BITFIELD_RO only supports the GET subcommand');

const LETTER_I = 'i'.charCodeAt(0);
const LETTER_U = 'u'.charCodeAt(0);
const HASH_SIGN = '#'.charCodeAt(0);

/** `[GET type offset | [OVERFLOW how] <SET type offset value | INCRBY type offset increment> ...]`. */
function parseBitfield(args: Args): BitfieldRequest | ErrorReply {
  const operations: (GetOperation | EditOperation)[] = [];
  let overflow: Overflow = 'wrap';
  let length = 0;
  for (let i = 2; i < args.count; ) {
    const following = args.count - i - 1;
    if (args.is(i, 'OVERFLOW') && following >= 1) {
      const how = readOverflow(args, i + 1);
      if (isError(how)) return how;
      overflow = how;
      i += 2;
      continue;
    }
    const kind = readKind(args, i);
    if (kind === undefined || following < (kind === 'get' ? 2 : 3)) return SYNTAX_ERROR;
    const field = readFieldAt(args, i + 1);
    if (isError(field)) return field;
    if (kind === 'get') {
      operations.push({ kind, field });
      i += 3;
      continue;
    }
    const last = field.offset + field.bits - 1;
    if (last >= MAX_BITS) return BIT_OFFSET_ERROR;
    const value = readInteger(args, i + 3);
    if (isError(value)) return value;
    length = Math.max(length, byteOf(last) + 1);
    operations.push({ kind, field, value, overflow });
    i += 4;
  }
  return { key: args.string(1), operations, length };
}

function readKind(args: Args, i: number): 'get' | 'set' | 'add' | undefined {
  if (args.is(i, 'GET')) return 'get';
  if (args.is(i, 'SET')) return 'set';
  return args.is(i, 'INCRBY') ? 'add' : undefined;
}

function readOverflow(args: Args, i: number): Overflow | ErrorReply {
  if (args.is(i, 'WRAP')) return 'wrap';
  if (args.is(i, 'SAT')) return 'saturate';
  return args.is(i, 'FAIL') ? 'fail' : INVALID_OVERFLOW;
}

/** Arguments `i` and `i + 1`: type (`i16`, `u8`) and offset, which `#` makes a number of fields. */
function readFieldAt(args: Args, i: number): Field | ErrorReply {
  const { buffer } = args;
  const letter = args.size(i) === 0 ? 0 : buffer[args.start(i)];
  const signed = letter === LETTER_I;
  if (!signed && letter !== LETTER_U) return INVALID_TYPE;
  const bits = Number(parseInteger(buffer, args.start(i) + 1, args.end(i)) ?? 0);
  if (bits < 1 || bits > (signed ? 64 : 63)) return INVALID_TYPE;
  const at = args.start(i + 1);
  const end = args.end(i + 1);
  const counted = at < end && buffer[at] === HASH_SIGN;
  const number = Number(parseInteger(buffer, counted ? at + 1 : at, end) ?? -1);
  const offset = counted ? number * bits : number;
  return offset < 0 || offset >= MAX_BITS ? BIT_OFFSET_ERROR : { signed, bits, offset };
}

function parseBitfieldRo(args: Args): BitfieldRequest | ErrorReply {
  const request = parseBitfield(args);
  return isError(request) || request.length === 0 ? request : READ_ONLY;
}

function runBitfieldRo(context: RunContext, { key, operations }: BitfieldRequest): Reply {
  const value = readString(context, key);
  if (isError(value)) return value;
  const readable = readableOf(value);
  return operations.map(({ field }) => readField(readable, field));
}

/** A string that is written to grows first, even if all that would be written fails. */
function runBitfield(context: RunContext, request: BitfieldRequest): Reply {
  const { key, operations, length } = request;
  const old = findString(context.db, key);
  if (isError(old)) return old;
  if (length === 0) {
    const readable = readableOf(old);
    return operations.map(({ field }) => readField(readable, field));
  }
  const raw = editable(old);
  let changed = raw.length < length;
  if (changed) raw.setByte(length - 1, 0);
  const replies: Reply[] = [];
  for (const operation of operations) {
    const before = readField(raw, operation.field);
    if (operation.kind === 'get') {
      replies.push(before);
      continue;
    }
    const after = edit(raw, operation, before);
    if (after !== undefined && after !== before) changed = true;
    replies.push(after === undefined ? null : operation.kind === 'set' ? before : after);
  }
  if (changed) noteEdit(context, key, { old, raw });
  return replies;
}

/** Changes a field that holds `before`. Returns what it holds now; undefined if that would not fit. */
function edit(
  raw: RawString,
  operation: EditOperation,
  before: number | bigint,
): number | bigint | undefined {
  const { kind, field, value } = operation;
  const wanted = kind === 'set' ? settable(field, value) : sum(before, value);
  const after = fit(wanted, field, operation.overflow);
  if (after !== undefined && after !== before) writeField(raw, field, after);
  return after;
}

/** SET takes a negative number for an unsigned field as the 64 bits it has: too great to fit. */
function settable(field: Field, value: number | bigint): number | bigint {
  return field.signed || value >= 0 ? value : BigInt.asUintN(64, BigInt(value));
}

function sum(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const total = a + b;
    if (Number.isSafeInteger(total)) return total;
  }
  return small(BigInt(a) + BigInt(b));
}

export const bitfield: DataCommand = dataCommand<BitfieldRequest>({
  name: 'bitfield',
  kind: 'write',
  arity: -2,
  flags: ['write', 'denyoom'],
  keys: [
    {
      first: 1,
      last: 1,
      step: 1,
      access: 'RW',
      effects: ['access', 'update'],
      variable: true,
      notes: 'Without SET and INCRBY it only reads.',
    },
  ],
  group: 'bitmap',
  since: '3.2.0',
  summary: 'Reads, sets and increments integers of any number of bits inside a string value.',
  complexity: 'O(1) for each operation',
  syntax:
    'key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] ' +
    '<SET encoding offset value | INCRBY encoding offset increment> ' +
    '[GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] ' +
    '<SET encoding offset value | INCRBY encoding offset increment> ...]]',
  parse: parseBitfield,
  run: runBitfield,
});

export const bitfieldRo: DataCommand = dataCommand<BitfieldRequest>({
  name: 'bitfield_ro',
  kind: 'read',
  arity: -2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'bitmap',
  since: '6.0.0',
  summary: 'Reads integers of any number of bits inside a string value.',
  complexity: 'O(1) for each operation',
  syntax: 'key [GET encoding offset [GET encoding offset ...]]',
  parse: parseBitfieldRo,
  run: runBitfieldRo,
});
