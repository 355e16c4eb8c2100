import t from 'tap';
import { asLogIndex, asMilliseconds, asTerm, NO_INDEX } from '../../../src/base/ids.ts';
import type { ImageMeta } from '../../../src/replica/image/meta.ts';
import {
  decideStart,
  type LogFound,
  type StartVerdict,
} from '../../../src/replica/image/start-table.ts';

/** Entries have this term up to here, and one more beyond: the terms of a log grow. */
const FIRST_TERM_ENDS = 12;

function logOf(clusterId: string, base: number, last: number): LogFound {
  return {
    clusterId,
    nodeId: 7,
    base,
    last,
    term: (index) => {
      if (index < base || index > last) throw new Error(`entry ${index} is not in the log`);
      return index <= FIRST_TERM_ENDS ? 1 : 2;
    },
  };
}

function imageOf(clusterId: string, index: number, term: number): ImageMeta {
  return {
    clusterId,
    index: asLogIndex(index),
    term: asTerm(term),
    chain: 0,
    configuration: {
      index: NO_INDEX,
      configuration: { members: [], change: null },
    },
    usedIds: [],
    waiters: [],
    keyspace: {
      clock: asMilliseconds(0),
      index: asLogIndex(index),
      expired: 0,
      expiredFields: 0,
      deletions: 0,
      databases: [],
    },
    facts: { image: 1, nextId: 1, totals: { records: 0, sum: 0, bytes: 0 } },
    time: 0,
  };
}

interface Row {
  readonly kind: StartVerdict['kind'];
  /** Whether the row is for this log and this image. */
  readonly is: (log: LogFound | null, image: ImageMeta | null) => boolean;
}

const isBoth = (
  log: LogFound | null,
  image: ImageMeta | null,
  is: (log: LogFound, image: ImageMeta) => boolean,
): boolean => log !== null && image !== null && is(log, image);

/** Nodes of two clusters are told apart before anything is compared that counts in one only. */
const isOne = (log: LogFound, image: ImageMeta): boolean => log.clusterId === image.clusterId;

/** The table, each row said in full, without regard to the others. */
const ROWS: Readonly<Record<string, Row>> = {
  S1: { kind: 'new', is: (log, image) => log === null && image === null },
  S2: { kind: 'orphan', is: (log, image) => log === null && image !== null },
  S3: { kind: 'run', is: (log, image) => log?.base === 0 && image === null },
  S4: { kind: 'fatal', is: (log, image) => (log?.base ?? 0) > 0 && image === null },
  S5: { kind: 'fatal', is: (log, image) => isBoth(log, image, (l, i) => !isOne(l, i)) },
  S6: {
    kind: 'fatal',
    is: (log, image) => isBoth(log, image, (l, i) => isOne(l, i) && i.index < l.base),
  },
  S7: {
    kind: 'reset-log',
    is: (log, image) => isBoth(log, image, (l, i) => isOne(l, i) && i.index > l.last),
  },
  S8: {
    kind: 'reset-log',
    is: (log, image) =>
      isBoth(
        log,
        image,
        (l, i) =>
          isOne(l, i) && i.index >= l.base && i.index <= l.last && l.term(i.index) !== i.term,
      ),
  },
  S9: {
    kind: 'run',
    is: (log, image) =>
      isBoth(
        log,
        image,
        (l, i) =>
          isOne(l, i) && i.index >= l.base && i.index <= l.last && l.term(i.index) === i.term,
      ),
  },
};

/** None; and every base, length and place of an image in and about a log that is worth a look. */
const LOGS: readonly (LogFound | null)[] = [
  null,
  ...[0, 1, 10].flatMap((base) =>
    [0, 1, 2, 3, 10].map((length) => logOf('a'.repeat(32), base, base + length)),
  ),
];
const IMAGES: readonly (ImageMeta | null)[] = [
  null,
  ...['a', 'b'].flatMap((id) =>
    Array.from({ length: 24 }, (_, index) => index).flatMap((index) =>
      [1, 2, 3].map((term) => imageOf(id.repeat(32), index, term)),
    ),
  ),
];

t.test('every pair of log and image has one row, and gets its verdict', async (t) => {
  const met = new Map<string, number>();
  const wrong: string[] = [];
  for (const log of LOGS) {
    for (const image of IMAGES) {
      const rows = Object.entries(ROWS).filter(([, row]) => row.is(log, image));
      const verdict = decideStart(log, image);
      const [name, row] = rows[0] ?? ['none'];
      met.set(name, (met.get(name) ?? 0) + 1);
      if (rows.length !== 1 || verdict.row !== name || verdict.kind !== row?.kind) {
        wrong.push(`${JSON.stringify(log)} ${JSON.stringify(image)}: ${name}, ${verdict.row}`);
      }
    }
  }
  t.same(wrong, []);
  t.same([...met.keys()].sort(), Object.keys(ROWS));
});

t.test('a start that would lose or mix up data says what is wrong and what to do', async (t) => {
  const help = /Remove it from the cluster .RAFT\.NODE REMOVE.*join it again as a new node\.$/;
  const log = logOf('a'.repeat(32), 10, 20);
  for (const [image, text] of [
    [null, /^Log refers to snapshot 10 which was not loaded/],
    [imageOf('b'.repeat(32), 15, 2), /^Log and snapshot have different dbids: a{32} and b{32}\./],
    [imageOf('a'.repeat(32), 9, 1), /^Log starts behind entry 10, and the snapshot ends at 9/],
  ] as const) {
    const verdict = decideStart(log, image);
    const said = verdict.kind === 'fatal' ? verdict.text : verdict.kind;
    t.match(said, text);
    t.match(said, help);
  }
});
