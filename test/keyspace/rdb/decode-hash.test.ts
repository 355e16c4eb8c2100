import t from 'tap';
import { readDump } from '../../../src/keyspace/rdb/dump.ts';
import { listpackOf } from './new-forms.ts';
import { length, payload, text } from './old-forms.ts';

/** A time in ms of the epoch, as RDB writes it. */
function time(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

const EXPECTED = {
  type: 'hash',
  pairs: ['f', 'v', 'g', '5', 'h', 'w'],
  deadlines: [2000, 0, 2007],
};

function fields(base: number): Buffer {
  const relative = (deadline: number): Buffer =>
    length(base === 0 ? deadline : deadline - base + 1);
  const f = [relative(2000), text('f'), text('v')];
  const g = [length(0), text('g'), text('5')];
  return Buffer.concat([length(3), ...f, ...g, relative(2007), text('h'), text('w')]);
}

const LISTPACK = listpackOf(['f', 'v', 2000, 'g', 5, 0, 'h', 'w', 2007]);

t.test('hashes with deadlines are read, those of 7.4.0 and earlier ones', async (t) => {
  for (const [type, body] of [
    [22, fields(0)],
    [23, text(LISTPACK)],
    [24, Buffer.concat([time(2000), fields(2000)])],
    [25, Buffer.concat([time(2000), text(LISTPACK)])],
  ] as const) {
    t.same(readDump(payload(type, body, 12)), EXPECTED, `type ${type}`);
  }
});

t.test('a hash whose fields all stay has no deadlines', async (t) => {
  const body = Buffer.concat([length(1), length(0), text('f'), text('v')]);
  t.same(readDump(payload(22, body, 12)), {
    type: 'hash',
    pairs: ['f', 'v'],
    deadlines: undefined,
  });
});

t.test('deadlines beyond all times are refused', async (t) => {
  const wide = Buffer.from([0x81, 0, 1, 0, 0, 0, 0, 0, 0]);
  const field = [text('f'), text('v')];
  for (const [type, body] of [
    [22, Buffer.concat([length(1), wide, ...field])],
    [23, text(listpackOf(['f', 'v', -1]))],
    [23, text(listpackOf(['f', 'v', 2 ** 48]))],
    [23, text(listpackOf(['f', 'v', 'x']))],
    [23, text(listpackOf(['f', 'v']))],
    [24, Buffer.concat([time(-1), length(1), length(1), ...field])],
    [24, Buffer.concat([time(2 ** 48 - 2), length(1), length(2), ...field])],
    [25, Buffer.concat([time(-5), text(LISTPACK)])],
  ] as const) {
    t.equal(readDump(payload(type, body, 12)), undefined, `type ${type}`);
  }
});
