import { asLogIndex, asMilliseconds, asNodeId, asTerm, type NodeId } from '../../src/base/ids.ts';
import type { Member } from '../../src/raft/configuration.ts';
import { FrameReader, type PeerHello } from '../../src/replica/frame.ts';
import { ImageDisk } from '../../src/replica/image/image-disk.ts';
import type { StoredMeta } from '../../src/replica/image/meta.ts';
import {
  cutRecord,
  readPiece,
  recordRange,
  withGeneration,
} from '../../src/replica/image/record.ts';
import {
  decodeTransfer,
  encodeTransfer,
  type TransferMessage,
} from '../../src/replica/image/transfer-frames.ts';
import type { ImageEntry, ImageStore } from '../../src/world/image-store.ts';
import type { Socket, SocketEvents, World } from '../../src/world/world.ts';
import type { SimMachine } from '../sim/sim-machine.ts';
import type { Simulation } from '../sim/sim-world.ts';

export const CLUSTER: string = 'c'.repeat(32);
export const PORT = 7000;
export const LEADER: NodeId = asNodeId(1);
export const FOLLOWER: Member = { id: asNodeId(2), host: 'follower', port: PORT, voting: true };

/** An image and the pieces of its records, in order. */
export interface SampleImage {
  readonly stored: StoredMeta;
  readonly entries: readonly ImageEntry[];
}

export interface SampleOptions {
  readonly index?: number;
  readonly image?: number;
  readonly generation?: number;
  readonly records?: number;
  /** Of the record with this number. */
  readonly bytes?: (record: number) => number;
}

/** Records of 200 bytes if nothing is said, all different. */
export function sampleImage(options: SampleOptions = {}): SampleImage {
  const { index = 100, image = 1, generation = 1, records = 50, bytes = () => 200 } = options;
  const entries: ImageEntry[] = [];
  const totals = { records, sum: 0, bytes: 0 };
  for (let i = 0; i < records; i++) {
    const payload = Buffer.alloc(bytes(i), `${index}-${i};`);
    const place = { id: 1 + (i % 3), part: Math.floor(i / 3), image };
    totals.bytes += payload.length;
    totals.sum += cutRecord({ generation, place, payload }, (key, value) => {
      entries.push({ key, value });
    });
  }
  entries.sort((a, b) => a.key.compare(b.key));
  return { stored: { generation, meta: sampleMeta(index, image, totals) }, entries };
}

function sampleMeta(
  index: number,
  image: number,
  totals: StoredMeta['meta']['facts']['totals'],
): StoredMeta['meta'] {
  return {
    clusterId: CLUSTER,
    index: asLogIndex(index),
    term: asTerm(3),
    chain: index * 7,
    configuration: {
      index: asLogIndex(1),
      configuration: { change: null, members: [FOLLOWER] },
    },
    usedIds: [1, 2],
    waiters: [],
    keyspace: {
      clock: asMilliseconds(1000),
      index: asLogIndex(index),
      expired: 0,
      expiredFields: 0,
      deletions: 2,
      databases: [{ id: 1, keys: 0, clearedAt: asLogIndex(0), swappedAt: asLogIndex(0) }],
    },
    facts: { image, nextId: 10, totals },
    time: 5000 + index,
  };
}

/** Runs until `start` has called back. */
export function wait<T>(simulation: Simulation, start: (done: (value: T) => void) => void): T {
  const results: T[] = [];
  start((value) => results.push(value));
  simulation.run(() => results.length > 0, { maxEvents: 1_000_000 });
  if (results.length === 0) throw new Error('it has not called back');
  return results[0] as T;
}

/** The image store of a machine, open. */
export function openDisk(simulation: Simulation, machine: SimMachine): ImageDisk {
  const disk = new ImageDisk(machine.world.images, 'image');
  const error = wait<Error | null>(simulation, (done) => disk.open(done));
  if (error !== null) throw error;
  return disk;
}

/** Puts an image into the store as the one that counts. */
export function storeImage(simulation: Simulation, disk: ImageDisk, image: SampleImage): void {
  putEntries(simulation, disk, image.entries);
  const error = wait<Error | null>(simulation, (done) => disk.commit(image.stored, () => {}, done));
  if (error !== null) throw error;
}

