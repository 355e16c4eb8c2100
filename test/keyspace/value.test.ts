import t from 'tap';
import { RawString } from '../../src/keyspace/raw-string.ts';
import {
  copyOf,
  encodingOf,
  integerOf,
  isString,
  lengthOf,
  narrow,
  parseInteger,
  replyOf,
  sliceOf,
  stringOf,
  textOf,
  typeName,
} from '../../src/keyspace/value.ts';
import { FakeCollection } from './fake-collection.ts';

t.test('integers are read in their one form only', async (t) => {
  t.equal(parseInteger('0'), 0);
  t.equal(parseInteger('-1'), -1);
  t.equal(parseInteger('123456789012345'), 123456789012345);
  t.equal(parseInteger('9007199254740991'), 9007199254740991);
  t.equal(parseInteger('9007199254740993'), 9007199254740993n);
  t.equal(parseInteger('9223372036854775807'), 9223372036854775807n);
  t.equal(parseInteger('-9223372036854775808'), -9223372036854775808n);
  const others = ['', '-', '-0', '00', '01', '+1', ' 1', '1 ', '1.0', '1e3', '0x1', 'a'];
  for (const text of [...others, '9223372036854775808', '-9223372036854775809', '1'.repeat(21)]) {
    t.equal(parseInteger(text), undefined, text);
  }
});

t.test('a number that does not fit in 64 bits is not narrowed', async (t) => {
  t.equal(narrow(5n), 5);
  t.equal(narrow(2n ** 63n - 1n), 2n ** 63n - 1n);
  t.equal(narrow(2n ** 63n), undefined);
  t.equal(narrow(-(2n ** 63n) - 1n), undefined);
});

t.test('all forms of a string give the same text, length and reply', async (t) => {
  for (const text of ['12', '9007199254740993', '', 'hello', 'x'.repeat(3000)]) {
    for (const value of [stringOf(text), text, RawString.ofText(text)]) {
      t.equal(textOf(value), text);
      t.equal(lengthOf(value), text.length);
      t.equal(Buffer.from(replyOf(value) as string, 'latin1').toString('latin1'), text);
      t.equal(sliceOf(value, 1, 2), text.slice(1, 2));
      t.equal(integerOf(value), parseInteger(text));
      t.equal(typeName(value), 'string');
      t.equal(textOf(copyOf(value) as string), text);
    }
  }
});

t.test('the encoding follows the form', async (t) => {
  t.equal(encodingOf(stringOf('12')), 'int');
  t.equal(encodingOf(stringOf('9007199254740993')), 'int');
  t.equal(encodingOf('12'), 'embstr');
  t.equal(encodingOf('x'.repeat(44)), 'embstr');
  t.equal(encodingOf('x'.repeat(45)), 'raw');
  t.equal(encodingOf(RawString.ofText('x')), 'raw');
});

t.test('a collection is told from a string', async (t) => {
  const collection = new FakeCollection(['a']);
  t.equal(isString(collection), false);
  t.equal(typeName(collection), 'list');
  t.equal(encodingOf(collection), 'listpack');
  t.not(copyOf(collection), collection);
});
