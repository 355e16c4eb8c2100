import { Packr, Unpackr } from 'msgpackr';
import { asLogIndex, asNodeId, type LogIndex } from '../base/ids.ts';
import type { Configuration, ConfigurationChange, Member } from '../raft/configuration.ts';

/** What a log record holds, in its `kind` byte. Numbers are on disk for ever. */
export const ENTRY_NOOP = 1;
export const ENTRY_CONFIGURATION = 2;
export const ENTRY_COMMAND = 3;
export const ENTRY_TIME = 4;
/** Ends the waiting of a blocked command: after the time its entry (float64) and a byte, how. */
export const ENTRY_UNBLOCK = 5;
const UNBLOCK_BYTES = 9;

/**
 * Every payload begins with the leader's wall clock in ms, a float64 in little endian: the time at
 * which the entry happens, on all nodes.
 */
export const TIME_BYTES = 8;
/** A command's payload: time, one byte for the database, then the command in RESP as received. */
export const COMMAND_HEAD_BYTES = 9;

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

export function readTime(buffer: Buffer, payload: number): number {
  return buffer.readDoubleLE(payload);
}

/** How a blocked command ends before its time: as if that were up, or with an error. */
export type UnblockHow = 'timeout' | 'error';

export function packUnblock(id: LogIndex, how: UnblockHow): Buffer {
  const bytes = Buffer.alloc(UNBLOCK_BYTES);
  bytes.writeDoubleLE(id, 0);
  bytes[UNBLOCK_BYTES - 1] = how === 'error' ? 1 : 0;
  return bytes;
}

export function unpackUnblock(bytes: Buffer): { readonly id: LogIndex; readonly how: UnblockHow } {
  if (bytes.length !== UNBLOCK_BYTES) throw new Error('Malformed unblock entry');
  const how = bytes[UNBLOCK_BYTES - 1] === 1 ? 'error' : 'timeout';
  return { id: asLogIndex(bytes.readDoubleLE(0)), how };
}

/** The configuration of an {@link ENTRY_CONFIGURATION}, as it stands after the time. */
export function packConfiguration(configuration: Configuration): Buffer {
  const change = configuration.change;
  return packr.pack([
    change === null ? null : [change.kind, change.id],
    configuration.members.map((m) => [m.id, m.host, m.port, m.voting]),
    configuration.databases ?? null,
  ]);
}

/** Throws on anything that {@link packConfiguration} did not write. */
export function unpackConfiguration(bytes: Uint8Array): Configuration {
  const value: unknown = unpackr.unpack(bytes);
  if (!Array.isArray(value) || !Array.isArray(value[1])) throw malformed(value);
  const change: unknown = value[0];
  const databases: unknown = value[2];
  return {
    change: change === null ? null : unpackChange(change),
    members: value[1].map(unpackMember),
    ...(typeof databases === 'number' ? { databases } : {}),
  };
}

function unpackChange(value: unknown): ConfigurationChange {
  if (!Array.isArray(value) || typeof value[1] !== 'number') throw malformed(value);
  const id = asNodeId(value[1]);
  const kind: unknown = value[0];
  if (kind === 'bootstrap' || kind === 'add-learner' || kind === 'promote' || kind === 'remove') {
    return { kind, id };
  }
  throw malformed(value);
}

function unpackMember(value: unknown): Member {
  if (!Array.isArray(value)) throw malformed(value);
  const [id, host, port, voting]: unknown[] = value;
  if (typeof id !== 'number' || typeof host !== 'string') throw malformed(value);
  if (typeof port !== 'number' || typeof voting !== 'boolean') throw malformed(value);
  return { id: asNodeId(id), host, port, voting };
}

function malformed(value: unknown): Error {
  return new Error(`Malformed configuration entry: ${JSON.stringify(value)}`);
}
