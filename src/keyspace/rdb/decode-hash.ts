import { ListpackReader } from './listpack.ts';
import { demand } from './malformed.ts';
import type { RdbHash } from './rdb-value.ts';
import type { Reader } from './reader.ts';

/** The greatest deadline of a field: 2^48 - 2. */
const MAX_FIELD_DEADLINE = 0xfffffffffffe;

/**
 * A hash with deadlines of fields, each before its field. With `relative` the smallest comes first,
 * and the others are counted from one less than it, so that 0 still means none.
 */
export function decodeDeadlineHash(reader: Reader, relative: boolean): RdbHash {
  const base = relative ? readBase(reader) - 1 : 0;
  const pairs: string[] = [];
  const deadlines: number[] = [];
  for (let left = reader.count(3); left > 0; left--) {
    const given = reader.length();
    deadlines.push(checked(given === 0 ? 0 : given + base));
    pairs.push(reader.text(), reader.text());
  }
  return hash(pairs, deadlines);
}

/** The same as a listpack of fields, values and deadlines, which are counted from the epoch. */
export function decodeDeadlineListpack(reader: Reader, withBase: boolean): RdbHash {
  if (withBase) readBase(reader);
  const elements = new ListpackReader(reader.bytes(), reader.allowance);
  const pairs: string[] = [];
  const deadlines: number[] = [];
  while (elements.more) {
    pairs.push(elements.text(), elements.text());
    deadlines.push(checked(elements.number()));
  }
  return hash(pairs, deadlines);
}

function readBase(reader: Reader): number {
  const base = reader.int64();
  demand(typeof base === 'number' && base >= 0 && base <= MAX_FIELD_DEADLINE + 1, 'no time');
  return base;
}

function checked(deadline: number | bigint): number {
  demand(
    typeof deadline === 'number' && deadline >= 0 && deadline <= MAX_FIELD_DEADLINE,
    'a deadline beyond all times',
  );
  return deadline;
}

function hash(pairs: readonly string[], deadlines: readonly number[]): RdbHash {
  demand(deadlines.length > 0, 'an empty hash');
  return { type: 'hash', pairs, deadlines: deadlines.some((d) => d !== 0) ? deadlines : undefined };
}
