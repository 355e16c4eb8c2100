import { OK, SimpleString } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';

const RESET: SimpleString = new SimpleString('RESET');

export const quit: LocalCommand = {
  kind: 'local',
  name: 'quit',
  arity: -1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  group: 'connection',
  since: '1.0.0',
  summary: 'Closes this connection.',
  complexity: 'O(1)',
  syntax: '',
  immediate: true,
  deprecated: { since: '7.2.0', instead: 'closing the connection' },
  run({ session }) {
    session.closeAfterReply();
    return OK;
  },
};

/** After it the connection is as if it had just been made; it must log in again. */
export const reset: LocalCommand = {
  kind: 'local',
  name: 'reset',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  group: 'connection',
  since: '6.2.0',
  summary: 'Brings this connection back to the state of a new one.',
  complexity: 'O(1)',
  syntax: '',
  immediate: true,
  run({ session }) {
    session.reset();
    return RESET;
  },
};
