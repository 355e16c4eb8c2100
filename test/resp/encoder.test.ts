import t from 'tap';
import { Args } from '../../src/resp/args.ts';
import { commandBytes, encodeCommand, writeCommand } from '../../src/resp/command-encoder.ts';
import { parseCommand } from '../../src/resp/command-parser.ts';
import { ReplyWriter } from '../../src/resp/encoder.ts';
import {
  BigNumberReply,
  BooleanReply,
  DoubleReply,
  ErrorReply,
  MapReply,
  NO_REPLY,
  NULL_ARRAY,
  OK,
  PairsReply,
  PushReply,
  type Reply,
  SetReply,
  SimpleString,
  VerbatimReply,
} from '../../src/resp/reply.ts';

function encode(reply: Reply, protocol: 2 | 3): string {
  const writer = new ReplyWriter();
  writer.write(reply, protocol);
  return writer.view().toString('latin1');
}

const CASES: readonly (readonly [string, Reply, string, string])[] = [
  ['bulk string', 'abc', '$3\r\nabc\r\n', '$3\r\nabc\r\n'],
  ['empty string', '', '$0\r\n\r\n', '$0\r\n\r\n'],
  ['binary string', '\x00\xff', '$2\r\n\x00\xff\r\n', '$2\r\n\x00\xff\r\n'],
  ['bytes', Buffer.from('\r\n'), '$2\r\n\r\n\r\n', '$2\r\n\r\n\r\n'],
  ['integer', 42, ':42\r\n', ':42\r\n'],
  ['negative integer', -7, ':-7\r\n', ':-7\r\n'],
  ['negative zero', -0, ':0\r\n', ':0\r\n'],
  ['large integer', 2 ** 53 - 1, ':9007199254740991\r\n', ':9007199254740991\r\n'],
  ['bigint', -(2n ** 63n), ':-9223372036854775808\r\n', ':-9223372036854775808\r\n'],
  [
    'pairs',
    new PairsReply(['a', 1, 'b', 2]),
    '*4\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n:2\r\n',
    '*2\r\n*2\r\n$1\r\na\r\n:1\r\n*2\r\n$1\r\nb\r\n:2\r\n',
  ],
  [
    'nested map',
    new MapReply([['a', 1]], true),
    '*1\r\n*2\r\n$1\r\na\r\n:1\r\n',
    '%1\r\n$1\r\na\r\n:1\r\n',
  ],
  ['double with a text of its own', new DoubleReply(1.5, '1.50'), '$4\r\n1.50\r\n', ',1.50\r\n'],
  ['null', null, '$-1\r\n', '_\r\n'],
  ['null array', NULL_ARRAY, '*-1\r\n', '_\r\n'],
  ['OK', OK, '+OK\r\n', '+OK\r\n'],
  [
    'simple string',
    new SimpleString('Background saving'),
    '+Background saving\r\n',
    '+Background saving\r\n',
  ],
  ['error', new ErrorReply('ERR no\r\n+OK'), '-ERR no  +OK\r\n', '-ERR no  +OK\r\n'],
  ['double', new DoubleReply(0.1), '$3\r\n0.1\r\n', ',0.1\r\n'],
  ['infinity', new DoubleReply(-Infinity), '$4\r\n-inf\r\n', ',-inf\r\n'],
  ['not a number', new DoubleReply(Number.NaN), '$3\r\nnan\r\n', ',nan\r\n'],
  ['true', new BooleanReply(true), ':1\r\n', '#t\r\n'],
  ['false', new BooleanReply(false), ':0\r\n', '#f\r\n'],
  ['big number', new BigNumberReply('123'), '$3\r\n123\r\n', '(123\r\n'],
  ['verbatim', new VerbatimReply('txt', 'hi'), '$2\r\nhi\r\n', '=6\r\ntxt:hi\r\n'],
  ['empty array', [], '*0\r\n', '*0\r\n'],
  [
    'nested array',
    [1, ['a', null]],
    '*2\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n',
    '*2\r\n:1\r\n*2\r\n$1\r\na\r\n_\r\n',
  ],
  ['map', new MapReply([['a', 1]]), '*2\r\n$1\r\na\r\n:1\r\n', '%1\r\n$1\r\na\r\n:1\r\n'],
  ['set', new SetReply(['a']), '*1\r\n$1\r\na\r\n', '~1\r\n$1\r\na\r\n'],
  ['push', new PushReply(['a']), '*1\r\n$1\r\na\r\n', '>1\r\n$1\r\na\r\n'],
  ['no reply', NO_REPLY, '', ''],
];

