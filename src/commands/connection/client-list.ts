import { assert } from '../../base/assert.ts';
import type { Args } from '../../resp/args.ts';
import { ErrorReply, isError, type Reply, VerbatimReply } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';
import type { LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import type { ClientFacts } from '../local.ts';

/** A type of connection that clients can ask for. No connection is ever a `master`. */
export type ClientType = ClientFacts['type'] | 'master';

const BAD_CLIENT_ID: ErrorReply = new ErrorReply('ERR Invalid client ID');

export function readClientType(args: Args, i: number): ClientType | ErrorReply {
  if (args.is(i, 'NORMAL')) return 'normal';
  if (args.is(i, 'PUBSUB')) return 'pubsub';
  if (args.is(i, 'REPLICA') || args.is(i, 'SLAVE')) return 'replica';
  if (args.is(i, 'MASTER')) return 'master';
  return new ErrorReply(`ERR Unknown client type '${args.string(i)}'`);
}

export const clientList: LocalCommand = {
  kind: 'local',
  name: 'client|list',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  group: 'connection',
  since: '2.4.0',
  summary: 'Lists connections, one per line.',
  complexity: 'O(N) with N connections',
  syntax: '[TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]',
  tips: ['nondeterministic_output'],
  run({ node }, args) {
    if (args.count === 2) return listing(node.clients());
    if (args.count === 4 && args.is(2, 'TYPE')) {
      const type = readClientType(args, 3);
      if (isError(type)) return type;
      return listing(node.clients().filter((client) => client.type === type));
    }
    if (args.count > 3 && args.is(2, 'ID')) return listByIds(node.clients(), args);
    return SYNTAX_ERROR;
  },
};

export const clientInfo: LocalCommand = {
  kind: 'local',
  name: 'client|info',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  group: 'connection',
  since: '6.2.0',
  summary: 'Tells of this connection what CLIENT LIST tells of all.',
  complexity: 'O(1)',
  syntax: '',
  tips: ['nondeterministic_output'],
  run({ node, session }) {
    const own = node.clients().find((client) => client.id === session.id);
    assert(own !== undefined, 'the connection that sends a command is listed');
    return listing([own]);
  },
};

/** In the order asked for, twice if asked twice; ids of nobody are passed over. */
function listByIds(clients: readonly ClientFacts[], args: Args): Reply {
  const byId = new Map<number | bigint, ClientFacts>(clients.map((c) => [c.id, c]));
  const chosen: ClientFacts[] = [];
  for (let i = 3; i < args.count; i++) {
    const id = readInteger(args, i);
    if (isError(id)) return BAD_CLIENT_ID;
    const client = byId.get(id);
    if (client !== undefined) chosen.push(client);
  }
  return listing(chosen);
}

function listing(clients: readonly ClientFacts[]): Reply {
  return new VerbatimReply('txt', clients.map(describe).join(''));
}

/**
 * The line of Redis 7.4. What this server has no counterpart of (descriptors, parts of its buffers)
 * is there for programs that expect the field, with the number that Redis uses for "none".
 */
function describe(client: ClientFacts): string {
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', client.id],
    ['addr', client.address],
    ['laddr', client.localAddress],
    ['fd', -1],
    ['name', client.name],
    ['age', client.ageSeconds],
    ['idle', client.idleSeconds],
    ['flags', client.flags],
    ['db', client.db],
    ['sub', 0],
    ['psub', 0],
    ['ssub', 0],
    ['multi', client.queued],
    ['watch', client.watched],
    ['qbuf', client.queryBuffer],
    ['qbuf-free', 0],
    ['argv-mem', 0],
    ['multi-mem', 0],
    ['rbs', 0],
    ['rbp', 0],
    ['obl', client.outputBuffer],
    ['oll', 0],
    ['omem', client.outputBuffer],
    ['tot-mem', client.queryBuffer + client.outputBuffer],
    ['events', client.outputBuffer > 0 ? 'rw' : 'r'],
    ['cmd', client.lastCommand],
    ['user', client.user],
    ['redir', -1],
    ['resp', client.protocol],
    ['lib-name', client.libraryName],
    ['lib-ver', client.libraryVersion],
  ];
  return `${fields.map(([name, value]) => `${name}=${value}`).join(' ')}\n`;
}
