import { readFileSync } from 'node:fs';
import t from 'tap';
import { FILE_HEADER_BYTES } from '../../raftlog/layout.ts';
import {
  decide,
  type FileFound,
  type Findings,
  matches,
  RECOVERY_TABLE,
  type StopFound,
} from '../../raftlog/recovery.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { appendNow, closeNow, newLog, PATH, reopen, textsOf } from './log-fixture.ts';

const FILES: Record<FileFound, true> = {
  absent: true,
  empty: true,
  'short-header': true,
  foreign: true,
  'damaged-header': true,
  'other-version': true,
  log: true,
};
const STOPS: Record<StopFound, true> = {
  end: true,
  zeros: true,
  'no-batch-header': true,
  'short-body': true,
  'bad-record': true,
  contradiction: true,
};

function allFindings(): Findings[] {
  const all: Findings[] = [];
  for (const file of Object.keys(FILES) as FileFound[]) {
    for (const stop of Object.keys(STOPS) as StopFound[]) {
      for (const attested of [false, true]) all.push({ file, stop, attested });
    }
  }
  return all;
}

t.test('every combination of findings matches exactly one row', async (t) => {
  for (const findings of allFindings()) {
    const rows = RECOVERY_TABLE.filter((row) => matches(row, findings));
    t.equal(rows.length, 1, JSON.stringify(findings));
    t.equal(decide(findings), rows[0]);
  }
});

t.test('no bytes are cut off while something says that they were durable', async (t) => {
  for (const findings of allFindings()) {
    if (findings.attested) t.not(decide(findings).verdict, 'cut');
  }
});

t.test('FORMAT.md shows the same table', async (t) => {
  const text = readFileSync(new URL('../../../raftlog/FORMAT.md', import.meta.url), 'utf8');
  const shown = text.split('\n').filter((line) => /^\| R\d+ /.test(line));
  const expected = RECOVERY_TABLE.map((row) => {
    const attested = row.attested === 'any' ? 'any' : row.attested ? 'yes' : 'no';
    const cells = [row.label, row.file, row.stop, attested, row.verdict, row.meaning];
    return `| ${cells.join(' | ')} |`;
  });
  t.strictSame(shown, expected);
});

/** A closed log of three batches: `one two`, `three`, and `four`. Offsets of the batches. */
const BATCHES = [128, 128 + 64 + 35 + 35, 128 + 64 + 35 + 35 + 64 + 37];
const END = 128 + 3 * 64 + 35 + 35 + 37 + 36;

function threeBatches(): FaultyFiles {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 1, texts: ['one', 'two'] });
  appendNow(files, log, { term: 1, texts: ['three'] });
  appendNow(files, log, { term: 1, texts: ['four'] });
  closeNow(files, log);
  return files;
}

interface Case {
  readonly row: string;
  readonly title: string;
  /** Does the damage; the index file is removed before unless `index` is set. */
  readonly damage: (bytes: Buffer) => Buffer | null;
  readonly index?: boolean;
  /** The texts that survive, or the code of the error. */
  readonly outcome: string;
}

function flip(at: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes[at] = (bytes[at] as number) ^ 0x10;
    return bytes;
  };
}

function withTail(tail: Buffer): (bytes: Buffer) => Buffer {
  return (bytes) => Buffer.concat([bytes, tail]);
}

const zeroLast = (bytes: Buffer): Buffer => bytes.fill(0, BATCHES[2]);

