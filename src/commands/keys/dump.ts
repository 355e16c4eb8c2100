import { asMilliseconds } from '../../base/ids.ts';
import { buildValue } from '../../keyspace/rdb/build.ts';
import { dumpValue, hasGoodFooter, readDump } from '../../keyspace/rdb/dump.ts';
import type { RdbValue } from '../../keyspace/rdb/rdb-value.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { MAX_DEADLINE, readNumber } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

const TOO_LARGE: ErrorReply = new ErrorReply(
  'ERR the value is too large for DUMP: its payload would not fit in a command (512 MB)',
);
const BUSY_KEY: ErrorReply = new ErrorReply('BUSYKEY Target key name already exists.');
const BAD_TTL: ErrorReply = new ErrorReply('ERR Invalid TTL value, must be >= 0');
const BAD_IDLE_TIME: ErrorReply = new ErrorReply('ERR Invalid IDLETIME value, must be >= 0');
const BAD_FREQUENCY: ErrorReply = new ErrorReply('ERR Invalid FREQ value, must be >= 0 and <= 255');
const BAD_FOOTER: ErrorReply = new ErrorReply('ERR DUMP payload version or checksum are wrong');
const BAD_DATA: ErrorReply = new ErrorReply('ERR Bad data format');

/** Access times are 32 bits: a key that has been idle for longer has been idle for so many seconds. */
const MAX_IDLE_SECONDS: number = 2 ** 30;
const MAX_FREQUENCY = 255;

function runDump(context: RunContext, key: string): Reply {
  const value = context.db.read(key, context.now);
  return value === undefined ? null : (dumpValue(value) ?? TOO_LARGE);
}

interface RestoreOptions {
  replace: boolean;
  /** The time to live is a time of the epoch. */
  absolute: boolean;
  idleSeconds: number | undefined;
  frequency: number | undefined;
}

interface RestoreRequest {
  readonly key: string;
  readonly value: RdbValue;
  /** Milliseconds; 0: the key stays. */
  readonly ttl: number;
  readonly options: RestoreOptions;
}

/**
 * `RESTORE key ttl payload [REPLACE] [ABSTTL] [IDLETIME s] [FREQ n]`. What is wrong with the payload
 * shows here, before anything is logged, and so before it is known whether the key is there.
 */
function parseRestore(args: Args): RestoreRequest | ErrorReply {
  const options = parseOptions(args);
  if (isError(options)) return options;
  const ttl = readNumber(args, 2);
  if (isError(ttl)) return ttl;
  if (ttl < 0) return BAD_TTL;
  const payload = args.buffer.subarray(args.start(3), args.end(3));
  if (!hasGoodFooter(payload)) return BAD_FOOTER;
  const value = readDump(payload);
  return value === undefined ? BAD_DATA : { key: args.string(1), value, ttl, options };
}

function parseOptions(args: Args): RestoreOptions | ErrorReply {
  const options: RestoreOptions = {
    replace: false,
    absolute: false,
    idleSeconds: undefined,
    frequency: undefined,
  };
  for (let i = 4; i < args.count; i++) {
    const more = i + 1 < args.count;
    if (args.is(i, 'REPLACE')) {
      options.replace = true;
    } else if (args.is(i, 'ABSTTL')) {
      options.absolute = true;
    } else if (args.is(i, 'IDLETIME') && more && options.frequency === undefined) {
      const seconds = readNumber(args, ++i);
      if (isError(seconds)) return seconds;
      if (seconds < 0) return BAD_IDLE_TIME;
      options.idleSeconds = seconds;
    } else if (args.is(i, 'FREQ') && more && options.idleSeconds === undefined) {
      const frequency = readNumber(args, ++i);
      if (isError(frequency)) return frequency;
      if (frequency < 0 || frequency > MAX_FREQUENCY) return BAD_FREQUENCY;
      options.frequency = frequency;
    } else {
      return SYNTAX_ERROR;
    }
  }
  return options;
}

function runRestore(context: RunContext, request: RestoreRequest): Reply {
  const { db, now } = context;
  const { key, options } = request;
  if (!options.replace && db.find(key) !== undefined) return BUSY_KEY;
  const built = buildValue(request.value, { hash: db.hash, now });
  if (built.kind === 'malformed') return BAD_DATA;
  const deadline = deadlineOf(request, now);
  if (built.kind === 'gone' || deadline <= now) {
    db.delete(key);
    return OK;
  }
  db.set(key, built.value);
  if (deadline !== Number.POSITIVE_INFINITY) db.expireAt(key, deadline);
  if (options.idleSeconds !== undefined) {
    const idle = Math.min(options.idleSeconds, MAX_IDLE_SECONDS);
    // Access times come from reads, so this is one so long ago. It counts as a hit of this node.
    db.read(key, asMilliseconds(now - idle * 1000));
  }
  return OK;
}

function deadlineOf({ ttl, options }: RestoreRequest, now: number): number {
  if (ttl === 0) return Number.POSITIVE_INFINITY;
  return Math.min(options.absolute ? ttl : ttl + now, MAX_DEADLINE);
}

export const dump: DataCommand = dataCommand<string>({
  name: 'dump',
  kind: 'read',
  arity: 2,
  flags: ['readonly'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] }],
  group: 'generic',
  since: '2.6.0',
  summary: 'Returns the value of a key in a form that RESTORE takes, here or in Redis.',
  complexity: 'O(N) with N bytes of the value',
  syntax: 'key',
  tips: ['nondeterministic_output'],
  parse: (args) => args.string(1),
  run: runDump,
});

function restoreCommand(
  facts: Pick<DataCommand, 'name' | 'flags' | 'group' | 'since' | 'summary'>,
): DataCommand {
  return dataCommand<RestoreRequest>({
    ...facts,
    kind: 'write',
    arity: -4,
    keys: [{ first: 1, last: 1, step: 1, access: 'OW', effects: ['update'] }],
    complexity: 'O(N) with N bytes of the value; O(N*log(N)) for sorted sets',
    syntax: 'key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]',
    categories: ['keyspace', 'dangerous'],
    parse: parseRestore,
    run: runRestore,
  });
}

export const restore: DataCommand = restoreCommand({
  name: 'restore',
  flags: ['write', 'denyoom'],
  group: 'generic',
  since: '2.6.0',
  summary: 'Sets a key to a value in the form that DUMP gives, here or in Redis.',
});

export const restoreAsking: DataCommand = restoreCommand({
  name: 'restore-asking',
  flags: ['write', 'denyoom', 'asking'],
  group: 'server',
  since: '3.0.0',
  summary: 'RESTORE for a key on its way from one node of a Redis Cluster to another.',
});
