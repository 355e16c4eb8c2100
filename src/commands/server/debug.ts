import { digest } from '../../keyspace/digest.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { Args } from '../../resp/args.ts';
import { ErrorReply, OK, type Reply, SimpleString } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { NO_SUCH_KEY } from '../errors.ts';
import { globMatches } from '../glob.ts';
import { DEFERRED, type Deferred, type LocalContext } from '../local.ts';
import { POPULATE } from './debug-populate.ts';
import { checkRoundTrips, describe, ValueDigest } from './debug-value.ts';

const NOT_ALLOWED: ErrorReply = new ErrorReply(
  'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can ' +
    'run it from a local connection, otherwise you need to set this option in the configuration ' +
    'file, and then restart the server.',
);
const NO_DATASET: ErrorReply = new ErrorReply('ERR this node has no dataset yet');
const NOT_A_NUMBER: ErrorReply = new ErrorReply('ERR value is not a valid number of seconds');
const NO_DIGEST: string = '0'.repeat(40);

/** A client that sleeps longer than this is woken. */
const MAX_SLEEP_SECONDS = 60;

interface Subcommand {
  readonly name: string;
  readonly syntax: string;
  readonly summary: string;
  /** Least and most arguments, DEBUG and the name among them. */
  readonly counts: readonly [number, number];
  readonly run: (context: LocalContext, args: Args) => Reply | Deferred;
}

const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'DIGEST',
    syntax: '',
    summary: 'Digest of the dataset as far as it is applied on this node, of a kind of its own.',
    counts: [2, 2],
    run: (context) => withDataset(context, (keyspace) => new SimpleString(digest(keyspace))),
  },
  {
    name: 'DIGEST-VALUE',
    syntax: 'key [key ...]',
    summary: 'Digests of the values of keys; zeros for a key that is not there.',
    counts: [2, Number.POSITIVE_INFINITY],
    run: (context, args) => withDataset(context, (keyspace) => digests(keyspace, context, args)),
  },
  {
    name: 'ERROR',
    syntax: 'text',
    summary: 'Answers with this error.',
    counts: [3, 3],
    run: (_context, args) => new ErrorReply(args.string(2)),
  },
  {
    name: 'OBJECT',
    syntax: 'key',
    summary: 'Tells about the value of a key; it has no address.',
    counts: [3, 3],
    run: (context, args) => withDataset(context, (keyspace) => object(keyspace, context, args)),
  },
  {
    name: 'POPULATE',
    syntax: 'count [prefix [size]]',
    summary: 'Makes string keys prefix:0, prefix:1, ... where there are none, through the log.',
    counts: [3, 5],
    run: (context, args) => context.internal(Args.of([POPULATE, ...args.rest(2).strings()])),
  },
  {
    name: 'RELOAD',
    syntax: '',
    summary:
      'Checks that each value comes back from its saved form as it was; nothing is replaced.',
    counts: [2, 2],
    run: (context) => withDataset(context, reload),
  },
  {
    name: 'SET-ACTIVE-EXPIRE',
    syntax: '<0 | 1>',
    summary: 'Whether this node, if it leads, deletes what is due though no command comes.',
    counts: [3, 3],
    run: ({ node }, args) => node.setActiveExpire(args.string(2) !== '0') ?? OK,
  },
  {
    name: 'SLEEP',
    syntax: 'seconds',
    summary: `Lets this client wait, at most ${MAX_SLEEP_SECONDS} seconds; the node goes on.`,
    counts: [3, 3],
    run: sleep,
  },
  {
    name: 'STRINGMATCH-LEN',
    syntax: 'pattern text',
    summary: 'Tells whether a text matches a pattern.',
    counts: [4, 4],
    run: (_context, args) => (globMatches(args.string(2), args.string(3)) ? 1 : 0),
  },
];

const CRASH = 'a node does not crash at the wish of a client: end its process';
const NO_FILE = 'there is no file of that kind: the log is all there is on disk';
const OWN_FORMS = 'values have other inner forms here than in Redis';

