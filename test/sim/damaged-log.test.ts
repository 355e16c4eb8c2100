/** Damage to every region of a log and its index, as a node finds it that is started: refused or mended. */
import t from 'tap';
import { decodeBatchHead } from '../../raftlog/layout.ts';
import { recordBytes } from '../../raftlog/record.ts';
import { askNode, diskCluster, type Lines, LOG_NAME } from './disk-fixture.ts';
import type { SimCluster, SimNode } from './sim-cluster.ts';

const INDEX_NAME = `${LOG_NAME}.idx`;
const KEYS = 8;
const SECTOR = 512;

/** Where things stand in a data file. */
interface Layout {
  readonly batches: readonly { readonly offset: number; readonly records: readonly number[] }[];
  /** Behind the last batch. */
  readonly end: number;
  readonly size: number;
}

function layoutOf(bytes: Buffer): Layout {
  const identity = bytes.readUInt32LE(12);
  const batches: { offset: number; records: number[] }[] = [];
  let end = 128;
  for (;;) {
    const head = end + 64 > bytes.length ? null : decodeBatchHead(bytes, end, end, identity);
    if (head === null) return { batches, end, size: bytes.length };
    const records: number[] = [];
    let at = end + 64;
    for (let i = 0; i < head.count; i++) {
      records.push(at);
      at += recordBytes(bytes, at);
    }
    batches.push({ offset: end, records });
    end = at;
  }
}

interface Stopped {
  readonly cluster: SimCluster;
  readonly node: SimNode;
  readonly lines: Lines[];
  readonly layout: Layout;
}

/** A node with some keys that has been stopped in order, or was killed. */
function stopped(how: 'closed' | 'killed'): Stopped {
  const { cluster, lines } = diskCluster(1, 1);
  const node = cluster.node(0);
  for (let i = 0; i < KEYS; i++) askNode(cluster, node, ['SET', `k${i}`, 'v'.repeat(150)]);
  if (how === 'killed') {
    node.crash('kill');
  } else {
    askNode(cluster, node, ['SHUTDOWN']);
    cluster.until('it has stopped', () => node.exitCode !== null);
  }
  node.machine.disk.settle();
  const layout = layoutOf(node.machine.disk.contents(LOG_NAME) ?? Buffer.alloc(0));
  return { cluster, node, lines: lines as Lines[], layout };
}

