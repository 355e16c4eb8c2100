import t from 'tap';
import {
  type BatchHead,
  decodeBatchHead,
  decodeFileHeader,
  encodeBatchHead,
  encodeFileHeader,
} from '../../raftlog/layout.ts';

const HEADER = {
  clusterId: '0123456789abcdef0123456789abcdef',
  nodeId: 2 ** 31 + 5,
  base: { index: 2 ** 45, term: 2 ** 34, chain: 0xdeadbeef },
  hardState: { term: 2 ** 35, vote: 77 },
  generation: 3,
};

const HEAD: BatchHead = {
  offset: 2 ** 33 + 1,
  watermark: 2 ** 33,
  hardState: { term: 2 ** 40, vote: 0xffffffff },
  first: 2 ** 41,
  count: 5,
  bodyBytes: 2 ** 32 + 9,
  truncates: true,
  chain: 0x80000000,
};

function encoded(head: BatchHead): Buffer {
  const bytes = Buffer.alloc(70);
  encodeBatchHead(bytes, 6, head, 99);
  return bytes;
}

t.test('a file header is read as it was written', async (t) => {
  const found = decodeFileHeader(encodeFileHeader(HEADER));
  t.match(found, { kind: 'log', header: HEADER });
});

t.test('headers of different files have different identities', async (t) => {
  const identities = [HEADER, { ...HEADER, nodeId: 1 }, { ...HEADER, generation: 4 }].map(
    (header) => encodeFileHeader(header).readUInt32LE(12),
  );
  t.equal(new Set(identities).size, 3);
});

t.test('a batch header is read as it was written', async (t) => {
  t.strictSame(decodeBatchHead(encoded(HEAD), 6, HEAD.offset, 99), HEAD);
});

t.test('a batch header at another offset, or of another file, is none', async (t) => {
  t.equal(decodeBatchHead(encoded(HEAD), 6, HEAD.offset + 1, 99), null);
  t.equal(decodeBatchHead(encoded(HEAD), 6, HEAD.offset, 98), null);
});

t.test('a batch header that attests itself is none', async (t) => {
  const bytes = encoded({ ...HEAD, watermark: HEAD.offset + 1 });
  t.equal(decodeBatchHead(bytes, 6, HEAD.offset, 99), null);
});

t.test('a batch header with a changed bit is none', async (t) => {
  const bytes = encoded(HEAD);
  for (let at = 6; at < 70; at++) {
    for (let bit = 0; bit < 8; bit++) {
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      if (decodeBatchHead(bytes, 6, HEAD.offset, 99) !== null) t.fail(`byte ${at}, bit ${bit}`);
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
    }
  }
});
