import t from 'tap';
import { ReplyWriter } from '../../src/resp/encoder.ts';
import {
  BigNumberReply,
  BooleanReply,
  DoubleReply,
  ErrorReply,
  MapReply,
  NULL_ARRAY,
  PushReply,
  type Reply,
  SetReply,
  SimpleString,
  VerbatimReply,
} from '../../src/resp/reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';

interface Outcome {
  readonly replies: readonly Reply[];
  readonly error: string;
}

function parse(pieces: readonly Buffer[]): Outcome {
  const parser = new ReplyParser();
  const replies: Reply[] = [];
  for (const piece of pieces) {
    const chunk = Buffer.from(piece);
    parser.push(chunk);
    chunk.fill(0);
    for (;;) {
      const next = parser.next();
      if (next.kind === 'error') return { replies, error: next.text };
      if (next.kind === 'more') break;
      replies.push(next.reply);
    }
  }
  return { replies, error: '' };
}

function parseText(text: string): Outcome {
  return parse([Buffer.from(text, 'latin1')]);
}

const CASES: readonly (readonly [string, Reply])[] = [
  ['+OK\r\n', new SimpleString('OK')],
  ['-ERR no\r\n', new ErrorReply('ERR no')],
  [':-12\r\n', -12],
  [':9223372036854775807\r\n', 2n ** 63n - 1n],
  ['$3\r\na\r\n\r\n', 'a\r\n'],
  ['$0\r\n\r\n', ''],
  ['$-1\r\n', null],
  ['*-1\r\n', NULL_ARRAY],
  ['*0\r\n', []],
  ['*3\r\n:1\r\n*1\r\n$1\r\na\r\n*0\r\n', [1, ['a'], []]],
  ['_\r\n', null],
  ['#t\r\n', new BooleanReply(true)],
  ['#f\r\n', new BooleanReply(false)],
  [',1.5e+20\r\n', new DoubleReply(1.5e20)],
  [',inf\r\n', new DoubleReply(Infinity)],
  ['(-123456789012345678901\r\n', new BigNumberReply('-123456789012345678901')],
  ['!5\r\nERR x\r\n', new ErrorReply('ERR x')],
  ['=7\r\ntxt:a:b\r\n', new VerbatimReply('txt', 'a:b')],
  [
    '%2\r\n+a\r\n:1\r\n+b\r\n~1\r\n:2\r\n',
    new MapReply([
      [new SimpleString('a'), 1],
      [new SimpleString('b'), new SetReply([2])],
    ]),
  ],
  ['>2\r\n$7\r\nmessage\r\n_\r\n', new PushReply(['message', null])],
  ['|1\r\n+ttl\r\n:3\r\n:7\r\n', 7],
  ['*2\r\n|1\r\n+ttl\r\n*1\r\n:3\r\n:1\r\n|0\r\n:2\r\n', [1, 2]],
];

for (const [text, reply] of CASES) {
  t.test(`${JSON.stringify(text)} is read`, (t) => {
    t.strictSame(parseText(text), { replies: [reply], error: '' });
    t.end();
  });
}

t.test('replies are equal when bytes come in pieces of any one size', (t) => {
  const all = Buffer.from(CASES.map(([text]) => text).join(''), 'latin1');
  const whole = parse([all]);
  t.equal(whole.replies.length, CASES.length);
  for (let size = 1; size < 40; size++) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size));
    t.strictSame(parse(pieces), whole, `pieces of ${size}`);
  }
  t.end();
});

t.test('what the writer writes in RESP3 is read back as it was', (t) => {
  const replies = CASES.map(([, reply]) => reply).filter((reply) => reply !== NULL_ARRAY);
  const writer = new ReplyWriter();
  for (const reply of replies) writer.write(reply, 3);
  t.strictSame(parse([writer.view()]).replies, replies);
  t.end();
});

t.test('malformed replies are errors, and stay so', (t) => {
  for (const text of [
    'x\r\n',
    '\r\n',
    ':\r\n',
    ':1x\r\n',
    '$x\r\n',
    '$-2\r\n',
    '$99999999999\r\n',
    '$1\r\nabc\r\n',
    '*x\r\n',
    '%-1\r\n',
    '#x\r\n',
    ',x\r\n',
    '(x\r\n',
    '=3\r\ntxt\r\n',
    '=-1\r\n',
    '*1\r\n'.repeat(200),
  ]) {
    const parser = new ReplyParser();
    parser.push(Buffer.from(text));
    t.equal(parser.next().kind, 'error', JSON.stringify(text.slice(0, 20)));
    parser.push(Buffer.from('+OK\r\n'));
    t.equal(parser.next().kind, 'error');
  }
  t.end();
});

t.test('a reply larger than the parser may keep is an error', (t) => {
  const parser = new ReplyParser(100);
  parser.push(Buffer.from(`$200\r\n${'x'.repeat(90)}`));
  t.equal(parser.next().kind, 'more');
  parser.push(Buffer.from('x'.repeat(20)));
  t.equal(parser.next().kind, 'error');
  t.end();
});

t.test('a reply of many chunks costs time in proportion to its size', (t) => {
  const writer = new ReplyWriter();
  writer.write(['x'.repeat(1_000_000), Array.from({ length: 100_000 }, (_, i) => `item:${i}`)], 2);
  const bytes = writer.view();
  const start = process.hrtime.bigint();
  const parser = new ReplyParser();
  let replies = 0;
  for (let at = 0; at < bytes.length; at += 10) {
    parser.push(bytes.subarray(at, at + 10));
    while (parser.next().kind === 'reply') replies++;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  t.equal(replies, 1);
  t.equal(parser.buffered, 0);
  t.ok(seconds < 5, `${seconds} s`);
  t.end();
});
