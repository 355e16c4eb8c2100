/**
 * What it costs to read a SET command and to write a bulk reply, each beside the obvious way to do
 * it with strings, in the same run. `node dist/bench/resp.js`
 */
import { Args } from '../src/resp/args.ts';
import { encodeCommand } from '../src/resp/command-encoder.ts';
import { CommandParser, parseCommand } from '../src/resp/command-parser.ts';
import { ReplyWriter } from '../src/resp/encoder.ts';
import { DEFAULT_PARSER_LIMITS } from '../src/resp/parser-limits.ts';

const CHUNK_BYTES = 16 * 1024;
const COMMANDS = 4000;
const REPLIES = 1000;
const ROUNDS = 15;
const TURNS = 40;

/** Chunks as a socket delivers them: full, and cut wherever they happen to be full. */
function chunks(): Buffer[] {
  const commands: Buffer[] = [];
  for (let i = 0; i < COMMANDS; i++) {
    const key = `key:${String(i).padStart(12, '0')}`;
    commands.push(encodeCommand(['SET', key, 'v'.repeat(64)]));
  }
  const all = Buffer.concat(commands);
  const out: Buffer[] = [];
  for (let at = 0; at < all.length; at += CHUNK_BYTES) out.push(all.subarray(at, at + CHUNK_BYTES));
  return out;
}

/** Best of some rounds, in nanoseconds per item: what the code costs when nothing disturbs it. */
function best(items: number, work: () => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    let done = 0;
    for (let turn = 0; turn < TURNS; turn++) done += work();
    const spent = Number(process.hrtime.bigint() - start);
    if (done !== items * TURNS) throw new Error(`expected ${items * TURNS} items, got ${done}`);
    least = Math.min(least, spent / done);
  }
  return least;
}

function parseWith(parser: CommandParser, args: Args, input: readonly Buffer[]): number {
  let done = 0;
  for (const chunk of input) {
    parser.push(chunk);
    while (parser.next(args) === 'command') done++;
  }
  return done;
}

/** Splits each chunk at line ends and picks the words. */
function parseBySplitting(input: readonly Buffer[]): number {
  let done = 0;
  let rest = '';
  for (const chunk of input) {
    const lines = (rest + chunk.toString('latin1')).split('\r\n');
    let at = 0;
    while (at < lines.length) {
      const size = 1 + 2 * Number((lines[at] ?? '').slice(1));
      if (at + size >= lines.length) break;
      const words: string[] = [];
      for (let i = at + 2; i < at + size; i += 2) words.push(lines[i] ?? '');
      at += size;
      if (words.length === 3) done++;
    }
    rest = lines.slice(at).join('\r\n');
  }
  return done;
}

function parseStored(args: Args, stored: Buffer): number {
  let at = 0;
  let done = 0;
  while (at < stored.length) {
    at = parseCommand(stored, at, stored.length, args);
    done++;
  }
  return done;
}

function encodeWith(writer: ReplyWriter, values: readonly string[]): number {
  writer.reset();
  for (const value of values) writer.write(value, 2);
  return values.length;
}

/** A buffer for each reply, joined for the socket. */
function encodeByBuffers(values: readonly string[]): number {
  return Buffer.concat(values.map((value) => Buffer.from(`$${value.length}\r\n${value}\r\n`)))
    .length > 0
    ? values.length
    : 0;
}

/** One string of all replies, encoded at the end; it cannot hold bytes. */
function encodeByConcatenating(values: readonly string[]): number {
  let text = '';
  for (const value of values) text += `$${value.length}\r\n${value}\r\n`;
  return Buffer.from(text, 'latin1').length > 0 ? values.length : 0;
}

function report(what: string, ours: number, peer: { name: string; ns: number }): void {
  const ratio = (peer.ns / ours).toFixed(1);
  const other = `${peer.name} ${peer.ns.toFixed(0)} ns`;
  console.log(`${what}: ${ours.toFixed(0)} ns, ${other}, ratio ${ratio}`);
}

function main(): void {
  const input = chunks();
  const args = new Args();
  const parser = new CommandParser(DEFAULT_PARSER_LIMITS);
  const split = { name: 'by splitting', ns: best(COMMANDS, () => parseBySplitting(input)) };
  const live = best(COMMANDS, () => parseWith(parser, args, input));
  report('parse SET, 16 KiB chunks', live, split);
  const stored = Buffer.concat(input);
  const replayed = best(COMMANDS, () => parseStored(args, stored));
  report('parse stored SET', replayed, split);
  const writer = new ReplyWriter();
  const values = Array.from({ length: REPLIES }, (_, i) => String(i).padStart(64, 'x'));
  const written = best(REPLIES, () => encodeWith(writer, values));
  const buffers = best(REPLIES, () => encodeByBuffers(values));
  report('encode 64-byte bulk', written, { name: 'by buffers', ns: buffers });
  const joined = best(REPLIES, () => encodeByConcatenating(values));
  report('encode 64-byte bulk', written, { name: 'by one string', ns: joined });
}

main();
