/**
 * A million inputs that no decent client sends. Each is valid commands that were damaged, or noise,
 * cut into chunks at random; the parser must answer each with commands or one error, keep no more
 * than its limits allow, and leave no memory behind. `SEED=n` repeats a run, `INPUTS=n` shortens it.
 */
import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { Args } from '../../src/resp/args.ts';
import { encodeCommand } from '../../src/resp/command-encoder.ts';
import { CommandParser, parseCommand } from '../../src/resp/command-parser.ts';
import { ReplyWriter } from '../../src/resp/encoder.ts';
import { DEFAULT_PARSER_LIMITS, type ParserLimits } from '../../src/resp/parser-limits.ts';
import type { Reply } from '../../src/resp/reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const INPUTS = Number(process.env['INPUTS'] ?? 1_000_000);
const MEGABYTE = 1024 * 1024;
const MEMORY_SLACK_BYTES = 48 * MEGABYTE;

const SMALL: ParserLimits = {
  maxBulkBytes: 300,
  maxArguments: 20,
  maxInlineBytes: 100,
  maxBufferBytes: 600,
};
/** The limits of a client without password, and a buffer that a few bytes fill. */
const TIGHT: ParserLimits = {
  maxBulkBytes: 100,
  maxArguments: 10,
  maxInlineBytes: 30,
  maxBufferBytes: 64,
};
const LIMITS: readonly ParserLimits[] = [DEFAULT_PARSER_LIMITS, SMALL, TIGHT];

/** What mutations like to put in: all that has a meaning somewhere in the protocol. */
const FRAGMENTS: readonly Buffer[] = [
  ...[
    '*',
    '$',
    '\r\n',
    '\r',
    '\n',
    '0',
    '1',
    '9',
    '-',
    '-1',
    '+',
    ' ',
    '"',
    "'",
    '\\',
    '\\x4',
    '"',
  ],
  ...['*0\r\n', '*-1\r\n', '*3\r\n', '*1048576\r\n', '*1048577\r\n', '*2147483648\r\n', '\x00'],
  ...['$0\r\n', '$-1\r\n', '$3\r\n', '$536870888\r\n', '$536870889\r\n', '$2147483647\r\n'],
  ...['$9223372036854775807\r\n', '*9223372036854775807\r\n', '18446744073709551616', '\xff\xfe'],
  ...['PING\r\n', 'set "a b" c\r\n', '%1\r\n', '~1\r\n', '>2\r\n', '|1\r\n', ',1.5\r\n', '#t\r\n'],
].map((text) => Buffer.from(text, 'latin1'));

const WORDS: readonly string[] = [
  'SET',
  'GET',
  'PING',
  'k',
  '',
  'key:1',
  'x'.repeat(40),
  '\r\n',
  '*1',
];

function randomWords(prng: Prng): string[] {
  const words: string[] = [];
  const count = 1 + prng.below(prng.chance(0.05) ? 30 : 4);
  for (let i = 0; i < count; i++) words.push(pick(prng, WORDS));
  return words;
}

function pick<T>(prng: Prng, list: readonly T[]): T {
  const item = list[prng.below(list.length)];
  if (item === undefined) throw new Error('picked from an empty list');
  return item;
}

/** Valid inputs are made once and then damaged anew each time. */
function makeSources(prng: Prng): Buffer[] {
  const sources: Buffer[] = [];
  const writer = new ReplyWriter();
  for (let i = 0; i < 400; i++) {
    const parts: Buffer[] = [];
    for (let n = 1 + prng.below(3); n > 0; n--) {
      const words = randomWords(prng);
      if (prng.chance(0.7)) parts.push(encodeCommand(words));
      else parts.push(Buffer.from(`${words.join(' ').replace(/[\r\n*]/g, '')}\r\n`));
    }
    if (prng.chance(0.05)) parts.push(encodeCommand(['SET', 'k', 'v'.repeat(prng.below(3000))]));
    sources.push(Buffer.concat(parts));
    writer.reset();
    writer.write(randomReply(prng, 3), 3);
    sources.push(Buffer.from(writer.view()));
  }
  return sources;
}

function randomReply(prng: Prng, depth: number): Reply {
  if (depth === 0 || prng.chance(0.4))
    return prng.chance(0.5) ? pick(prng, WORDS) : prng.below(2e9);
  return Array.from({ length: prng.below(4) }, () => randomReply(prng, depth - 1));
}

/** Writes a damaged source (or noise) into `scratch` and returns its length. */
function mutate(prng: Prng, sources: readonly Buffer[], scratch: Buffer): number {
  if (prng.chance(0.05)) {
    const length = prng.below(60);
    for (let i = 0; i < length; i++) scratch[i] = prng.uint32();
    return length;
  }
  const source = pick(prng, sources);
  let length = source.copy(scratch);
  for (let n = prng.below(4); n > 0; n--) {
    const at = prng.below(length + 1);
    switch (prng.below(5)) {
      case 0:
        scratch[at] = (scratch[at] ?? 0) ^ (1 << prng.below(8));
        break;
      case 1:
        length = at;
        break;
      case 2: {
        const cut = Math.min(prng.below(8), length - at);
        scratch.copyWithin(at, at + cut, length);
        length -= cut;
        break;
      }
      case 3: {
        const fragment = pick(prng, FRAGMENTS);
        scratch.copyWithin(at + fragment.length, at, length);
        fragment.copy(scratch, at);
        length += fragment.length;
        break;
      }
      default:
        scratch[at] = prng.uint32();
    }
  }
  return length;
}

