import type { StreamTrim } from '../../keyspace/stream-entries.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { findStream } from './lookup.ts';
import { TrimOptions } from './trim-options.ts';

interface TrimRequest {
  readonly key: string;
  readonly trim: StreamTrim;
}

const NO_BOUND: ErrorReply = new ErrorReply(
  'ERR syntax error, XTRIM must be called with either MAXLEN or MINID',
);

function parseTrim(args: Args): TrimRequest | ErrorReply {
  const options = new TrimOptions();
  for (let i = 2; i < args.count; ) {
    const end = options.read(args, i);
    if (isError(end)) return end;
    if (end === i) return SYNTAX_ERROR;
    i = end;
  }
  const trim = options.result(NO_BOUND);
  return isError(trim) ? trim : { key: args.string(1), trim };
}

function runTrim(context: RunContext, request: TrimRequest): Reply {
  const stream = findStream(context.db, request.key);
  if (stream === undefined) return 0;
  if (isError(stream)) return stream;
  const removed = stream.trim(request.trim);
  if (removed > 0) context.db.touch(request.key);
  return removed;
}

export const xtrim: DataCommand = dataCommand<TrimRequest>({
  name: 'xtrim',
  kind: 'write',
  arity: -4,
  flags: ['write'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['delete'] }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Removes the first entries of a stream, down to a length or up to an id.',
  complexity: 'O(N) for N entries removed, and little for each',
  syntax: 'key <MAXLEN | MINID> [= | ~] threshold [LIMIT count]',
  tips: ['nondeterministic_output'],
  parse: parseTrim,
  run: runTrim,
});
