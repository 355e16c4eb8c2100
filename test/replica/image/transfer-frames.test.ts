import t from 'tap';
import { asLogIndex, asTerm } from '../../../src/base/ids.ts';
import { Prng } from '../../../src/base/prng.ts';
import { type Frame, FrameReader, frameHead } from '../../../src/replica/frame.ts';
import {
  decodeTransfer,
  encodeTransfer,
  type TransferMessage,
} from '../../../src/replica/image/transfer-frames.ts';
import { sampleImage } from '../../support/image-transfer.ts';

const IMAGE = sampleImage({ records: 3 });
const [ENTRY] = IMAGE.entries;
const KEY = ENTRY?.key ?? Buffer.alloc(0);

const MESSAGES: readonly TransferMessage[] = [
  { kind: 'offer', term: asTerm(9), stored: IMAGE.stored },
  { kind: 'want', after: null, bytes: 0 },
  { kind: 'want', after: KEY, bytes: 2 ** 40 },
  { kind: 'chunk', number: 7, entries: IMAGE.entries },
  { kind: 'ack', number: 7 },
  { kind: 'end', number: 0 },
  { kind: 'done', index: asLogIndex(2 ** 50) },
  { kind: 'refused', reason: 'busy' },
  { kind: 'refused', reason: 'outdated' },
  { kind: 'refused', reason: 'incomplete' },
];

/** As it comes out of a link. */
function frameOf(pieces: readonly Uint8Array[]): Frame {
  const reader = new FrameReader();
  reader.push(Buffer.concat(pieces));
  const frame = reader.next();
  if (frame === null || frame === 'malformed') throw new Error('no frame');
  return frame;
}

function number(value: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeDoubleLE(value, 0);
  return header;
}

/** A chunk whose body is what it is. */
function chunk(body: Buffer): TransferMessage | null {
  return decodeTransfer(frameOf([frameHead(9, number(1), body.length), body]));
}

t.test('every message comes out as it went in', (t) => {
  for (const message of MESSAGES) {
    t.same(decodeTransfer(frameOf(encodeTransfer(message))), message, message.kind);
  }
  t.end();
});

t.test('bytes that are no message are refused, never an exception', (t) => {
  const random = new Prng(1, Number(process.env['SEED'] ?? 7));
  let refused = 0;
  for (let i = 0; i < 5000; i++) {
    const message = MESSAGES[random.below(MESSAGES.length)];
    if (message === undefined) break;
    const { type, header, body } = frameOf(encodeTransfer(message));
    const changed = { type, header: Buffer.from(header), body: Buffer.from(body) };
    const target = random.chance(0.5) || body.length === 0 ? changed.header : changed.body;
    target[random.below(target.length)] = random.below(256);
    if (decodeTransfer(changed) === null) refused++;
  }
  t.ok(refused > 500, `${refused} of 5000 were refused`);
  t.end();
});

t.test('a type that is none of these is refused', (t) => {
  t.equal(decodeTransfer(frameOf([frameHead(1, number(1), 0)])), null);
  t.equal(decodeTransfer(frameOf([frameHead(14, number(1), 0)])), null);
  t.end();
});

t.test('numbers that are no counts are refused', (t) => {
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
    t.equal(decodeTransfer(frameOf([frameHead(10, number(value), 0)])), null, String(value));
  }
  t.equal(decodeTransfer(frameOf([frameHead(10, Buffer.alloc(4), 0)])), null);
  t.end();
});

t.test('a message that has no body is refused with one', (t) => {
  t.equal(decodeTransfer(frameOf([frameHead(10, number(1), 1), Buffer.alloc(1)])), null);
  t.end();
});

t.test('an offer whose head is damaged is refused', (t) => {
  const { type, header, body } = frameOf(encodeTransfer(MESSAGES[0] as TransferMessage));
  const damaged = Buffer.from(body);
  damaged[20] = (damaged[20] ?? 0) ^ 1;
  t.equal(decodeTransfer({ type, header, body: damaged }), null);
  t.end();
});

t.test('a key to go on after must be one of a record', (t) => {
  const other = Buffer.from(KEY);
  other[0] = 1;
  t.equal(decodeTransfer(frameOf([frameHead(8, number(0), 21), other])), null);
  t.equal(decodeTransfer(frameOf([frameHead(8, number(0), 20), KEY.subarray(1)])), null);
  t.end();
});

t.test('a chunk must end where its last entry does', (t) => {
  const { body } = frameOf(encodeTransfer(MESSAGES[3] as TransferMessage));
  t.not(chunk(body), null);
  t.equal(chunk(body.subarray(0, -1)), null);
  t.equal(chunk(Buffer.concat([body, Buffer.alloc(3)])), null);
  t.equal(chunk(Buffer.alloc(0)), null);
  t.end();
});

t.test('a value longer than a piece can be is refused', (t) => {
  const value = Buffer.alloc(128 * 1024 + 65);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length, 0);
  t.equal(chunk(Buffer.concat([length, KEY, value])), null);
  t.end();
});
