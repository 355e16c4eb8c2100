/** Every cut and every flipped bit of a small log, with what may and what must not come of it. */
import t from 'tap';
import { RaftLogError } from '../../raftlog/errors.ts';
import { decodeBatchHead } from '../../raftlog/layout.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import {
  appendNow,
  batchFor,
  closeNow,
  entriesOf,
  newLog,
  PATH,
  reopen,
  type TestEntry,
} from './log-fixture.ts';

interface Stage {
  /** File offset behind the batch. */
  readonly end: number;
  /** The log as it stands then. */
  readonly state: string;
}

/** Batches of one and more entries, a change of term, a truncation, a group of two in one write. */
function sample(): { files: FaultyFiles; stages: Stage[]; durable: number } {
  const files = new FaultyFiles();
  const log = newLog(files);
  const stages: Stage[] = [{ end: log.bytes, state: stateOf([], 0, 0) }];
  const model: TestEntry[] = [];
  const note = (term: number, vote: number, first: number, texts: readonly string[]): void => {
    model.length = Math.min(model.length, first - 1);
    texts.forEach((text, i) => {
      model.push({ index: first + i, term, text });
    });
    stages.push({ end: log.bytes, state: stateOf(model, term, vote) });
  };
  const add = (term: number, vote: number, first: number, texts: readonly string[]): void => {
    appendNow(files, log, { term, vote, first, texts });
    note(term, vote, first, texts);
  };
  add(1, 7, 1, ['a', 'bb']);
  add(1, 7, 3, ['', 'dddddddddddddddddddd', 'e']);
  add(2, 0, 6, []);
  add(3, 9, 4, ['D', 'E']);
  add(3, 9, 6, ['f']);
  add(4, 2, 6, []);
  // The last two go into one group: the first is written at once, the second behind its sync.
  const durable = log.bytes;
  log.append(batchFor(log, { term: 4, vote: 2, texts: ['g'] }), () => {});
  note(4, 2, 6, ['g']);
  log.append(batchFor(log, { term: 4, vote: 2, texts: ['h', 'i'] }), () => {});
  note(4, 2, 7, ['h', 'i']);
  files.completeSyncs();
  return { files, stages, durable };
}

function stateOf(entries: readonly TestEntry[], term: number, vote: number): string {
  return JSON.stringify({ entries, term, vote });
}

/** The state after opening, or the code of the error. */
function outcome(files: FaultyFiles): string {
  try {
    const log = reopen(files);
    const { term, vote } = log.hardState;
    return stateOf(entriesOf(log), term, vote);
  } catch (error) {
    if (error instanceof RaftLogError) return error.code;
    throw error;
  }
}

/** Highest watermark in a batch header that survives in `bytes` at its own place. */
function attested(bytes: Buffer): number {
  let highest = 0;
  const identity = bytes.readUInt32LE(12);
  for (let at = 128; at + 64 <= bytes.length; at++) {
    const head = decodeBatchHead(bytes, at, at, identity);
    if (head !== null) highest = Math.max(highest, head.watermark);
  }
  return highest;
}

function diskWith(bytes: Buffer): FaultyFiles {
  const files = new FaultyFiles();
  files.put(PATH, bytes);
  return files;
}

t.test('a log cut at any byte is a prefix of whole batches', async (t) => {
  const { files, stages } = sample();
  const bytes = files.bytes(PATH);
  for (let cut = 128; cut <= bytes.length; cut++) {
    const kept = stages.findLast((stage) => stage.end <= cut);
    const found = outcome(diskWith(bytes.subarray(0, cut)));
    if (found !== kept?.state) t.fail(`cut at ${cut}: ${found}`);
  }
  for (let cut = 0; cut < 128; cut++) {
    t.equal(outcome(diskWith(bytes.subarray(0, cut))), 'RAFTLOG_HEADER', `cut at ${cut}`);
  }
});

t.test('a log that was closed and is then cut at any byte is corrupt', async (t) => {
  const { files } = sample();
  const log = reopen(files);
  closeNow(files, log);
  const bytes = files.bytes(PATH);
  const index = files.bytes(`${PATH}.idx`);
  for (let cut = 128; cut < bytes.length; cut++) {
    const disk = diskWith(bytes.subarray(0, cut));
    disk.put(`${PATH}.idx`, index);
    const found = outcome(disk);
    if (found !== 'RAFTLOG_CORRUPT') t.fail(`cut at ${cut}: ${found}`);
  }
});

