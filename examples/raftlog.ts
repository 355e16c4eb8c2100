/**
 * A log on its own, without balsa: write three entries, lose the last one to another leader, close,
 * open again and read what is there. Prints what it finds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLog,
  nodeFiles,
  openLog,
  payloadStart,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordChain,
  recordIndex,
  recordTerm,
  sealRecord,
} from '../raftlog/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'raftlog-'));
const options = {
  files: nodeFiles,
  path: join(folder, 'example.log'),
  fsync: true,
  microseconds: (): number => performance.now() * 1000,
};

function encode(index: number, term: number, text: string, chain: number): Buffer {
  const payload = Buffer.from(text);
  const record = Buffer.alloc(RECORD_HEADER_BYTES + payload.length);
  payload.copy(record, payloadStart(0));
  sealRecord(record, 0, index, term, 1, payload.length, chain);
  return record;
}

const log = createLog({ ...options, clusterId: 'example', nodeId: 1 });

function put(term: number, first: number, texts: readonly string[], then: () => void): void {
  let chain = log.chainAt(first - 1);
  const pieces = texts.map((text, i) => {
    const record = encode(first + i, term, text, chain);
    chain = recordChain(record, 0);
    return record;
  });
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const truncateFrom = first <= log.lastIndex ? first : 0;
  const hardState = { term, vote: 1 };
  log.append({ hardState, truncateFrom, first, count: texts.length, pieces, bytes }, (error) => {
    if (error !== null) throw error;
    console.log(`durable up to entry ${log.durableIndex}`);
    then();
  });
}

function readBack(): void {
  const again = openLog(options);
  console.log(`term ${again.hardState.term}, entries ${again.firstIndex}..${again.lastIndex}`);
  again.replay(again.firstIndex, (buffer, at) => {
    const text = buffer.toString('utf8', payloadStart(at), at + recordBytes(buffer, at));
    console.log(`entry ${recordIndex(buffer, at)} of term ${recordTerm(buffer, at)}: ${text}`);
  });
  again.close(() => rmSync(folder, { recursive: true }));
}

put(1, 1, ['one', 'two', 'three'], () => {
  put(2, 3, ['another three'], () => log.close(readBack));
});
