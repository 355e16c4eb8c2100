import t from 'tap';
import { listpackOf } from './new-forms.ts';

t.test('a listpack has the bytes that Redis would give it', async (t) => {
  t.equal(
    listpackOf(['a', '1', 'bb', '-300']).toString('hex'),
    '130000000400816102010182626203ded402ff',
  );
  t.equal(
    listpackOf(['a', 5, 300, '-70000', 5000000000, 'hello']).toString('hex'),
    '2500000006008161020501c12c02f290eefe04f400f2052a01000000098568656c6c6f06ff',
  );
});

t.test('what is no canonical integer stays a text', async (t) => {
  for (const text of ['', '-', '01', '-0', '+1', ' 1', '1 ', '9223372036854775808', '1.0']) {
    const head = Buffer.from([0x80 | text.length]);
    const body = Buffer.concat([head, Buffer.from(text)]);
    t.equal(
      listpackOf([text]).subarray(6, -1).toString('hex'),
      Buffer.concat([body, Buffer.from([body.length])]).toString('hex'),
      text,
    );
  }
});

t.test('a listpack of very many elements has no count', async (t) => {
  const bytes = listpackOf(new Array(70_000).fill(1));
  t.equal(bytes.readUInt16LE(4), 65535);
  t.equal(bytes.length, 7 + 140_000);
});