/** Starts the node: why it did not, or what it warned of and how many keys it has. */
function start({ cluster, node, lines }: Stopped): string {
  const known = lines.length;
  node.restart();
  try {
    cluster.until('it leads', () => node.server?.node.replica?.servesReads === true);
  } catch (error) {
    node.crash('kill');
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
  const warnings = lines.slice(known).filter(({ line }) => line.includes(' # '));
  const about = warnings.map(({ line }) => line.slice(line.indexOf(' # ') + 3)).join(' ');
  return `${askNode(cluster, node, ['DBSIZE'])} keys; ${about}`;
}

interface Damage {
  readonly title: string;
  readonly how?: 'flip' | 'zero';
  readonly file?: string;
  /** First byte and length. */
  readonly where: (layout: Layout) => readonly [number, number];
  /** What comes of it where the log was closed, and where its process was killed. */
  readonly closed: RegExp;
  readonly killed: RegExp;
}

function batch(layout: Layout, i: number): Layout['batches'][number] {
  const found = layout.batches.at(i);
  if (found === undefined) throw new Error(`no batch ${i}`);
  return found;
}

/** A byte of the header of a batch; of the header or the payload of its first record. */
function inBatch(i: number, byte: number): Damage['where'] {
  return (layout) => [batch(layout, i).offset + byte, 1];
}
function inRecord(i: number, byte: number): Damage['where'] {
  return (layout) => [(batch(layout, i).records[0] ?? 0) + byte, 1];
}
/** The sector that a byte is in, without the file's own header. */
function sector(at: (layout: Layout) => number): Damage['where'] {
  return (layout) => {
    const first = Math.max(128, Math.floor(at(layout) / SECTOR) * SECTOR);
    return [first, Math.min(layout.end, (Math.floor(at(layout) / SECTOR) + 1) * SECTOR) - first];
  };
}

const WHOLE = /^8 keys; $/;
/** Refused: row, with the offset and the entry. */
function corrupt(row: string): RegExp {
  return new RegExp(`^refused: ${LOG_NAME}: [^:]+ \\(${row}\\): .* at offset \\d+, index \\d+`);
}
function header(row: string): RegExp {
  return new RegExp(`^refused: ${LOG_NAME}: [^:]+ \\(${row}\\): \\d+ bytes$`);
}
/** Nothing vouches for the last batch of a killed process: it is cut off, and that is told. */
function cut(row: string, keys = 7): RegExp {
  return new RegExp(
    `^${keys} keys; ${LOG_NAME}: cut \\d+ bytes from offset \\d+: [^:]+ \\(${row}\\): .* index \\d+`,
  );
}
function mended(from: string, keys = 8): RegExp {
  return new RegExp(`^${keys} keys; ${INDEX_NAME}: ${from}`);
}

const DAMAGE: readonly Damage[] = [
  ...[0, 12, 16, 48, 56, 72, 84, 90].map(
    (byte): Damage => ({
      title: `byte ${byte} of the file header`,
      where: () => [byte, 1],
      closed: header(byte === 0 ? 'R4' : 'R5'),
      killed: header(byte === 0 ? 'R4' : 'R5'),
    }),
  ),
  ...[0, 4, 8, 16, 24, 32, 40, 48, 52, 56, 60].flatMap((byte): Damage[] => [
    {
      title: `byte ${byte} of the header of a batch in the middle`,
      where: inBatch(3, byte),
      closed: corrupt('R12'),
      killed: corrupt('R12'),
    },
    {
      title: `byte ${byte} of the header of the last batch`,
      where: inBatch(-1, byte),
      closed: corrupt('R12'),
      killed: cut('R11'),
    },
  ]),
  ...[0, 4, 8, 12, 16, 24, 32, 60].flatMap((byte): Damage[] => [
    {
      title: `byte ${byte} of a record in the middle`,
      where: inRecord(3, byte),
      closed: corrupt('R16'),
      killed: corrupt('R16'),
    },
    {
      title: `byte ${byte} of the last record`,
      where: inRecord(-1, byte),
      closed: corrupt('R16'),
      killed: cut('R15'),
    },
  ]),
  {
    title: 'a sector of zeros in the middle',
    how: 'zero',
    where: sector((layout) => batch(layout, 5).offset),
    closed: corrupt('R1[26]'),
    killed: corrupt('R1[26]'),
  },
  {
    title: 'zeros in the place of the last batch',
    how: 'zero',
    where: (layout) => [batch(layout, -1).offset, layout.end - batch(layout, -1).offset],
    closed: corrupt('R10'),
    // FORMAT.md, What cannot be told: this looks like a batch that was never written.
    killed: mended('not up to date: written from entry 1 on', 7),
  },
  {
    title: 'zeros in the place of the end of the last batch',
    how: 'zero',
    where: (layout) => [layout.end - 20, 20],
    closed: corrupt('R16'),
    killed: cut('R15'),
  },
  {
    title: 'a bit in the zeros written ahead',
    where: (layout) => [layout.end + 1000, 1],
    closed: WHOLE,
    killed: cut('R11', 8),
  },
  ...[0, 8, 12, 16, 24, 32, 40].map(
    (byte): Damage => ({
      title: `byte ${byte} of the header of the index`,
      file: INDEX_NAME,
      where: () => [byte, 1],
      closed: mended('absent, damaged'),
      killed: mended('absent, damaged'),
    }),
  ),
  {
    title: 'an offset in the index',
    file: INDEX_NAME,
    where: () => [64 + 3 * 8, 1],
    closed: mended('not up to date: written from entry 4 on'),
    killed: mended('not up to date: written from entry 1 on'),
  },
];

for (const how of ['closed', 'killed'] as const) {
  t.test(`a log that was ${how}`, async (t) => {
    for (const damage of DAMAGE) {
      const state = stopped(how);
      const { disk } = state.node.machine;
      const [offset, length] = damage.where(state.layout);
      disk.damage(damage.file ?? LOG_NAME, offset, length, damage.how ?? 'flip');
      const before = disk.contents(LOG_NAME);
      const found = start(state);
      t.match(found, damage[how], damage.title);
      if (!found.startsWith('refused')) continue;
      t.strictSame(disk.contents(LOG_NAME), before, `${damage.title}: the file is as it was`);
      state.node.restart();
      t.throws(() => state.cluster.until('', () => false, 1000), 'no later start is less strict');
    }
  });
}
