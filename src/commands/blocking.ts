import type { TypeName } from '../keyspace/value.ts';
import { Args } from '../resp/args.ts';
import { parseDouble } from '../resp/numbers.ts';
import {
  ErrorReply,
  isError,
  NULL_ARRAY,
  NullArrayReply,
  type Reply,
  WaitReply,
} from '../resp/reply.ts';
import { readStrings } from './args.ts';
import { type DataCommand, dataCommand } from './command.ts';

const NOT_A_TIMEOUT: ErrorReply = new ErrorReply('ERR timeout is not a float or out of range');
const NEGATIVE: ErrorReply = new ErrorReply('ERR timeout is negative');
const TOO_LONG: ErrorReply = new ErrorReply('ERR timeout is out of range');
/** Longest text of a number that is read. */
const MAX_NUMBER_CHARS = 400;
const MAX_TIMEOUT = 2 ** 63;

/** Argument `i`, in seconds with fractions, as whole milliseconds, rounded up; 0: no end. */
export function readTimeout(args: Args, i: number): number | ErrorReply {
  const seconds = args.size(i) > MAX_NUMBER_CHARS ? undefined : parseDouble(args.string(i));
  if (seconds === undefined) return NOT_A_TIMEOUT;
  const milliseconds = Math.ceil(seconds * 1000);
  if (milliseconds < 0) return NEGATIVE;
  return milliseconds >= MAX_TIMEOUT ? TOO_LONG : milliseconds;
}

interface BlockingRequest {
  readonly timeout: number;
  readonly keys: readonly string[];
  /** For the command that does not wait. */
  readonly inner: unknown;
}

interface BlockingForm {
  /** Everything but what follows from `of`. */
  readonly facts: Omit<DataCommand, 'kind' | 'parse' | 'run' | 'blocking'>;
  readonly type: TypeName;
  /** The command that does the same without waiting: null is its answer when there is nothing. */
  readonly of: DataCommand;
  /** Where the timeout stands; without it, and shifted for it, the arguments are those of `of`. */
  readonly timeoutAt: 'first' | 'last';
  /** What it answers in a transaction when there is nothing. */
  readonly empty: Reply;
  readonly keys: (args: Args) => readonly string[];
}

/** A command that waits until another one, the same otherwise, finds something. */
export function blockingForm(form: BlockingForm): DataCommand {
  const { of, timeoutAt, keys } = form;
  return dataCommand<BlockingRequest>({
    ...form.facts,
    kind: 'write',
    parse(args) {
      const timeout = readTimeout(args, timeoutAt === 'first' ? 1 : args.count - 1);
      const rest = new Args();
      args.part(timeoutAt === 'first' ? 1 : 0, args.count - 1, rest);
      const inner = of.parse(rest);
      if (isError(inner)) return inner;
      return isError(timeout) ? timeout : { timeout, inner, keys: keys(rest) };
    },
    run(context, request) {
      const reply = of.run(context, request.inner);
      const found = reply !== null && !(reply instanceof NullArrayReply);
      return found ? reply : new WaitReply(request);
    },
    blocking: {
      type: form.type,
      waits: () => true,
      keys: (request) => request.keys,
      timeout: (request) => request.timeout,
      timedOut: NULL_ARRAY,
      empty: form.empty,
    },
  });
}

interface PopForm {
  readonly facts: BlockingForm['facts'];
  readonly type: TypeName;
  /** Takes an element of the key; an empty array or null if there is none. */
  readonly pop: DataCommand;
  /** The reply from the key and what was taken. */
  readonly reply: (key: string, popped: Reply) => Reply;
}

/** `name key [key ...] timeout`: pops from the first of the keys that holds something. */
export function blockingPop({ facts, type, pop, reply }: PopForm): DataCommand {
  return dataCommand<{ readonly keys: readonly string[]; readonly timeout: number }>({
    ...facts,
    kind: 'write',
    parse(args) {
      const timeout = readTimeout(args, args.count - 1);
      if (isError(timeout)) return timeout;
      return { timeout, keys: readStrings(args, 1).slice(0, -1) };
    },
    run(context, request) {
      for (const key of request.keys) {
        const popped = pop.run(context, pop.parse(Args.of(['', key])));
        const nothing = popped === null || (Array.isArray(popped) && popped.length === 0);
        if (!nothing) return isError(popped) ? popped : reply(key, popped);
      }
      return new WaitReply(request);
    },
    blocking: {
      type,
      waits: () => true,
      keys: (request) => request.keys,
      timeout: (request) => request.timeout,
      timedOut: NULL_ARRAY,
      empty: NULL_ARRAY,
    },
  });
}
