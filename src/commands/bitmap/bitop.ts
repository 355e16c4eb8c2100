import { unreachable } from '../../base/assert.ts';
import { RawString } from '../../keyspace/raw-string.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findString } from '../string/lookup.ts';
import { and, andNot, or, xor } from './bitwise.ts';
import { bytesOf } from './value.ts';

const OPERATIONS = ['AND', 'OR', 'XOR', 'NOT', 'DIFF', 'DIFF1', 'ANDOR', 'ONE'] as const;
type Operation = (typeof OPERATIONS)[number];

interface BitopRequest {
  readonly operation: Operation;
  readonly destination: string;
  readonly keys: readonly string[];
}

const NOT_OF_ONE: ErrorReply = new ErrorReply(
  'ERR BITOP NOT must be called with a single source key.',
);

function parseBitop(args: Args): BitopRequest | ErrorReply {
  const operation = OPERATIONS.find((name) => args.is(1, name));
  if (operation === undefined) return SYNTAX_ERROR;
  const sources = args.count - 3;
  if (operation === 'NOT' && sources !== 1) return NOT_OF_ONE;
  const comparing = operation === 'DIFF' || operation === 'DIFF1' || operation === 'ANDOR';
  if (comparing && sources < 2) {
    return new ErrorReply(`ERR BITOP ${operation} must be called with at least two source keys.`);
  }
  return { operation, destination: args.string(2), keys: readStrings(args, 3) };
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Replaces whatever the destination holds by the result; an empty result deletes it. */
function runBitop(context: RunContext, request: BitopRequest): Reply {
  const { db } = context;
  const { destination } = request;
  const old = db.find(destination);
  const sources: Buffer[] = [];
  let length = 0;
  let isSource = false;
  for (const key of request.keys) {
    const value = findString(db, key);
    if (isError(value)) return value;
    if (value !== undefined && value === old) isSource = true;
    const bytes = value === undefined ? NOTHING : bytesOf(value);
    sources.push(bytes);
    length = Math.max(length, bytes.length);
  }
  if (length === 0) {
    db.delete(destination);
    return 0;
  }
  // To get memory from the system costs more than the operation.
  const spare = old instanceof RawString && !isSource ? old.recycle(length) : undefined;
  const result = combine(request.operation, sources, spare ?? Buffer.allocUnsafeSlow(length));
  db.set(destination, RawString.ofBytes(result));
  return length;
}

/** Puts the result of an operation on `sources` into `result`, which is as long as the longest. */
function combine(operation: Operation, sources: readonly Buffer[], result: Buffer): Buffer {
  const [first = NOTHING, ...others] = sources;
  switch (operation) {
    case 'AND':
      return fold(and, sources, result);
    case 'OR':
      return fold(or, sources, result);
    case 'XOR':
      return fold(xor, sources, result);
    case 'NOT':
      result.fill(0xff);
      xor(result, first);
      return result;
    case 'DIFF': {
      const any = fold(or, others, Buffer.allocUnsafeSlow(result.length));
      copy(first, result);
      andNot(result, any);
      return result;
    }
    case 'DIFF1':
      fold(or, others, result);
      andNot(result, first);
      return result;
    case 'ANDOR':
      fold(or, others, result);
      and(result, first);
      return result;
    case 'ONE':
      return bitsInOne(sources, result);
    default:
      return unreachable(operation);
  }
}

function fold(
  operation: (target: Buffer, source: Buffer) => void,
  sources: readonly Buffer[],
  result: Buffer,
): Buffer {
  copy(sources[0] ?? NOTHING, result);
  for (let i = 1; i < sources.length; i++) operation(result, sources[i] ?? NOTHING);
  return result;
}

/** Bits that are set in one source and not in a second. */
function bitsInOne(sources: readonly Buffer[], result: Buffer): Buffer {
  const several = Buffer.alloc(result.length);
  result.fill(0);
  for (const source of sources) {
    const again = Buffer.from(source);
    and(again, result.subarray(0, source.length));
    or(several, again);
    or(result, source);
  }
  andNot(result, several);
  return result;
}

/** Fills `target` with `source` and zeros. */
function copy(source: Buffer, target: Buffer): void {
  target.set(source);
  target.fill(0, source.length);
}

export const bitop: DataCommand = dataCommand<BitopRequest>({
  name: 'bitop',
  kind: 'write',
  arity: -4,
  flags: ['write', 'denyoom'],
  keys: [
    { first: 2, last: 2, step: 1, access: 'OW', effects: ['update'] },
    { first: 3, last: -1, step: 1, access: 'RO', effects: ['access'] },
  ],
  group: 'bitmap',
  since: '2.6.0',
  summary: 'Combines string values bit by bit and stores the result; returns its length.',
  complexity: 'O(N) for N bytes of all sources',
  syntax: '<AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]',
  parse: parseBitop,
  run: runBitop,
});
