import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { RawString } from '../../src/keyspace/raw-string.ts';

function text(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
}

t.test('edits do what they do to a plain buffer', async (t) => {
  const random = new Prng(2, 3);
  for (let round = 0; round < 200; round++) {
    const raw = RawString.ofText('x'.repeat(random.below(1500)));
    let model = raw.text();
    for (let step = 0; step < 20; step++) {
      const part = String.fromCharCode(random.below(256)).repeat(random.below(400));
      const offset = random.chance(0.5) ? model.length : random.below(model.length + 300);
      const padded = model.padEnd(offset, '\0');
      if (part !== '') model = padded.slice(0, offset) + part + padded.slice(offset + part.length);
      if (part !== '') raw.write(offset, random.chance(0.5) ? part : Buffer.from(part, 'latin1'));
      if (random.chance(0.3)) raw.share();
      if (raw.text() !== model || raw.length !== model.length) t.fail('an edit went wrong');
    }
  }
  t.pass('200 strings');
});

t.test('bytes that were shared never change', async (t) => {
  const raw = RawString.ofBytes(Buffer.alloc(5000, 'a'));
  const first = raw.share();
  raw.write(10, 'bbb');
  t.equal(text(first), 'a'.repeat(5000));
  const second = raw.slice(0, 4000);
  raw.append('c'.repeat(3000));
  raw.write(20, Buffer.from('ddd'));
  t.equal(text(second).slice(0, 25), `${'a'.repeat(10)}bbb${'a'.repeat(12)}`);
  t.equal(raw.text().slice(18, 25), 'aadddaa');
});

t.test('a copy is independent', async (t) => {
  for (const length of [10, 5000]) {
    const raw = RawString.ofText('a'.repeat(length));
    const copy = raw.copy();
    raw.write(0, 'b');
    t.equal(copy.text(), 'a'.repeat(length));
    t.equal(copy.encoding(), 'raw');
  }
});

t.test('single bytes can be read', async (t) => {
  t.equal(RawString.ofText('abc').byteAt(1), 98);
  t.equal(RawString.ofBytes(Buffer.from([1, 2, 255])).byteAt(2), 255);
  t.throws(() => RawString.ofText('abc').byteAt(3));
});

t.test('single bytes can be set, behind a gap too, without touching what was shared', async (t) => {
  for (const length of [3, 5000]) {
    const raw = RawString.ofText('a'.repeat(length));
    const shared = raw.share();
    raw.setByte(1, 98);
    raw.setByte(2, 99);
    raw.setByte(length + 2, 255);
    t.equal(text(shared), 'a'.repeat(length));
    t.equal(raw.text(), `abc${'a'.repeat(length - 3)}\0\0\xff`);
  }
});

t.test('a view shows all bytes, and they stay unshared', async (t) => {
  const small = RawString.ofText('abc');
  t.equal(text(small.view()), 'abc');
  const large = RawString.ofBytes(Buffer.alloc(5000, 'a'));
  const view = large.view();
  large.setByte(0, 98);
  t.equal(view[0], 98, 'the edit was in place');
});

t.test('few bytes are kept as text', async (t) => {
  t.equal(RawString.ofBytes(Buffer.from([1, 255])).share(), '\x01\xff');
});

t.test('bytes are recycled unless they are shared or do not suit', async (t) => {
  const make = (): RawString => RawString.ofBytes(Buffer.alloc(5000, 'a'));
  t.equal(make().recycle(4000)?.length, 4000);
  t.equal(make().recycle(5001), undefined);
  t.equal(make().recycle(2000), undefined);
  const shared = make();
  shared.share();
  t.equal(shared.recycle(5000), undefined);
  t.equal(RawString.ofText('abc').recycle(3), undefined);
});

t.test('everything is replaced, by less or more, without touching what was shared', async (t) => {
  const raw = RawString.ofText('abc');
  for (const length of [5000, 2000, 10, 3000, 0, 7000]) {
    const before = raw.text();
    const shared = raw.share();
    const source = Buffer.alloc(8000, `${length} `);
    raw.replace(source, length);
    t.equal(raw.text(), source.latin1Slice(0, length));
    t.equal(raw.length, length);
    t.equal(text(shared), before);
  }
});

t.test('bytes are copied out', async (t) => {
  const target = Buffer.alloc(6000, '.');
  RawString.ofText('abc').copyTo(target);
  t.equal(target.latin1Slice(0, 5), 'abc..');
  RawString.ofText('d'.repeat(5000)).copyTo(target);
  t.equal(target.latin1Slice(4998, 5002), 'dd..');
});

t.test('what was remembered of the content is forgotten with every change', async (t) => {
  for (const length of [10, 5000]) {
    const raw = RawString.ofText('a'.repeat(length));
    t.equal(raw.memo, undefined);
    for (const change of [
      () => raw.setByte(0, 98),
      () => raw.write(2, 'c'),
      () => raw.append('d'),
      () => raw.replace(Buffer.alloc(length), length),
    ]) {
      raw.memo = 5;
      change();
      t.equal(raw.memo, undefined);
    }
    raw.memo = 6;
    t.equal(raw.copy().memo, undefined);
    raw.share();
    t.equal(raw.memo, 6);
  }
});

t.test('gaps behind a shared or grown end are zeros', async (t) => {
  const raw = RawString.ofBytes(Buffer.alloc(5000, 'a'));
  raw.append('b');
  raw.share();
  raw.write(6000, 'c');
  t.equal(raw.text(), `${'a'.repeat(5000)}b${'\0'.repeat(999)}c`);
});

t.test('many small appends to a long string do not copy it each time', async (t) => {
  const raw = RawString.ofBytes(Buffer.alloc(1024 * 1024));
  const start = performance.now();
  for (let i = 0; i < 200_000; i++) raw.append('0123456789');
  t.equal(raw.length, 1024 * 1024 + 2_000_000);
  t.ok(performance.now() - start < 5000);
});
