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

t.test('many small appends to a long string do not copy it each time', async (t) => {
  const raw = RawString.ofBytes(Buffer.alloc(1024 * 1024));
  const start = performance.now();
  for (let i = 0; i < 200_000; i++) raw.append('0123456789');
  t.equal(raw.length, 1024 * 1024 + 2_000_000);
  t.ok(performance.now() - start < 5000);
});
