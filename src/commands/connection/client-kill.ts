import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, OK, type Reply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import type { ClientFacts, LocalContext } from '../local.ts';
import { type ClientType, readClientType } from './client-list.ts';

const NO_SUCH_CLIENT: ErrorReply = new ErrorReply('ERR No such client');
const BAD_ID: ErrorReply = new ErrorReply('ERR client-id should be greater than 0');
const BAD_AGE: ErrorReply = new ErrorReply('ERR maxage is not an integer or out of range');
const AGE_NOT_POSITIVE: ErrorReply = new ErrorReply('ERR maxage should be greater than 0');

/** Which connections to close: those that satisfy every filter given. */
interface Filters {
  id?: number | bigint;
  address?: string;
  localAddress?: string;
  type?: ClientType;
  user?: string;
  /** Seconds since it was made, at least. */
  age?: number | bigint;
  sparesOwn: boolean;
}

export const clientKill: LocalCommand = {
  kind: 'local',
  name: 'client|kill',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  group: 'connection',
  since: '2.4.0',
  summary: 'Closes the connection from an address, or all that match the filters.',
  complexity: 'O(N) with N connections',
  syntax:
    '<ip:port | <[ID client-id] | [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] | ' +
    '[USER username] | [ADDR ip:port] | [LADDR ip:port] | [SKIPME <YES | NO>] | [MAXAGE maxage]>>',
  run(context, args) {
    if (args.count === 3) return killByAddress(context, args.string(2));
    const filters = readFilters(context, args);
    if (isError(filters)) return filters;
    return killMatching(context, filters);
  },
};

/** The form of before Redis 2.8.12, which spares nobody. */
function killByAddress({ node, session }: LocalContext, address: string): Reply {
  const client = node.clients().find((each) => each.address === address);
  if (client === undefined) return NO_SUCH_CLIENT;
  return node.killClient(client.id, session) ? OK : NO_SUCH_CLIENT;
}

function killMatching({ node, session }: LocalContext, filters: Filters): number {
  let killed = 0;
  for (const client of node.clients()) {
    if (filters.sparesOwn && client.id === session.id) continue;
    if (matches(client, filters) && node.killClient(client.id, session)) killed++;
  }
  return killed;
}

function matches(client: ClientFacts, filters: Filters): boolean {
  if (filters.id !== undefined && client.id !== filters.id) return false;
  if (filters.address !== undefined && client.address !== filters.address) return false;
  if (filters.localAddress !== undefined && client.localAddress !== filters.localAddress) {
    return false;
  }
  if (filters.type !== undefined && client.type !== filters.type) return false;
  if (filters.user !== undefined && client.user !== filters.user) return false;
  return filters.age === undefined || client.ageSeconds >= filters.age;
}

function readFilters(context: LocalContext, args: Args): Filters | ErrorReply {
  const filters: Filters = { sparesOwn: true };
  for (let i = 2; i < args.count; i += 2) {
    if (i + 1 === args.count) return SYNTAX_ERROR;
    const filter = readFilter(args, i, context.session.user);
    if (isError(filter)) return filter;
    Object.assign(filters, filter);
  }
  return filters;
}

/** The filter whose name is at `i` and whose value follows it. `user` is the only user there is. */
function readFilter(args: Args, i: number, user: string): Partial<Filters> | ErrorReply {
  const value = i + 1;
  if (args.is(i, 'ID')) {
    const id = readInteger(args, value);
    return isError(id) || id < 1 ? BAD_ID : { id };
  }
  if (args.is(i, 'MAXAGE')) {
    const age = readInteger(args, value);
    if (isError(age)) return BAD_AGE;
    return age < 1 ? AGE_NOT_POSITIVE : { age };
  }
  if (args.is(i, 'TYPE')) {
    const type = readClientType(args, value);
    return isError(type) ? type : { type };
  }
  if (args.is(i, 'ADDR')) return { address: args.string(value) };
  if (args.is(i, 'LADDR')) return { localAddress: args.string(value) };
  if (args.is(i, 'USER')) {
    const name = args.string(value);
    return name === user ? { user } : new ErrorReply(`ERR No such user '${name}'`);
  }
  if (args.is(i, 'SKIPME')) {
    if (args.is(value, 'YES')) return { sparesOwn: true };
    if (args.is(value, 'NO')) return { sparesOwn: false };
  }
  return SYNTAX_ERROR;
}
