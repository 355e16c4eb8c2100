import { RawString } from '../../keyspace/raw-string.ts';
import { type StringValue, textOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { parseInteger } from '../../resp/numbers.ts';
import { ErrorReply } from '../../resp/reply.ts';
import type { RunContext } from '../command.ts';

/** Bits that a string can have: the offsets of all bits are below. */
export const MAX_BITS: number = 2 ** 32;

export const BIT_OFFSET_ERROR: ErrorReply = new ErrorReply(
  'ERR bit offset is not an integer or out of range',
);

/** A string value whose bytes can be asked for; bytes beyond its end are 0. */
export type Readable = string | RawString;

export function readableOf(value: StringValue | undefined): Readable {
  if (value === undefined) return '';
  return value instanceof RawString ? value : textOf(value);
}

export function byteOrZero(value: Readable, i: number): number {
  if (i >= value.length) return 0;
  return typeof value === 'string' ? value.charCodeAt(i) : value.byteAt(i);
}

/** All bytes of a value, to be looked at now and not kept. */
export function bytesOf(value: StringValue): Buffer {
  return value instanceof RawString ? value.view() : Buffer.from(textOf(value), 'latin1');
}

/** The value as one that can be edited: a new one if it is none yet. */
export function editable(value: StringValue | undefined): RawString {
  if (value instanceof RawString) return value;
  return RawString.ofText(value === undefined ? '' : textOf(value));
}

/** Notes that `raw`, made from what was `old` by {@link editable}, was changed. */
export function noteEdit(
  context: RunContext,
  key: string,
  { old, raw }: { readonly old: StringValue | undefined; readonly raw: RawString },
): void {
  if (raw === old) context.db.touch(key);
  else context.db.update(key, raw);
}

/** Argument `i` as the offset of a bit. */
export function readBitOffset(args: Args, i: number): number | ErrorReply {
  const offset = Number(parseInteger(args.buffer, args.start(i), args.end(i)) ?? -1);
  return offset < 0 || offset >= MAX_BITS ? BIT_OFFSET_ERROR : offset;
}
