import type { Args } from '../../resp/args.ts';
import { ErrorReply, MapReply, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import type { LocalContext } from '../local.ts';
import { logIn } from './auth.ts';
import { isClientAttribute } from './client-attribute.ts';
import { BAD_CLIENT_NAME } from './client-name.ts';

const BAD_VERSION: ErrorReply = new ErrorReply(
  'ERR Protocol version is not an integer or out of range',
);
const UNSUPPORTED_VERSION: ErrorReply = new ErrorReply('NOPROTO unsupported protocol version');
const NOT_LOGGED_IN: ErrorReply = new ErrorReply(
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO ' +
    '<proto> AUTH <user> <pass> option can be used to authenticate the client and select the ' +
    'RESP protocol version at the same time',
);

interface Options {
  protocol: 2 | 3;
  login: { readonly user: string; readonly password: string } | null;
  name: string | null;
}

export const hello: LocalCommand = {
  kind: 'local',
  name: 'hello',
  arity: -1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  group: 'connection',
  since: '6.0.0',
  summary: 'Chooses the protocol, and may log in and name the connection in one go.',
  complexity: 'O(1)',
  syntax: '[protover [AUTH username password] [SETNAME clientname]]',
  run(context, args) {
    const { session } = context;
    const options = readOptions(args, session.protocol);
    if (options instanceof ErrorReply) return options;
    if (options.login !== null) {
      const error = logIn(context, options.login.user, options.login.password);
      if (error !== null) return error;
    }
    if (!session.authenticated) return NOT_LOGGED_IN;
    if (options.name !== null) session.name = options.name;
    session.protocol = options.protocol;
    return greeting(context);
  },
};

/** Nothing of the connection is changed before all options are read. */
function readOptions(args: Args, current: 2 | 3): Options | ErrorReply {
  const options: Options = { protocol: current, login: null, name: null };
  if (args.count === 1) return options;
  const version = readInteger(args, 1);
  if (version instanceof ErrorReply) return BAD_VERSION;
  if (version !== 2 && version !== 3) return UNSUPPORTED_VERSION;
  options.protocol = version;
  for (let i = 2; i < args.count; ) {
    const more = args.count - 1 - i;
    if (args.is(i, 'AUTH') && more >= 2) {
      options.login = { user: args.string(i + 1), password: args.string(i + 2) };
      i += 3;
    } else if (args.is(i, 'SETNAME') && more >= 1) {
      options.name = args.string(i + 1);
      if (!isClientAttribute(options.name)) return BAD_CLIENT_NAME;
      i += 2;
    } else {
      return new ErrorReply(`ERR Syntax error in HELLO option '${args.string(i)}'`);
    }
  }
  return options;
}

function greeting({ node, session }: LocalContext): Reply {
  return new MapReply([
    ['server', 'redis'],
    ['version', node.redisVersion],
    ['proto', session.protocol],
    ['id', session.id],
    // As RedisRaft says: a client that was given one address goes on as with a single Redis, and
    // cluster clients ask CLUSTER SLOTS anyway.
    ['mode', 'standalone'],
    ['role', node.role === 'leader' ? 'master' : 'replica'],
    ['modules', []],
  ]);
}
