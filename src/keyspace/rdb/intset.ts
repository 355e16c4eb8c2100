import { narrow } from '../value.ts';
import { type Allowance, demand } from './malformed.ts';

/** Bytes of each member, number of members. */
const HEAD_BYTES = 8;

/** The members, in order, of an intset that is all of `bytes`, as text. */
export function readIntset(bytes: Buffer, allowance: Allowance): string[] {
  demand(bytes.length >= HEAD_BYTES, 'an intset without a head');
  const size = bytes.readUInt32LE(0);
  const count = bytes.readUInt32LE(4);
  demand(size === 2 || size === 4 || size === 8, 'an intset of an unknown width');
  demand(HEAD_BYTES + count * size === bytes.length, 'an intset of another length');
  allowance.takeElements(count);
  const members: string[] = [];
  let before: number | bigint = Number.NEGATIVE_INFINITY;
  for (let at = HEAD_BYTES; at < bytes.length; at += size) {
    const member = readMember(bytes, at, size);
    demand(before < member, 'an intset out of order');
    before = member;
    members.push(String(member));
  }
  return members;
}

function readMember(bytes: Buffer, at: number, size: 2 | 4 | 8): number | bigint {
  if (size === 2) return bytes.readInt16LE(at);
  if (size === 4) return bytes.readInt32LE(at);
  const value = bytes.readBigInt64LE(at);
  return narrow(value) ?? value;
}