t.test('a log filled with zeros from any byte on is a prefix or corrupt', async (t) => {
  const { files, stages } = sample();
  const bytes = files.bytes(PATH);
  for (let from = 128; from < bytes.length; from++) {
    const disk = diskWith(Buffer.from(bytes).fill(0, from));
    const found = outcome(disk);
    // Bytes of the tail that are zero anyhow may make the cut batch whole.
    const possible = stages.filter((stage) => stage.end <= from + 64).map((stage) => stage.state);
    if (!possible.includes(found)) t.fail(`zeros from ${from}: ${found}`);
  }
});

t.test(
  'a flipped bit never yields a wrong entry and loses nothing below a watermark',
  async (t) => {
    const { files, stages, durable } = sample();
    const bytes = files.bytes(PATH);
    const whole = stages.at(-1)?.state;
    t.equal(outcome(files), whole);
    let corrupt = 0;
    let cut = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        const found = outcome(diskWith(damaged));
        if (at < 128) {
          if (found !== 'RAFTLOG_HEADER') t.fail(`byte ${at} bit ${bit}: ${found}`);
          continue;
        }
        const stage = stages.findLast((candidate) => candidate.end <= at);
        const lost = stage !== undefined && stage.end < attested(damaged);
        const expected = lost ? 'RAFTLOG_CORRUPT' : stage?.state;
        if (found !== expected) t.fail(`byte ${at} bit ${bit}: ${found}`);
        if (lost) corrupt++;
        else cut++;
        if (at < durable - 64 && !lost && at < (stages.at(-4)?.end ?? 0)) t.fail(`cut at ${at}`);
      }
    }
    t.ok(corrupt > cut, `${corrupt} corrupt, ${cut} cut`);
  },
);

t.test(
  'a sector that has become zeros is a prefix or corrupt, and told in a closed log',
  async (t) => {
    const files = new FaultyFiles();
    const log = newLog(files);
    const stages = [{ end: log.bytes, state: stateOf([], 0, 0) }];
    const model: TestEntry[] = [];
    for (let i = 1; i <= 40; i++) {
      const text = `${i}`.repeat(1 + (i % 7) * 20);
      appendNow(files, log, { term: 1, vote: 7, texts: [text] });
      model.push({ index: i, term: 1, text });
      stages.push({ end: log.bytes, state: stateOf(model, 1, 7) });
    }
    const open = files.bytes(PATH);
    closeNow(files, log);
    const index = files.bytes(`${PATH}.idx`);
    for (let at = 0; at < open.length; at += 512) {
      const damaged = Buffer.from(open).fill(0, at, Math.min(open.length, at + 512));
      const found = outcome(diskWith(damaged));
      const kept = stages.findLast(({ end }) => end <= at);
      const vouched = kept !== undefined && kept.end < attested(damaged);
      if (at === 0) t.equal(found, 'RAFTLOG_HEADER');
      else if (vouched) t.equal(found, 'RAFTLOG_CORRUPT', `sector at ${at}`);
      else t.equal(found, kept?.state, `sector at ${at}`);
      const closed = diskWith(damaged);
      closed.put(`${PATH}.idx`, index);
      t.match(outcome(closed), /^RAFTLOG_(HEADER|CORRUPT)$/, `sector at ${at} of a closed log`);
    }
  },
);

t.test('two damaged places are never opened as more than a prefix', async (t) => {
  const { files, stages } = sample();
  const bytes = files.bytes(PATH);
  const states = new Set(stages.map((stage) => stage.state));
  for (let a = 128; a < bytes.length; a += 5) {
    for (let b = a + 1; b < bytes.length; b += 11) {
      const damaged = Buffer.from(bytes);
      damaged[a] = (damaged[a] as number) ^ 0xff;
      damaged[b] = (damaged[b] as number) ^ 0x01;
      const found = outcome(diskWith(damaged));
      if (found !== 'RAFTLOG_CORRUPT' && !states.has(found)) t.fail(`${a}, ${b}: ${found}`);
    }
  }
});

t.test('a damaged index file changes nothing but the index file', async (t) => {
  const { files, stages } = sample();
  closeNow(files, reopen(files));
  const index = files.bytes(`${PATH}.idx`);
  for (let at = 0; at < index.length; at++) {
    const disk = diskWith(files.bytes(PATH));
    const damaged = Buffer.from(index);
    damaged[at] = (damaged[at] as number) ^ 0x41;
    disk.put(`${PATH}.idx`, damaged);
    if (outcome(disk) !== stages.at(-1)?.state) t.fail(`byte ${at}`);
    if (!disk.bytes(`${PATH}.idx`).equals(index)) t.fail(`byte ${at} is not repaired`);
  }
});
