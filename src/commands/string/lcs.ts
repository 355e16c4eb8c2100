import { lengthOf, type StringValue, textOf } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, MapReply, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readString } from './lookup.ts';

interface LcsRequest {
  readonly first: string;
  readonly second: string;
  /** What is wrong with them is told only of keys that hold strings. */
  readonly options: LcsOptions | ErrorReply;
}

interface LcsOptions {
  readonly answer: 'text' | 'length' | 'matches' | 'matches-with-length';
  /** Shorter matches are left out of the list. */
  readonly minimum: number;
}

/** The table of lengths takes four bytes for each pair of positions, and no more than this. */
const MAX_TABLE_BYTES: number = 512 * 1024 * 1024;

const NOT_STRINGS: ErrorReply = new ErrorReply('ERR The specified keys must contain string values');
const LEN_AND_IDX: ErrorReply = new ErrorReply(
  'ERR If you want both the length and indexes, please just use IDX.',
);
const TOO_LONG: ErrorReply = new ErrorReply(
  'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len',
);

/** `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN n] [WITHMATCHLEN]`. */
function parseLcs(args: Args): LcsRequest {
  return { first: args.string(1), second: args.string(2), options: parseOptions(args) };
}

function parseOptions(args: Args): LcsOptions | ErrorReply {
  let length = false;
  let matches = false;
  let withLength = false;
  let minimum = 0;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, 'IDX')) {
      matches = true;
    } else if (args.is(i, 'LEN')) {
      length = true;
    } else if (args.is(i, 'WITHMATCHLEN')) {
      withLength = true;
    } else if (args.is(i, 'MINMATCHLEN') && i + 1 < args.count) {
      const value = readNumber(args, ++i);
      if (isError(value)) return value;
      minimum = Math.max(0, value);
    } else {
      return SYNTAX_ERROR;
    }
  }
  if (length && matches) return LEN_AND_IDX;
  const list = withLength ? 'matches-with-length' : 'matches';
  const answer = matches ? list : length ? 'length' : 'text';
  return { answer, minimum };
}

function runLcs(context: RunContext, request: LcsRequest): Reply {
  const first = readString(context, request.first);
  const second = readString(context, request.second);
  if (isError(first) || isError(second)) return NOT_STRINGS;
  const { options } = request;
  if (isError(options)) return options;
  const tableBytes = 4 * (sizeOf(first) + 1) * (sizeOf(second) + 1);
  if (tableBytes > MAX_TABLE_BYTES) return TOO_LONG;
  const a = first === undefined ? '' : textOf(first);
  const b = second === undefined ? '' : textOf(second);
  const table = lengthTable(a, b);
  const length = table[table.length - 1] as number;
  switch (options.answer) {
    case 'length':
      return length;
    case 'text':
      return commonText(a, b, table);
    default:
      return new MapReply([
        ['matches', listMatches(a, b, table, options)],
        ['len', length],
      ]);
  }
}

function sizeOf(value: StringValue | undefined): number {
  return value === undefined ? 0 : lengthOf(value);
}

/** At `i` × (b's length + 1) + `j`: the length for the first `i` bytes of a and `j` of b. */
function lengthTable(a: string, b: string): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const bytes = Buffer.from(b, 'latin1');
  for (let i = 1; i <= a.length; i++) {
    const byte = a.charCodeAt(i - 1);
    const row = i * width;
    // What stands to the left, and above that, is at hand: each cell is read from memory once.
    let left = 0;
    let diagonal = 0;
    for (let j = 1; j < width; j++) {
      const above = table[row - width + j] as number;
      if (byte === bytes[j - 1]) left = diagonal + 1;
      else if (above > left) left = above;
      table[row + j] = left;
      diagonal = above;
    }
  }
  return table;
}

function commonText(a: string, b: string, table: Uint32Array): string {
  const parts: string[] = [];
  walkBack(a, b, table, (i) => {
    parts.push(a.charAt(i));
  });
  return parts.reverse().join('');
}

/** Runs of common bytes, last first: their first and last positions in both strings. */
function listMatches(a: string, b: string, table: Uint32Array, options: LcsOptions): Reply[] {
  const matches: Reply[] = [];
  let run: { i: number; j: number; length: number } | undefined;
  const close = () => {
    if (run === undefined || run.length < options.minimum) return;
    const { i, j, length } = run;
    const ranges = [
      [i, i + length - 1],
      [j, j + length - 1],
    ];
    matches.push(options.answer === 'matches-with-length' ? [...ranges, length] : ranges);
  };
  walkBack(a, b, table, (i, j) => {
    if (run !== undefined && run.i === i + 1 && run.j === j + 1) {
      run = { i, j, length: run.length + 1 };
    } else {
      close();
      run = { i, j, length: 1 };
    }
  });
  close();
  return matches;
}

/** Visits the pairs of positions of one longest common subsequence, from the end. */
function walkBack(
  a: string,
  b: string,
  table: Uint32Array,
  visit: (i: number, j: number) => void,
): void {
  const width = b.length + 1;
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a.charCodeAt(i - 1) === b.charCodeAt(j - 1)) {
      i--;
      j--;
      visit(i, j);
    } else if ((table[(i - 1) * width + j] as number) > (table[i * width + j - 1] as number)) {
      i--;
    } else {
      j--;
    }
  }
}

export const lcs: DataCommand = dataCommand<LcsRequest>({
  name: 'lcs',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: [{ first: 1, last: 2, step: 1, access: 'RO', effects: ['access'] }],
  group: 'string',
  since: '7.0.0',
  summary: 'Finds the longest common subsequence of two string values.',
  complexity: 'O(N*M) for strings of N and M bytes',
  syntax: 'key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]',
  parse: parseLcs,
  run: runLcs,
});
