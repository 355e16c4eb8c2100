import { NO_REPLY, OK } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

export const clientNoEvict: LocalCommand = {
  kind: 'local',
  name: 'client|no-evict',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  group: 'connection',
  since: '7.0.0',
  summary: 'Spares this connection when connections are closed for lack of memory.',
  complexity: 'O(1)',
  syntax: '<ON | OFF>',
  run({ session }, args) {
    if (!args.is(2, 'ON') && !args.is(2, 'OFF')) return SYNTAX_ERROR;
    session.noEvict = args.is(2, 'ON');
    return OK;
  },
};

export const clientNoTouch: LocalCommand = {
  kind: 'local',
  name: 'client|no-touch',
  arity: 3,
  flags: ['noscript', 'loading', 'stale'],
  group: 'connection',
  since: '7.2.0',
  summary: 'Keeps commands of this connection from counting as use of keys.',
  complexity: 'O(1)',
  syntax: '<ON | OFF>',
  run({ session }, args) {
    if (!args.is(2, 'ON') && !args.is(2, 'OFF')) return SYNTAX_ERROR;
    session.noTouch = args.is(2, 'ON');
    return OK;
  },
};

export const clientReply: LocalCommand = {
  kind: 'local',
  name: 'client|reply',
  arity: 3,
  flags: ['noscript', 'loading', 'stale'],
  group: 'connection',
  since: '3.2.0',
  summary: 'Switches replies to this connection on or off, or skips the next one.',
  complexity: 'O(1)',
  syntax: '<ON | OFF | SKIP>',
  run({ session }, args) {
    if (args.is(2, 'ON')) {
      session.replyMode = 'on';
      return OK;
    }
    if (args.is(2, 'OFF')) {
      session.replyMode = 'off';
      return NO_REPLY;
    }
    if (!args.is(2, 'SKIP')) return SYNTAX_ERROR;
    if (session.replyMode !== 'off') session.replyMode = 'skip-next';
    return NO_REPLY;
  },
};

/** Valkey's way for clients to say what they understand; nothing here depends on it yet. */
export const clientCapa: LocalCommand = {
  kind: 'local',
  name: 'client|capa',
  arity: -3,
  flags: ['noscript', 'loading', 'stale'],
  group: 'connection',
  since: '7.2.0',
  summary: 'Accepts what the client says it is capable of.',
  complexity: 'O(1)',
  syntax: 'capability [capability ...]',
  run: () => OK,
};
