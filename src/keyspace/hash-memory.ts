import { type HashEncoding, MAX_FLAT_FIELDS, NEVER } from './hash-fields.ts';
import { MAX_PACKED_CHARS } from './hash-packed.ts';

/** About what the object and the head of a packed string take. */
const PACKED_BYTES = 72;
/** About what a string takes beside its chars. */
const STRING_BYTES = 20;
/** About what an array and a table take, and each field in them beside its strings. */
const FLAT_BYTES = 112;
const FLAT_FIELD_BYTES = 16;
const TABLE_BYTES = 600;
const TABLE_FIELD_BYTES = 34;
const DEADLINE_BYTES = 10;

interface Measured {
  readonly fields: number;
  encoding(): HashEncoding;
  nextDeadline(): number;
  pairAt(at: number): readonly [string, string] | undefined;
}

/**
 * About how many bytes a hash takes; `samples` fields are looked at, 0: all. Goes by what is saved
 * with a hash, not by its inner form, because a script may see it.
 */
export function hashMemory(hash: Measured, samples: number): number {
  const { fields } = hash;
  const encoding = hash.encoding();
  const looked = samples === 0 ? fields : Math.min(samples, fields);
  let chars = 0;
  for (let at = 0; at < looked; at++) {
    const pair = hash.pairAt(at);
    if (pair !== undefined) chars += pair[0].length + pair[1].length;
  }
  if (looked > 0) chars = Math.round((chars * fields) / looked);
  if (encoding === 'listpack' && chars + 2 * fields <= MAX_PACKED_CHARS) {
    return PACKED_BYTES + chars + 2 * fields;
  }
  const strings = chars + 2 * fields * STRING_BYTES;
  const deadlines = hash.nextDeadline() === NEVER ? 0 : fields * DEADLINE_BYTES;
  const large = encoding === 'hashtable' && fields > MAX_FLAT_FIELDS;
  const base = large ? TABLE_BYTES : FLAT_BYTES;
  return base + fields * (large ? TABLE_FIELD_BYTES : FLAT_FIELD_BYTES) + strings + deadlines;
}
