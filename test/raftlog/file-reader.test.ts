import t from 'tap';
import { crc32c } from '../../raftlog/crc32c.ts';
import { FileReader } from '../../raftlog/file-reader.ts';
import { FaultyFiles, systemError } from '../support/faulty-files.ts';

const WINDOW = 1 << 20;

function readerOf(bytes: Buffer): { reader: FileReader; files: FaultyFiles } {
  const files = new FaultyFiles();
  files.put('/f', bytes);
  const file = files.open('/f', { create: false });
  return { reader: new FileReader(file, '/f', bytes.length), files };
}

function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));
}

t.test('a view shows the bytes asked for, wherever they are', async (t) => {
  const bytes = pattern(3 * WINDOW);
  const { reader } = readerOf(bytes);
  const views: readonly (readonly [number, number])[] = [
    [0, 1],
    [WINDOW - 3, 6],
    [5, 2 * WINDOW],
    [2 * WINDOW + 1, 9],
    [3 * WINDOW - 1, 1],
  ];
  for (const [position, count] of views) {
    const at = reader.view(position, count);
    const seen = reader.buffer.subarray(at, at + count);
    t.ok(seen.equals(bytes.subarray(position, position + count)), `${count} at ${position}`);
  }
});

t.test('a CRC goes over any number of windows', async (t) => {
  const bytes = pattern(2 * WINDOW + 777);
  const { reader } = readerOf(bytes);
  t.equal(reader.crc(11, bytes.length, 5), crc32c(bytes, 11, bytes.length, 5));
});

t.test('a needle is found across the border of windows, at the start and at the end', async (t) => {
  const needle = Buffer.from('NEEDLE');
  for (const place of [0, 1, WINDOW - 5, WINDOW - 1, WINDOW, 2 * WINDOW - 3, 2 * WINDOW + 10]) {
    const bytes = Buffer.alloc(2 * WINDOW + 16);
    needle.copy(bytes, place);
    const { reader } = readerOf(bytes);
    t.equal(reader.find(needle, 0), place);
    t.equal(reader.find(needle, place + 1), -1);
  }
});

t.test('zeros are zeros only if all are', async (t) => {
  for (const place of [10, WINDOW, 2 * WINDOW - 1]) {
    const bytes = Buffer.alloc(2 * WINDOW);
    bytes[place] = 1;
    const { reader } = readerOf(bytes);
    t.equal(reader.zeroFrom(10), false);
    t.equal(reader.zeroFrom(place + 1), true);
  }
});

t.test('a file that shrinks, or cannot be read, is an error that says so', async (t) => {
  const { reader, files } = readerOf(pattern(100));
  files.open('/f', { create: false }).truncate(40);
  t.throws(() => reader.view(30, 20), { code: 'RAFTLOG_FAILED', offset: 40 });
  const failing = {
    ...files.open('/f', { create: false }),
    read: () => {
      throw systemError('EIO', 'bad disk');
    },
  };
  const broken = new FileReader(failing as never, '/f', 100);
  t.throws(() => broken.view(0, 1), { code: 'RAFTLOG_FAILED', cause: { code: 'EIO' } });
});
