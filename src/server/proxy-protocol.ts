import { Packr, Unpackr } from 'msgpackr';

/**
 * Headers of the frames on a proxy link. A command: which client (`session`), which of its commands
 * (`request`), its database and protocol; the body is the command in RESP. A reply: the same two
 * numbers; the body is the reply, encoded in the client's protocol.
 */
const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

export interface ProxyCommandHead {
  readonly session: number;
  readonly request: number;
  readonly db: number;
  readonly protocol: 2 | 3;
}

export function packCommandHead(head: ProxyCommandHead): Buffer {
  return packr.pack([head.session, head.request, head.db, head.protocol]);
}

export function unpackCommandHead(bytes: Uint8Array): ProxyCommandHead | null {
  const numbers = unpackNumbers(bytes, 4);
  if (numbers === null) return null;
  const [session = 0, request = 0, db = 0, protocol = 2] = numbers;
  return { session, request, db, protocol: protocol === 3 ? 3 : 2 };
}

export function packNumbers(numbers: readonly number[]): Buffer {
  return packr.pack(numbers);
}

export function unpackNumbers(bytes: Uint8Array, count: number): readonly number[] | null {
  let value: unknown;
  try {
    value = unpackr.unpack(bytes);
  } catch {
    return null;
  }
  if (!Array.isArray(value) || value.length !== count) return null;
  const numbers: number[] = [];
  for (const item of value) {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) return null;
    numbers.push(item);
  }
  return numbers;
}