for (const [name, reply, resp2, resp3] of CASES) {
  t.test(`${name} is encoded in both protocols`, (t) => {
    t.equal(encode(reply, 2), resp2);
    t.equal(encode(reply, 3), resp3);
    t.end();
  });
}

t.test('lengths and integers of every number of digits are spelt right', (t) => {
  for (const size of [0, 9, 10, 23, 24, 25, 99, 100, 999, 1000, 65535, 1_000_000]) {
    t.equal(encode('x'.repeat(size), 2), `$${size}\r\n${'x'.repeat(size)}\r\n`);
  }
  for (let power = 1; power <= 2 ** 53; power *= 2) {
    for (const n of [power - 1, power]) {
      if (Number.isSafeInteger(n)) t.equal(encode(n, 2), `:${n}\r\n`);
    }
  }
  t.end();
});

t.test('a number that is no integer is a bug', (t) => {
  t.throws(() => encode(0.5, 2), /integer/);
  t.throws(() => encode(2 ** 53, 2), /integer/);
  t.end();
});

t.test('replies written one after another stand one after another', (t) => {
  const writer = new ReplyWriter();
  let expected = '';
  for (let i = 0; i < 1000; i++) {
    writer.write('v'.repeat(i), 2);
    writer.write(i, 2);
    expected += `$${i}\r\n${'v'.repeat(i)}\r\n:${i}\r\n`;
  }
  t.equal(writer.view().toString('latin1'), expected);
  t.end();
});

t.test('headers and raw parts can be written by hand', (t) => {
  const writer = new ReplyWriter();
  writer.header('>', 3);
  writer.raw(encodeCommand(['a']));
  writer.ascii('+x\r\n');
  t.equal(writer.view().toString('latin1'), '>3\r\n*1\r\n$1\r\na\r\n+x\r\n');
  t.end();
});

t.test('reset() reuses a small buffer and drops a large one', (t) => {
  const writer = new ReplyWriter();
  writer.write('small', 2);
  const small = writer.buffer;
  writer.reset();
  t.equal(writer.length, 0);
  writer.write('small', 2);
  t.equal(writer.buffer, small);
  writer.write('x'.repeat(1_000_000), 2);
  writer.reset();
  t.equal(writer.buffer.length, 0);
  t.end();
});

t.test('release() leaves what was viewed as it is', (t) => {
  const writer = new ReplyWriter();
  writer.write('first', 2);
  const view = writer.view();
  writer.release();
  writer.write('other', 2);
  t.equal(view.toString(), '$5\r\nfirst\r\n');
  t.end();
});

t.test('encodeCommand() takes strings and bytes', (t) => {
  const encoded = encodeCommand(['SET', '\xe9', Buffer.from([1, 2]), 'x'.repeat(100)]);
  t.equal(
    encoded.toString('latin1'),
    `*4\r\n$3\r\nSET\r\n$1\r\n\xe9\r\n$2\r\n\x01\x02\r\n$100\r\n${'x'.repeat(100)}\r\n`,
  );
  t.end();
});

t.test('writeCommand() stores the rest of a command in strict form', (t) => {
  const words = ['RAFT', 'SET', 'key', '', 'v'.repeat(1234)];
  const args = Args.of(words);
  for (let from = 0; from < words.length; from++) {
    const size = commandBytes(args, from);
    const target = Buffer.alloc(size + 3);
    t.equal(writeCommand(args, from, target, 3), size + 3);
    const back = new Args();
    t.equal(parseCommand(target, 3, target.length, back), target.length);
    t.same(back.strings(), words.slice(from));
  }
  t.end();
});
