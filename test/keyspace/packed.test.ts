import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import {
  pack,
  packElement,
  packedAt,
  packedFind,
  packedMove,
  packedNext,
  packedSeek,
  packedSplice,
  unpack,
} from '../../src/keyspace/packed.ts';

const random = new Prng(5, 6);

function anyText(most: number): string {
  return Array.from({ length: random.below(most) }, () =>
    String.fromCharCode(random.below(256)),
  ).join('');
}

t.test('elements of all lengths and bytes are read back as they were', async (t) => {
  for (let i = 0; i < 200; i++) {
    const elements = Array.from({ length: random.below(20) }, () => anyText(256));
    const packed = pack(elements);
    t.same(unpack(packed), elements);
    t.equal(packed, elements.map(packElement).join(''));
  }
});

t.test('elements are found by number and by content', async (t) => {
  const packed = pack(['a', 'bb', '', 'bc']);
  t.equal(packedAt(packed, packedSeek(packed, 3)), 'bc');
  t.equal(packedSeek(packed, 9), packed.length);
  t.equal(packedFind(packed, 'bc'), packedSeek(packed, 3));
  t.equal(packedFind(packed, ''), packedSeek(packed, 2));
  t.equal(packedFind(packed, 'b'), -1);
});

t.test('a part is replaced by one of any length', async (t) => {
  for (let i = 0; i < 1000; i++) {
    const packed = anyText(60);
    const from = random.below(packed.length + 1);
    const to = from + random.below(packed.length - from + 1);
    const part = anyText(40);
    t.equal(packedSplice(packed, from, to, part), packed.slice(0, from) + part + packed.slice(to));
  }
});

t.test('what moves leaves its place and is put in elsewhere', async (t) => {
  for (let i = 0; i < 1000; i++) {
    const packed = anyText(60);
    const from = random.below(packed.length + 1);
    const to = from + random.below(packed.length - from + 1);
    const part = anyText(40);
    const isEarlier = random.chance(0.5);
    const at = isEarlier ? random.below(from + 1) : to + random.below(packed.length - to + 1);
    const wanted = isEarlier
      ? packed.slice(0, at) + part + packed.slice(at, from) + packed.slice(to)
      : packed.slice(0, from) + packed.slice(to, at) + part + packed.slice(at);
    t.equal(packedMove(packed, { from, to }, at, part), wanted);
  }
});

t.test('strings too long for the shared memory are changed like others', async (t) => {
  const packed = 'x'.repeat(20_000);
  t.equal(packedSplice(packed, 1, 2, 'yy'), `xyy${'x'.repeat(19_998)}`);
  t.equal(packedNext(pack(['abc']), 0), 4);
});
