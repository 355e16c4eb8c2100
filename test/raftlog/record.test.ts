import t from 'tap';
import {
  checkRecord,
  payloadStart,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordChain,
  recordIndex,
  recordKind,
  recordTerm,
  sealRecord,
} from '../../raftlog/record.ts';

function record(text: string, chain = 0): Buffer {
  const payload = Buffer.from(text);
  const bytes = Buffer.alloc(5 + RECORD_HEADER_BYTES + payload.length, 0xee);
  payload.copy(bytes, payloadStart(5));
  sealRecord(bytes, 5, 2 ** 40 + 3, 2 ** 33, 200, payload.length, chain);
  return bytes;
}

t.test('sealRecord writes what the readers read', async (t) => {
  const bytes = record('hello');
  t.equal(recordBytes(bytes, 5), RECORD_HEADER_BYTES + 5);
  t.equal(recordIndex(bytes, 5), 2 ** 40 + 3);
  t.equal(recordTerm(bytes, 5), 2 ** 33);
  t.equal(recordKind(bytes, 5), 200);
  t.equal(checkRecord(bytes, 5, bytes.length, 0), recordChain(bytes, 5));
});

t.test('checkRecord accepts an empty payload', async (t) => {
  const bytes = record('');
  t.not(checkRecord(bytes, 5, bytes.length, 0), -1);
});

t.test('checkRecord refuses every change of one bit', async (t) => {
  const bytes = record('some payload');
  for (let at = 5; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      if (checkRecord(bytes, 5, bytes.length, 0) !== -1) t.fail(`byte ${at}, bit ${bit}`);
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
    }
  }
  t.not(checkRecord(bytes, 5, bytes.length, 0), -1);
});

t.test('checkRecord refuses a record that is cut short anywhere', async (t) => {
  const bytes = record('some payload');
  for (let end = 5; end < bytes.length; end++) t.equal(checkRecord(bytes, 5, end, 0), -1);
});

t.test('checkRecord refuses a record behind another predecessor', async (t) => {
  const bytes = record('x', 1234);
  t.equal(checkRecord(bytes, 5, bytes.length, 1235), -1);
  t.not(checkRecord(bytes, 5, bytes.length, 1234), -1);
});
