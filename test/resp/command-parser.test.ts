import t from 'tap';
import { Args } from '../../src/resp/args.ts';
import { encodeCommand } from '../../src/resp/command-encoder.ts';
import { CommandParser, parseCommand } from '../../src/resp/command-parser.ts';
import {
  DEFAULT_PARSER_LIMITS,
  type ParserLimits,
  unauthenticatedLimits,
} from '../../src/resp/parser-limits.ts';

interface Outcome {
  readonly commands: readonly (readonly string[])[];
  readonly error: string;
  readonly buffered: number;
}

/** Pushes the pieces one after another, each in memory that is wiped once the parser has asked for more. */
function parse(pieces: readonly Buffer[], limits: ParserLimits = DEFAULT_PARSER_LIMITS): Outcome {
  const parser = new CommandParser(limits);
  const args = new Args();
  const commands: string[][] = [];
  for (const piece of pieces) {
    const chunk = Buffer.from(piece);
    parser.push(chunk);
    while (parser.next(args) === 'command') commands.push(args.strings());
    chunk.fill(0);
  }
  return { commands, error: parser.error, buffered: parser.buffered };
}

function parseText(text: string, limits: ParserLimits = DEFAULT_PARSER_LIMITS): Outcome {
  return parse([Buffer.from(text, 'latin1')], limits);
}

function errorOf(text: string, limits: ParserLimits = DEFAULT_PARSER_LIMITS): string {
  return parseText(text, limits).error.replace('ERR Protocol error: ', '');
}

t.test('a pipeline in one chunk gives its commands in order, as views with raw bounds', (t) => {
  const first = encodeCommand(['SET', 'key', 'value']);
  const second = encodeCommand(['GET', '']);
  const chunk = Buffer.concat([first, second]);
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  parser.push(chunk);
  t.equal(parser.next(args), 'command');
  t.same(args.strings(), ['SET', 'key', 'value']);
  t.equal(args.buffer, chunk, 'nothing is copied');
  t.same(chunk.subarray(args.rawStart, args.rawEnd), first);
  t.equal(parser.next(args), 'command');
  t.same(args.strings(), ['GET', '']);
  t.same(chunk.subarray(args.rawStart, args.rawEnd), second);
  t.equal(parser.next(args), 'more');
  t.equal(parser.buffered, 0);
  t.end();
});

const STORY = Buffer.concat([
  encodeCommand(['SET', 'k', 'a\r\nb']),
  Buffer.from('\r\nPING\r\n*0\r\n*-1\r\nset "a b" \'c\'\n', 'latin1'),
  encodeCommand(['MSET', ...Array.from({ length: 12 }, (_, i) => 'x'.repeat(i * 7))]),
  encodeCommand(['', Buffer.from([0, 255, 13, 10, 42, 36])]),
]);

t.test('commands are equal wherever the bytes are cut in two', (t) => {
  const whole = parse([STORY]);
  t.equal(whole.commands.length, 5);
  for (let cut = 0; cut <= STORY.length; cut++) {
    const halves = parse([STORY.subarray(0, cut), STORY.subarray(cut)]);
    if (JSON.stringify(halves) !== JSON.stringify(whole)) t.fail(`cut at ${cut}`);
  }
  t.end();
});

t.test('commands are equal when bytes come in pieces of any one size', (t) => {
  const whole = parse([STORY]);
  for (let size = 1; size < 64; size++) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < STORY.length; at += size) pieces.push(STORY.subarray(at, at + size));
    t.same(parse(pieces), whole, `pieces of ${size}`);
  }
  t.end();
});

t.test('a command gathered from two chunks has its raw bytes', (t) => {
  const command = encodeCommand(['SET', 'key', 'value']);
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  parser.push(command.subarray(0, 11));
  t.equal(parser.next(args), 'more');
  t.equal(parser.buffered, 11);
  parser.push(Buffer.concat([command.subarray(11), command]));
  t.equal(parser.next(args), 'command');
  t.same(args.buffer.subarray(args.rawStart, args.rawEnd), command);
  t.equal(parser.next(args), 'command');
  t.same(args.strings(), ['SET', 'key', 'value']);
  t.end();
});

t.test('an inline command has no raw bytes', (t) => {
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  parser.push(Buffer.from('GET k\r\n'));
  t.equal(parser.next(args), 'command');
  t.equal(args.rawStart, -1);
  t.end();
});

