import type { Consumer, ConsumerGroup, Pending } from '../../keyspace/stream-group.ts';
import { compareIds, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, NULL_ARRAY, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { noKeyOrGroup } from './errors.ts';
import { readEnd, readStart } from './ids.ts';
import { readStream, timeOf } from './lookup.ts';
import { idReply } from './replies.ts';

interface PendingRequest {
  readonly key: string;
  readonly group: string;
  /** Undefined: only the summary. */
  readonly range: PendingRange | undefined;
}

interface PendingRange {
  readonly start: StreamId;
  readonly end: StreamId;
  readonly count: number;
  /** In ms. */
  readonly minIdle: number;
  readonly consumer: string | undefined;
}

/** Without a range, or with `start end count`; then come up to three words, as in Redis. */
const SUMMARY_WORDS = 3;
const MIN_RANGE_WORDS = 6;
const MIN_IDLE_WORDS = 8;
const MAX_WORDS = 9;

function parsePending(args: Args): PendingRequest | ErrorReply {
  const { count } = args;
  const summary = count === SUMMARY_WORDS;
  if (!summary && (count < MIN_RANGE_WORDS || count > MAX_WORDS)) return SYNTAX_ERROR;
  const range = summary ? undefined : readRange(args);
  if (isError(range)) return range;
  return { key: args.string(1), group: args.string(2), range };
}

function readRange(args: Args): PendingRange | ErrorReply {
  let at = SUMMARY_WORDS;
  let minIdle = 0;
  if (args.is(at, 'IDLE')) {
    const given = readNumber(args, at + 1);
    if (isError(given)) return given;
    if (args.count < MIN_IDLE_WORDS) return SYNTAX_ERROR;
    minIdle = given;
    at += 2;
  }
  const count = readNumber(args, at + 2);
  if (isError(count)) return count;
  const start = readStart(args, at);
  if (isError(start)) return start;
  const end = readEnd(args, at + 1);
  if (isError(end)) return end;
  const consumer = at + 3 < args.count ? args.string(at + 3) : undefined;
  return { start, end, count, minIdle, consumer };
}

function runPending(context: RunContext, request: PendingRequest): Reply {
  const { key, range } = request;
  const stream = readStream(context, key);
  if (isError(stream)) return stream;
  const group = stream?.group(request.group);
  if (group === undefined) return noKeyOrGroup(key, request.group);
  return range === undefined ? summaryOf(group) : listPending(group, range, timeOf(context));
}

function summaryOf(group: ConsumerGroup): Reply {
  const { pending } = group;
  if (pending.size === 0) return [0, null, null, NULL_ARRAY];
  const consumers: Reply[] = [];
  for (const { name, pending } of group.consumers) {
    if (pending.size > 0) consumers.push([name, String(pending.size)]);
  }
  return [pending.size, idReply(pending.first), idReply(pending.last), consumers];
}

function listPending(group: ConsumerGroup, range: PendingRange, now: number): Reply {
  const { start, end, count, minIdle, consumer: name } = range;
  const replies: Reply[] = [];
  if (count <= 0) return replies;
  const add = (id: StreamId, pending: Pending): boolean => {
    if (compareIds(id, end) > 0) return false;
    const idle = now - pending.time;
    if (minIdle !== 0 && idle < minIdle) return true;
    replies.push([idReply(id), pending.consumer.name, Math.max(0, idle), pending.count]);
    return replies.length < count;
  };
  if (name === undefined) {
    group.forEachPending(add, start);
    return replies;
  }
  const consumer: Consumer | undefined = group.consumer(name);
  consumer?.forEachPending((id) => {
    const pending = group.find(id);
    return pending === undefined || add(id, pending);
  }, start);
  return replies;
}

export const xpending: DataCommand = dataCommand<PendingRequest>({
  name: 'xpending',
  kind: 'read',
  arity: -3,
  flags: ['readonly'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns what the consumers of a group got and have not acknowledged, or a summary.',
  complexity:
    'O(N) for N entries returned or, with IDLE, looked at; the summary: O(N) for N consumers',
  syntax: 'key group [[IDLE min-idle-time] start end count [consumer]]',
  tips: ['nondeterministic_output'],
  parse: parsePending,
  run: runPending,
});