interface Tally {
  commands: number;
  errors: number;
  replies: number;
}

/** Feeds `input` in random chunks; throws when the parser breaks a promise. */
function feed(prng: Prng, args: Args, input: Buffer, tally: Tally): void {
  const limits = pick(prng, LIMITS);
  const parser = new CommandParser(limits);
  let at = 0;
  while (at < input.length) {
    const size = prng.chance(0.3) ? input.length : 1 + prng.below(20);
    parser.push(input.subarray(at, at + size));
    at += size;
    let answer = parser.next(args);
    for (let turns = 0; answer === 'command'; answer = parser.next(args)) {
      tally.commands++;
      if (++turns > input.length) throw new Error('more commands than bytes');
      if (args.end(args.count - 1) > args.buffer.length) throw new Error('a view is out of bounds');
    }
    if (parser.buffered > limits.maxBufferBytes) throw new Error(`kept ${parser.buffered} bytes`);
    if (parser.buffered > at) throw new Error('kept more than there was');
    if (answer === 'error') {
      if (!parser.error.startsWith('ERR Protocol error: '))
        throw new Error('an error without text');
      tally.errors++;
      return;
    }
  }
}

function feedReplies(prng: Prng, input: Buffer, tally: Tally): void {
  const parser = new ReplyParser(4096);
  let at = 0;
  while (at < input.length) {
    const size = prng.chance(0.5) ? input.length : 1 + prng.below(30);
    parser.push(input.subarray(at, at + size));
    at += size;
    let next = parser.next();
    for (; next.kind === 'reply'; next = parser.next()) tally.replies++;
    if (parser.buffered > 4096) throw new Error(`kept ${parser.buffered} bytes`);
    if (next.kind === 'error') return;
  }
}

function memoryInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

t.test(`a million malformed inputs do no harm (SEED=${SEED})`, { timeout: 120_000 }, (t) => {
  t.comment(`SEED=${SEED}`);
  const prng = new Prng(SEED, 1);
  const sources = makeSources(prng);
  const scratch = Buffer.alloc(64 * 1024);
  const args = new Args();
  const tally: Tally = { commands: 0, errors: 0, replies: 0 };
  let before = 0;
  const start = process.hrtime.bigint();
  for (let i = 0; i < INPUTS; i++) {
    // Measured when everything that is made only once has been made.
    if (i === Math.floor(INPUTS / 10)) before = memoryInUse();
    const input = scratch.subarray(0, mutate(prng, sources, scratch));
    try {
      feed(prng, args, input, tally);
      parseCommand(input, 0, input.length, args);
      if (i % 4 === 0) feedReplies(prng, input, tally);
    } catch (cause) {
      throw new Error(`SEED=${SEED} input ${i}: ${JSON.stringify(input.toString('latin1'))}`, {
        cause,
      });
    }
  }
  const grown = memoryInUse() - before;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  t.comment(
    `${JSON.stringify(tally)} in ${seconds.toFixed(1)} s, ${(grown / MEGABYTE).toFixed(1)} MB`,
  );
  t.ok(grown < MEMORY_SLACK_BYTES, `memory grew by ${grown} bytes`);
  t.ok(tally.commands > INPUTS / 10, 'many inputs still hold commands');
  t.ok(tally.errors > INPUTS / 10, 'many inputs are errors');
  t.ok(tally.replies > INPUTS / 100, 'many inputs still hold replies');
  t.ok(seconds < 60, `${seconds} s`);
  t.end();
});

interface Outcome {
  readonly commands: readonly string[];
  readonly error: string;
}

function outcome(input: Buffer, nextSize: () => number): Outcome {
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const args = new Args();
  const commands: string[] = [];
  for (let at = 0; at < input.length; ) {
    const chunk = Buffer.from(input.subarray(at, at + nextSize()));
    at += chunk.length;
    parser.push(chunk);
    while (parser.next(args) === 'command') {
      const raw = args.rawStart < 0 ? '' : args.buffer.latin1Slice(args.rawStart, args.rawEnd);
      commands.push(JSON.stringify([args.strings(), raw]));
    }
    // The socket's memory is used for something else as soon as the parser has asked for more.
    chunk.fill(42);
  }
  return { commands, error: parser.error };
}

t.test(`commands do not depend on how their bytes are cut (SEED=${SEED})`, (t) => {
  const prng = new Prng(SEED, 2);
  const sources = makeSources(prng);
  const scratch = Buffer.alloc(64 * 1024);
  for (let i = 0; i < INPUTS / 20; i++) {
    const damaged = i % 2 === 0;
    const source = pick(prng, sources);
    const length = damaged ? mutate(prng, sources, scratch) : source.copy(scratch);
    const input = Buffer.from(scratch.subarray(0, length));
    const whole = outcome(input, () => input.length);
    const cut = outcome(input, () => 1 + prng.below(prng.chance(0.2) ? 200 : 6));
    if (JSON.stringify(whole) !== JSON.stringify(cut)) {
      t.strictSame(cut, whole, `SEED=${SEED} ${JSON.stringify(input.toString('latin1'))}`);
      break;
    }
  }
  t.pass('equal for all inputs');
  t.end();
});