t.test('line ends that Redis does not look at are read but not offered as raw bytes', (t) => {
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  parser.push(Buffer.from('*1\rx$4\ryPINGzz*1\r\n$4\r\nPING\r\n'));
  t.equal(parser.next(args), 'command');
  t.same(args.strings(), ['PING']);
  t.equal(args.rawStart, -1);
  t.equal(parser.next(args), 'command');
  t.not(args.rawStart, -1);
  t.end();
});

t.test('inline quoting follows redis-cli', (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['a  b\tc', ['a', 'b', 'c']],
    ['  a ', ['a']],
    ['"a b" \'c d\'', ['a b', 'c d']],
    ['""', ['']],
    ['x ""', ['x', '']],
    ['foo"bar baz"', ['foobar baz']],
    ['"\\n\\r\\t\\b\\a"', ['\n\r\t\b\x07']],
    ['"\\x41\\xff\\x0g"', ['A\xffx0g']],
    ['"\\\\ \\" \\q"', ['\\ " q']],
    ["'it\\'s \\n'", ["it's \\n"]],
    ['a\x0bb \x0b\x0cc', ['a\x0bb', 'c']],
    ['a\\x41', ['a\\x41']],
  ];
  for (const [line, words] of cases) t.same(parseText(`${line}\r\n`).commands, [words], line);
  t.end();
});

t.test('unbalanced quotes are an error', (t) => {
  for (const line of ['"a', "'a", '"a"b', "'a'b", '"a\\', '"a\\"', '"']) {
    t.equal(errorOf(`${line}\r\n`), 'unbalanced quotes in request', line);
  }
  t.end();
});

t.test('empty commands are skipped', (t) => {
  t.same(parseText('\r\n\n*0\r\n*-1\r\n*-7\r\n  \r\nPING\n').commands, [['PING']]);
  t.end();
});

t.test('malformed lengths are answered with the texts of Redis', (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['*x\r\n', 'invalid multibulk length'],
    ['*\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*+1\r\n', 'invalid multibulk length'],
    ['*1048577\r\n', 'invalid multibulk length'],
    ['*99999999999999999999\r\n', 'invalid multibulk length'],
    ['*1\r\nx4\r\n', "expected '$', got 'x'"],
    ['*1\r\n\r\n', "expected '$', got '\r'"],
    ['*1\r\n$\r\n', 'invalid bulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$536870889\r\n', 'invalid bulk length'],
    ['*1\r\n$ 1\r\n', 'invalid bulk length'],
    [`${'x'.repeat(65537)}`, 'too big inline request'],
    [`*${'1'.repeat(65537)}`, 'too big mbulk count string'],
    [`*1\r\n$${'1'.repeat(65537)}`, 'too big bulk count string'],
  ];
  for (const [text, error] of cases)
    t.equal(errorOf(text), error, JSON.stringify(text.slice(0, 40)));
  t.end();
});

t.test('commands before an error are answered, none after it', (t) => {
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  parser.push(Buffer.from('PING\r\n*1\r\n:1\r\nPING\r\n'));
  t.equal(parser.next(args), 'command');
  t.equal(parser.next(args), 'error');
  parser.push(Buffer.from('PING\r\n'));
  t.equal(parser.next(args), 'error');
  t.equal(parser.error, "ERR Protocol error: expected '$', got ':'");
  t.equal(parser.buffered, 0);
  t.end();
});

t.test('a client without password is held to short commands until limits are replaced', (t) => {
  const strict = unauthenticatedLimits(DEFAULT_PARSER_LIMITS);
  t.equal(errorOf('*11\r\n', strict), 'unauthenticated multibulk length');
  t.equal(errorOf('*1\r\n$16385\r\n', strict), 'unauthenticated bulk length');
  const big = encodeCommand(['SET', 'k', 'v'.repeat(16385)]);
  t.equal(errorOf(big.toString('latin1'), strict), 'unauthenticated bulk length');
  const parser = new CommandParser(strict);
  const args = new Args();
  parser.push(Buffer.concat([encodeCommand(['AUTH', 'x']), big]));
  t.equal(parser.next(args), 'command');
  parser.limits = DEFAULT_PARSER_LIMITS;
  t.equal(parser.next(args), 'command');
  t.equal(args.size(2), 16385);
  t.end();
});