/** What Redis has and this server refuses, and why. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['ASSERT', CRASH],
  ['CRASH-AND-RECOVER', CRASH],
  ['JMAP', 'this is no Java'],
  ['LEAK', 'memory is not leaked at the wish of a client'],
  ['LISTPACK', OWN_FORMS],
  ['LOADAOF', NO_FILE],
  ['OOM', CRASH],
  ['PANIC', CRASH],
  ['QUICKLIST', OWN_FORMS],
  ['QUICKLIST-PACKED-THRESHOLD', OWN_FORMS],
  ['REPLICATE', 'what others do not see would make the nodes differ: see RAFT.DEBUG EXEC'],
  ['RESTART', CRASH],
  ['SEGFAULT', CRASH],
  ['SET-SKIP-CHECKSUM-VALIDATION', 'what comes in damaged must not spread to all nodes'],
]);

/** A tool for tests: about this node alone, but for POPULATE. */
export const debug: LocalCommand = {
  kind: 'local',
  name: 'debug',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  group: 'server',
  since: '1.0.0',
  summary: 'Looks into this node, or fills it, for tests. SLEEP holds up its own client alone.',
  complexity: 'Depends on the subcommand',
  syntax: '',
  run(context, args) {
    if (!context.node.allowsDebug(context.session)) return NOT_ALLOWED;
    if (args.is(1, 'HELP') && args.count === 2) return help();
    const name = args.string(1).toUpperCase();
    const subcommand = SUBCOMMANDS.find((each) => each.name === name);
    const reason = REFUSED.get(name);
    if (reason !== undefined) return new ErrorReply(`ERR DEBUG ${name} is refused: ${reason}`);
    const [least, most] = subcommand?.counts ?? [0, 0];
    if (subcommand !== undefined && args.count >= least && args.count <= most) {
      return subcommand.run(context, args);
    }
    return new ErrorReply(
      `ERR unknown subcommand or wrong number of arguments for '${args.string(1)}'. Try DEBUG HELP.`,
    );
  },
};

function help(): Reply {
  const lines = ['DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:'];
  for (const { name, syntax, summary } of SUBCOMMANDS) {
    lines.push(`${name} ${syntax}`.trim(), `    ${summary}`);
  }
  lines.push('HELP', '    Returns this text.');
  return lines.map((line) => new SimpleString(line));
}

function withDataset({ node }: LocalContext, answer: (keyspace: Keyspace) => Reply): Reply {
  const { keyspace } = node;
  return keyspace === null ? (node.admin.stateError() ?? NO_DATASET) : answer(keyspace);
}

function digests(keyspace: Keyspace, { session }: LocalContext, args: Args): Reply {
  const db = keyspace.database(session.db);
  const valueDigest = new ValueDigest(keyspace.clock);
  const replies: Reply[] = [];
  for (let i = 2; i < args.count; i++) {
    const value = db.peek(args.string(i));
    replies.push(new SimpleString(value === undefined ? NO_DIGEST : valueDigest.of(value)));
  }
  return replies;
}

function object(keyspace: Keyspace, { session }: LocalContext, args: Args): Reply {
  const db = keyspace.database(session.db);
  const key = args.string(2);
  const value = db.peek(key);
  if (value === undefined) return NO_SUCH_KEY;
  return new SimpleString(describe(value, db.idleSeconds(key, keyspace.clock) ?? 0));
}

function reload(keyspace: Keyspace): Reply {
  const problem = checkRoundTrips(keyspace);
  return problem === null ? OK : new ErrorReply(`ERR ${problem}`);
}

function sleep(context: LocalContext, args: Args): Reply | Deferred {
  const text = args.string(2);
  const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds)) return NOT_A_NUMBER;
  const done = context.defer();
  context.node.after(Math.min(seconds, MAX_SLEEP_SECONDS) * 1000, () => done(OK));
  return DEFERRED;
}
