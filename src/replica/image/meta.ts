import { Packr, Unpackr } from 'msgpackr';
import { crc32c } from '../../../raftlog/index.ts';
import { asLogIndex, asMilliseconds, asTerm, type LogIndex, type Term } from '../../base/ids.ts';
import type { ImageFacts } from '../../keyspace/image/image-loading.ts';
import type { SavedKeyspace } from '../../keyspace/saved.ts';
import type { ConfigurationAt } from '../../raft/setup.ts';
import { packConfiguration, unpackConfiguration } from '../entry.ts';

/** Where the store says which image counts. Written last, in a batch of its own. */
export const META_KEY: Buffer = Buffer.from([1]);
/** Where the store says which image is being received from another node. */
export const INCOMING_KEY: Buffer = Buffer.from([1, 1]);

const FORMAT = 1;
const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

/** A blocked command in an image. */
export interface SavedWaiter {
  readonly id: LogIndex;
  readonly db: number;
  /** The command's name. */
  readonly command: string;
  /** What it is to do, as it was when it began to wait. */
  readonly request: unknown;
  /** By the logical clock; Infinity: it waits for ever. */
  readonly deadline: number;
}

/** What an image is of, and everything in it that has no record of its own. */
export interface ImageMeta {
  readonly clusterId: string;
  /** The state after this entry. */
  readonly index: LogIndex;
  readonly term: Term;
  /** Chain of the log up to there. */
  readonly chain: number;
  readonly configuration: ConfigurationAt;
  /** All node ids ever used, in the order of their coming. */
  readonly usedIds: readonly number[];
  readonly waiters: readonly SavedWaiter[];
  readonly keyspace: SavedKeyspace;
  readonly facts: ImageFacts;
  /** When it was made, in ms of the epoch, by the clock of the node that made it. */
  readonly time: number;
}

/** An image as it stands in a store. */
export interface StoredMeta {
  readonly generation: number;
  readonly meta: ImageMeta;
}

export function packMeta({ generation, meta }: StoredMeta): Buffer {
  const { keyspace, facts, configuration } = meta;
  const body = packr.pack([
    FORMAT,
    generation,
    meta.clusterId,
    [meta.index, meta.term, meta.chain, meta.time],
    [configuration.index, packConfiguration(configuration.configuration)],
    meta.usedIds,
    meta.waiters.map((w) => [w.id, w.db, w.command, w.request, w.deadline]),
    [keyspace.clock, keyspace.index, keyspace.expired, keyspace.expiredFields, keyspace.deletions],
    keyspace.databases.map((d) => [d.id, d.keys, d.clearedAt, d.swappedAt]),
    [facts.image, facts.nextId, facts.totals.records, facts.totals.sum, facts.totals.bytes],
  ]);
  const bytes = Buffer.allocUnsafe(4 + body.length);
  bytes.writeUInt32LE(crc32c(body, 0, body.length, 0) >>> 0, 0);
  bytes.set(body, 4);
  return bytes;
}

/** Throws an error with the reason if these are not the bytes of {@link packMeta}. */
export function unpackMeta(bytes: Buffer): StoredMeta {
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== crc32c(bytes, 4, bytes.length, 0) >>> 0) {
    throw new Error('the head of the image is damaged: its checksum does not match');
  }
  const [
    format,
    generation,
    clusterId,
    point,
    configuration,
    usedIds,
    waiters,
    state,
    databases,
    facts,
  ] = unpackr.unpack(bytes.subarray(4)) as Packed;
  if (format !== FORMAT) throw new Error(`the image has format ${format}, which is not known`);
  return {
    generation,
    meta: {
      clusterId,
      index: asLogIndex(point[0]),
      term: asTerm(point[1]),
      chain: point[2],
      time: point[3],
      configuration: {
        index: asLogIndex(configuration[0]),
        configuration: unpackConfiguration(configuration[1]),
      },
      usedIds,
      waiters: waiters.map(([id, db, command, request, deadline]) => ({
        ...{ id: asLogIndex(id), db, command, request, deadline },
      })),
      keyspace: {
        clock: asMilliseconds(state[0]),
        index: asLogIndex(state[1]),
        expired: state[2],
        expiredFields: state[3],
        deletions: state[4],
        databases: databases.map(([id, keys, clearedAt, swappedAt]) => ({
          id,
          keys,
          clearedAt: asLogIndex(clearedAt),
          swappedAt: asLogIndex(swappedAt),
        })),
      },
      facts: {
        image: facts[0],
        nextId: facts[1],
        totals: { records: facts[2], sum: facts[3], bytes: facts[4] },
      },
    },
  };
}

/** What {@link packMeta} packs; the checksum vouches for it. */
type Packed = [
  number,
  number,
  string,
  [number, number, number, number],
  [number, Uint8Array],
  number[],
  [number, number, string, unknown, number][],
  [number, number, number, number, number],
  [number, number, number, number][],
  [number, number, number, number, number],
];