t.test('a command over the buffer limit is an error before it is complete', (t) => {
  const limits = { ...DEFAULT_PARSER_LIMITS, maxBufferBytes: 1000 };
  t.equal(errorOf(`*1\r\n$2000\r\n${'x'.repeat(993)}`, limits), 'query buffer limit exceeded');
  t.equal(errorOf(`*1\r\n$2000\r\n${'x'.repeat(900)}`, limits), '');
  t.end();
});

t.test(
  'an announced length reserves no memory, and what arrives is held within twice its size',
  (t) => {
    const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
    const args = new Args();
    const before = process.memoryUsage().arrayBuffers;
    parser.push(Buffer.from('*1048576\r\n$536870888\r\n'));
    t.equal(parser.next(args), 'more');
    const block = Buffer.alloc(64 * 1024, 'x');
    for (let i = 0; i < 64; i++) {
      parser.push(block);
      t.equal(parser.next(args), 'more');
    }
    t.equal(parser.buffered, 64 * block.length + 22);
    t.ok(process.memoryUsage().arrayBuffers - before < 32 * 1024 * 1024);
    t.end();
  },
);

t.test('a command of many chunks costs time in proportion to its size', (t) => {
  const command = encodeCommand(['DEL', ...Array.from({ length: 100_000 }, (_, i) => `key:${i}`)]);
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  const start = process.hrtime.bigint();
  let answers = 0;
  for (let at = 0; at < command.length; at += 10) {
    parser.push(command.subarray(at, at + 10));
    while (parser.next(args) === 'command') answers++;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  t.equal(answers, 1);
  t.equal(args.count, 100_001);
  t.equal(args.string(100_000), 'key:99999');
  t.ok(seconds < 5, `${seconds} s for ${command.length / 10} chunks`);
  t.end();
});

t.test('keep() frees the chunk before all of it is read', (t) => {
  const chunk = Buffer.from('GET a\r\nGET b\r\nGET c\r\nGE');
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  parser.push(chunk);
  t.equal(parser.next(args), 'command');
  parser.keep();
  chunk.fill(0);
  parser.push(Buffer.from('T d'));
  parser.push(Buffer.from('\r\n'));
  const keys: string[] = [];
  while (parser.next(args) === 'command') keys.push(args.string(1));
  t.same(keys, ['b', 'c', 'd']);
  t.equal(parser.buffered, 0);
  t.end();
});

t.test('bytes pushed before they are asked for are bounded too', (t) => {
  const parser = new CommandParser({ ...DEFAULT_PARSER_LIMITS, maxBufferBytes: 1000 });
  for (let i = 0; i < 300; i++) parser.push(Buffer.from('PING\r\n'));
  t.equal(parser.next(new Args()), 'error');
  t.equal(parser.error, 'ERR Protocol error: query buffer limit exceeded');
  t.end();
});

t.test('parseCommand() reads a stored command inside a larger buffer', (t) => {
  const command = encodeCommand(['SET', 'k', 'v'.repeat(300)]);
  const stored = Buffer.concat([Buffer.from('head'), command, Buffer.from('tail')]);
  const args = new Args();
  t.equal(parseCommand(stored, 4, 4 + command.length, args), 4 + command.length);
  t.same(args.strings(), ['SET', 'k', 'v'.repeat(300)]);
  t.same([args.rawStart, args.rawEnd], [4, 4 + command.length]);
  t.end();
});

t.test('parseCommand() refuses what is cut short or not strict', (t) => {
  const args = new Args();
  const command = encodeCommand(['SET', 'k', 'v'.repeat(12)]);
  for (let end = 0; end < command.length; end++) {
    t.equal(parseCommand(command, 0, end, args), -1);
  }
  for (const text of [
    '*0\r\n',
    '*1\r\n$01\r\na\r\n',
    '*01\r\n$1\r\na\r\n',
    '*1\r\n$1\r\naXX',
    '*1\n\n$1\r\na\r\n',
    'PING\r\nPING\r\n',
    '*99999999999999999999\r\n$1\r\na\r\n',
    '*1\r\n$99999999999999999999\r\na\r\n',
  ]) {
    t.equal(parseCommand(Buffer.from(text), 0, text.length, args), -1, JSON.stringify(text));
  }
  t.end();
});
