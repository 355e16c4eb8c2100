import { SetValue } from '../../keyspace/set-value.ts';
import { SortedSet } from '../../keyspace/sorted-set.ts';
import type { Value } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { parseDouble } from '../../resp/numbers.ts';
import { ErrorReply, isError } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { SYNTAX_ERROR, WRONG_TYPE } from '../errors.ts';
import { type Aggregate, type Source, sourceOf } from './combine.ts';

/** What ZUNION, ZINTER and ZDIFF and their kin have in common. */
export interface CombineRequest {
  /** Undefined: the result is answered. */
  readonly destination: string | undefined;
  readonly keys: readonly string[];
  /** What is wrong with them is said only if all keys are of the right types. */
  readonly options: CombineOptions | ErrorReply;
}

interface CombineOptions {
  /** Undefined: 1 for every key. */
  readonly weights: readonly number[] | undefined;
  readonly aggregate: Aggregate;
  readonly withScores: boolean;
  /** Of ZINTERCARD: 0 means none. */
  readonly limit: number;
}

/** Which options a command has. */
export interface CombineForm {
  readonly name: string;
  readonly store: boolean;
  /** WEIGHTS and AGGREGATE. */
  readonly weighted: boolean;
  /** LIMIT, in the place of WITHSCORES. */
  readonly limited: boolean;
}

const NO_WEIGHT: ErrorReply = new ErrorReply('ERR weight value is not a float');
const NEGATIVE_LIMIT: ErrorReply = new ErrorReply("ERR LIMIT can't be negative");

/** `[destination] numkeys key [key ...] [WEIGHTS w ...] [AGGREGATE how] [WITHSCORES | LIMIT n]`. */
export function parseCombine(args: Args, form: CombineForm): CombineRequest | ErrorReply {
  const countAt = form.store ? 2 : 1;
  const numkeys = readNumber(args, countAt);
  if (isError(numkeys)) return numkeys;
  if (numkeys < 1) {
    return new ErrorReply(`ERR at least 1 input key is needed for '${form.name}' command`);
  }
  const optionsAt = countAt + 1 + numkeys;
  if (optionsAt > args.count) return SYNTAX_ERROR;
  const keys: string[] = [];
  for (let i = countAt + 1; i < optionsAt; i++) keys.push(args.string(i));
  const destination = form.store ? args.string(1) : undefined;
  return { destination, keys, options: readOptions(args, optionsAt, { form, numkeys }) };
}

function readOptions(
  args: Args,
  from: number,
  { form, numkeys }: { form: CombineForm; numkeys: number },
): CombineOptions | ErrorReply {
  let weights: number[] | undefined;
  let aggregate: Aggregate = 'sum';
  let withScores = false;
  let limit = 0;
  for (let i = from; i < args.count; i++) {
    const left = args.count - i;
    if (form.weighted && left > numkeys && args.is(i, 'WEIGHTS')) {
      const read = readWeights(args, i + 1, numkeys);
      if (isError(read)) return read;
      weights = read;
      i += numkeys;
    } else if (form.weighted && left > 1 && args.is(i, 'AGGREGATE')) {
      const read = readAggregate(args, ++i);
      if (read === undefined) return SYNTAX_ERROR;
      aggregate = read;
    } else if (!form.store && !form.limited && args.is(i, 'WITHSCORES')) {
      withScores = true;
    } else if (form.limited && left > 1 && args.is(i, 'LIMIT')) {
      const read = readNumber(args, ++i);
      if (isError(read) || read < 0) return NEGATIVE_LIMIT;
      limit = read;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return { weights, aggregate, withScores, limit };
}

function readWeights(args: Args, from: number, count: number): number[] | ErrorReply {
  const weights: number[] = [];
  for (let i = from; i < from + count; i++) {
    const weight = parseDouble(args.string(i));
    if (weight === undefined) return NO_WEIGHT;
    weights.push(weight);
  }
  return weights;
}

function readAggregate(args: Args, i: number): Aggregate | undefined {
  if (args.is(i, 'SUM')) return 'sum';
  if (args.is(i, 'MIN')) return 'min';
  return args.is(i, 'MAX') ? 'max' : undefined;
}

/** The options of a request and its inputs, or the first error there is. */
export function resolveSources(
  request: CombineRequest,
  lookup: (key: string) => Value | undefined,
): { options: CombineOptions; sources: Source[] } | ErrorReply {
  const { keys, options } = request;
  const weights = isError(options) ? undefined : options.weights;
  const sources: Source[] = [];
  for (const [i, key] of keys.entries()) {
    const value = lookup(key);
    const suits = value === undefined || value instanceof SortedSet || value instanceof SetValue;
    if (!suits) return WRONG_TYPE;
    sources.push(sourceOf(value, weights?.[i] ?? 1));
  }
  return isError(options) ? options : { options, sources };
}
