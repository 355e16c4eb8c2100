import type { Prng } from '../../base/prng.ts';
import { HashValue } from '../../keyspace/hash-value.ts';
import { MAX_STRING_BYTES } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, PairsReply, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readAs } from '../lookup.ts';
import { READ } from './key.ts';

type Pair = readonly [string, string];

interface RandomRequest {
  readonly key: string;
  /** Negative: so many draws, each from all fields. Undefined: one field, not in an array. */
  readonly count: number | undefined;
  readonly values: boolean;
}

const MAX_INT64: bigint = 2n ** 63n - 1n;
/** Redis answers any number of fields that may be equal; here the reply must fit in memory. */
const MAX_REPEATED: number = 2 ** 24;
/** A field is drawn by its number if at least one number in so many is that of a field to draw. */
const SPARSE = 3;
/** A JS Set gets slow and at last full. */
const MAX_REMEMBERED = 1_000_000;

const TOO_NEGATIVE: ErrorReply = new ErrorReply(
  `ERR value is out of range, value must between -${MAX_INT64} and ${MAX_INT64}`,
);
const OUT_OF_RANGE: ErrorReply = new ErrorReply('ERR value is out of range');

/** `HRANDFIELD key [count [WITHVALUES]]`. */
function parseHrandfield(args: Args): RandomRequest | ErrorReply {
  const key = args.string(1);
  if (args.count === 2) return { key, count: undefined, values: false };
  const count = readInteger(args, 2);
  if (isError(count)) return count;
  if (count < -MAX_INT64) return TOO_NEGATIVE;
  if (args.count > 4) return SYNTAX_ERROR;
  if (args.count === 3) return { key, count: Number(count), values: false };
  if (!args.is(3, 'WITHVALUES')) return SYNTAX_ERROR;
  const most = MAX_INT64 / 2n;
  if (count < -most || count > most) return OUT_OF_RANGE;
  return { key, count: Number(count), values: true };
}

function runHrandfield(context: RunContext, { key, count, values }: RandomRequest): Reply {
  const hash = readAs(context, key, HashValue);
  if (isError(hash)) return hash;
  if (count === undefined) {
    if (hash === undefined) return null;
    return drawer(hash, context.random(), 1)()[0];
  }
  if (hash === undefined || count === 0) return [];
  const random = context.random();
  if (count < 0) return repeated(hash, random, { count: -count, values });
  const pairs = sample(hash, random, count);
  return values ? new PairsReply(pairs.flat()) : pairs.map(([field]) => field);
}

interface Repeated {
  readonly count: number;
  readonly values: boolean;
}

/** `count` fields, each drawn from all. */
function repeated(hash: HashValue, random: Prng, { count, values }: Repeated): Reply {
  if (count > MAX_REPEATED) return OUT_OF_RANGE;
  const items: string[] = [];
  const draw = drawer(hash, random, count);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const [field, value] = draw();
    items.push(field);
    if (values) items.push(value);
    bytes += field.length + (values ? value.length : 0);
    if (bytes > MAX_STRING_BYTES) return OUT_OF_RANGE;
  }
  return values ? new PairsReply(items) : items;
}

/** Draws a field at each call, each with the same probability; it will be called `count` times. */
function drawer(hash: HashValue, random: Prng, count: number): () => Pair {
  if (!isSparse(hash, count)) {
    const all = allPairs(hash);
    return () => all[random.below(all.length)] as Pair;
  }
  return () => {
    for (;;) {
      const pair = hash.pairAt(random.below(hash.fields));
      if (pair !== undefined) return pair;
    }
  };
}

/** `count` different fields, or all if there are no more. */
function sample(hash: HashValue, random: Prng, count: number): Pair[] {
  if (count <= MAX_REMEMBERED && isSparse(hash, count)) {
    const numbers = new Set<number>();
    const drawn: Pair[] = [];
    while (drawn.length < count) {
      const at = random.below(hash.fields);
      if (numbers.has(at)) continue;
      numbers.add(at);
      const pair = hash.pairAt(at);
      if (pair !== undefined) drawn.push(pair);
    }
    return drawn;
  }
  const all = allPairs(hash);
  if (count >= all.length) return all;
  for (let i = 0; i < count; i++) {
    const from = i + random.below(all.length - i);
    const pair = all[from] as Pair;
    all[from] = all[i] as Pair;
    all[i] = pair;
  }
  return all.slice(0, count);
}

/** Whether a number drawn blindly is mostly that of a field that is there and not among `count`. */
function isSparse(hash: HashValue, count: number): boolean {
  return count * SPARSE <= hash.size && hash.fields <= hash.size * SPARSE;
}

function allPairs(hash: HashValue): Pair[] {
  const pairs: Pair[] = [];
  hash.forEach((field, value) => {
    pairs.push([field, value]);
  });
  return pairs;
}

export const hrandfield: DataCommand = dataCommand<RandomRequest>({
  name: 'hrandfield',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: READ,
  group: 'hash',
  since: '6.2.0',
  summary: 'Returns one or more fields of a hash at random.',
  complexity: 'O(N) for N fields returned',
  syntax: 'key [count [WITHVALUES]]',
  tips: ['nondeterministic_output'],
  parse: parseHrandfield,
  run: runHrandfield,
});