export function putEntries(
  simulation: Simulation,
  disk: ImageDisk,
  entries: readonly ImageEntry[],
): void {
  const batch = storeOf(disk).batch();
  for (const { key, value } of entries) batch.put(key, value);
  const error = wait<Error | null>(simulation, (done) => batch.write(done));
  if (error !== null) throw error;
}

export function storeOf(disk: ImageDisk): ImageStore {
  if (disk.store === null) throw new Error('the store is closed');
  return disk.store;
}

/** Everything that is stored as records, of whatever generation. */
export function storedEntries(simulation: Simulation, disk: ImageDisk): readonly ImageEntry[] {
  const snapshot = storeOf(disk).snapshot();
  const range = { from: recordRange(0).from, to: recordRange(2 ** 32 - 1).to };
  const entries = wait<readonly ImageEntry[]>(simulation, (done) =>
    snapshot.read({ ...range, limit: 1e6, maxBytes: 1e9 }, (_error, found) => done(found)),
  );
  snapshot.close();
  return entries;
}

/** In hex, for comparing: all keys and values as they would be in one generation. */
export function normalized(entries: readonly ImageEntry[]): readonly string[] {
  return entries.map(
    ({ key, value }) => `${withGeneration(key, 0).toString('hex')}=${value.toString('hex')}`,
  );
}

/** `id/part/image#piece` of each. */
export function placesOf(entries: readonly ImageEntry[]): readonly string[] {
  return entries.map((entry) => {
    const piece = readPiece(entry);
    if (typeof piece === 'string') return piece;
    const { id, part, image } = piece.place;
    return `${id}/${part}/${image}#${piece.piece}`;
  });
}

/** Frames that came, and a way to send some: one side of a snapshot link, played by a test. */
export class Speaker {
  readonly heard: TransferMessage[] = [];
  readonly #reader = new FrameReader();
  readonly #write: (pieces: readonly Uint8Array[]) => void;
  onMessage: (message: TransferMessage) => void = () => {};

  constructor(write: (pieces: readonly Uint8Array[]) => void) {
    this.#write = write;
  }

  data(chunk: Buffer): void {
    this.#reader.push(chunk);
    for (let frame = this.#reader.next(); frame !== null; frame = this.#reader.next()) {
      const message = frame === 'malformed' ? null : decodeTransfer(frame);
      if (message === null) throw new Error('a frame that makes no sense was sent');
      this.heard.push(message);
      this.onMessage(message);
    }
  }

  say(message: TransferMessage): void {
    this.#write(encodeTransfer(message));
  }

  /** What was heard, in one word each; chunks with their number. */
  get words(): readonly string[] {
    return this.heard.map((message) => {
      if (message.kind === 'refused') return message.reason;
      const isNumbered = message.kind === 'chunk' || message.kind === 'ack';
      return isNumbered ? `${message.kind} ${message.number}` : message.kind;
    });
  }
}

/** What a listener gives a connection whose greeting is over. */
export type Greeted = (hello: PeerHello, socket: Socket) => Pick<SocketEvents, 'data' | 'closed'>;

/** Listens as a node does: answers RAFT.PEER, and then the connection is a link. */
export function listenForPeers(world: World, port: number, greeted: Greeted): void {
  world.network.listen(
    { host: '0.0.0.0', port },
    {
      ready: () => {},
      accepted: (socket) => {
        let text = '';
        let link: Pick<SocketEvents, 'data' | 'closed'> | null = null;
        return {
          data: (chunk) => {
            if (link !== null) {
              link.data(chunk);
              return;
            }
            text += chunk.toString('latin1');
            const end = text.indexOf('}\r\n');
            if (end < 0) return;
            const hello: PeerHello = JSON.parse(text.slice(text.indexOf('{'), end + 1));
            socket.write(Buffer.from('+OK\r\n', 'latin1'));
            link = greeted(hello, socket);
            const rest = Buffer.from(text.slice(end + 3), 'latin1');
            if (rest.length > 0) link.data(rest);
          },
          closed: (error) => link?.closed(error),
        };
      },
    },
  );
}