const CASES: readonly Case[] = [
  { row: 'R1', title: 'no file', damage: () => null, outcome: 'RAFTLOG_ABSENT' },
  { row: 'R2', title: 'an empty file', damage: (b) => b.subarray(0, 0), outcome: 'RAFTLOG_HEADER' },
  {
    row: 'R3',
    title: 'half a header',
    damage: (b) => b.subarray(0, 99),
    outcome: 'RAFTLOG_HEADER',
  },
  { row: 'R4', title: 'another magic', damage: flip(3), outcome: 'RAFTLOG_HEADER' },
  { row: 'R5', title: 'a flipped bit in the header', damage: flip(20), outcome: 'RAFTLOG_HEADER' },
  { row: 'R7', title: 'a closed log', damage: (b) => b, outcome: 'one two three four' },
  {
    row: 'R8',
    title: 'a lost last batch, with an index that knows of it',
    damage: (b) => b.subarray(0, BATCHES[2]),
    index: true,
    outcome: 'RAFTLOG_CORRUPT',
  },
  {
    row: 'R9',
    title: 'zeros at the end',
    damage: withTail(Buffer.alloc(5000)),
    outcome: 'one two three four',
  },
  {
    row: 'R10',
    title: 'a last batch turned to zeros, with an index that knows of it',
    damage: zeroLast,
    index: true,
    outcome: 'RAFTLOG_CORRUPT',
  },
  {
    row: 'R11',
    title: 'half a batch header at the end',
    damage: withTail(Buffer.from('RLB half a header')),
    outcome: 'one two three four',
  },
  {
    row: 'R12',
    title: 'a damaged header of the first batch',
    damage: flip((BATCHES[0] as number) + 33),
    outcome: 'RAFTLOG_CORRUPT',
  },
  {
    row: 'R13',
    title: 'a last batch cut short',
    damage: (b) => b.subarray(0, END - 1),
    outcome: 'one two three',
  },
  {
    row: 'R14',
    title: 'a last batch cut short, with an index that knows of it',
    damage: (b) => b.subarray(0, END - 1),
    index: true,
    outcome: 'RAFTLOG_CORRUPT',
  },
  {
    row: 'R15',
    title: 'a flipped bit in the last payload',
    damage: flip(END - 1),
    outcome: 'one two three',
  },
  {
    row: 'R16',
    title: 'a flipped bit in the first payload',
    damage: flip((BATCHES[0] as number) + 64 + 33),
    outcome: 'RAFTLOG_CORRUPT',
  },
];

for (const { row, title, damage, index, outcome } of CASES) {
  t.test(`${row}: ${title}`, async (t) => {
    const files = threeBatches();
    t.equal(files.bytes(PATH).length, END);
    const bytes = damage(files.bytes(PATH));
    if (index !== true) files.remove(`${PATH}.idx`);
    if (bytes === null) files.remove(PATH);
    else files.put(PATH, bytes);
    if (outcome.startsWith('RAFTLOG_')) {
      t.throws(() => reopen(files), { code: outcome, message: new RegExp(`\\(${row}\\)`) });
      if (bytes !== null) t.ok(files.bytes(PATH).equals(bytes), 'file is left as it was');
      return;
    }
    const log = reopen(files);
    t.equal(log.recovered.row, row);
    t.equal(textsOf(log), outcome);
    if (decide(findingsOf(row)).verdict === 'cut') t.equal(files.bytes(PATH).length, log.bytes);
    t.equal(log.recovered.cutBytes > 0, decide(findingsOf(row)).verdict === 'cut');
    appendNow(files, log, { term: 2, texts: ['more'] });
    closeNow(files, log);
    t.equal(textsOf(reopen(files)), `${outcome} more`, 'goes on where it ended');
  });
}

function findingsOf(label: string): Findings {
  const found = allFindings().find((findings) => decide(findings).label === label);
  if (found === undefined) throw new Error(label);
  return found;
}

t.test('an error of corruption names file, offset and index', async (t) => {
  const files = threeBatches();
  files.put(PATH, flip((BATCHES[1] as number) + 64 + 33)(files.bytes(PATH)));
  const offset = (BATCHES[1] as number) + 64;
  t.throws(() => reopen(files), { code: 'RAFTLOG_CORRUPT', file: PATH, offset, index: 3 });
});

t.test('a log of another format version is refused as such', async (t) => {
  const { encodeFileHeader } = await import('../../raftlog/layout.ts');
  const { crc32c } = await import('../../raftlog/crc32c.ts');
  const header = encodeFileHeader({
    clusterId: 'x',
    nodeId: 1,
    base: { index: 0, term: 0, chain: 0 },
    hardState: { term: 0, vote: 0 },
    generation: 0,
  });
  header.writeUInt32LE(2, 8);
  header.writeUInt32LE(crc32c(header, 16, FILE_HEADER_BYTES, crc32c(header, 0, 12, 0)), 12);
  const files = new FaultyFiles();
  files.put(PATH, header);
  t.throws(() => reopen(files), { code: 'RAFTLOG_VERSION', message: /\(R6\).*version 2/ });
});
