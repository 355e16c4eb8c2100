import { OK } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';

/** What cluster clients send to a follower before they read from it. */
export const readonly: LocalCommand = {
  kind: 'local',
  name: 'readonly',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Lets this connection read what a follower has.',
  complexity: 'O(1)',
  syntax: '',
  categories: ['connection'],
  run({ session }) {
    session.readOnly = true;
    return OK;
  },
};

export const readwrite: LocalCommand = {
  kind: 'local',
  name: 'readwrite',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Takes back READONLY.',
  complexity: 'O(1)',
  syntax: '',
  categories: ['connection'],
  run({ session }) {
    session.readOnly = false;
    return OK;
  },
};

/** There is one range of slots, which never moves, so that no node ever answers ASK. */
export const asking: LocalCommand = {
  kind: 'local',
  name: 'asking',
  arity: 1,
  flags: ['fast', 'loading', 'stale'],
  group: 'cluster',
  since: '3.0.0',
  summary: 'Accepted for clients that follow ASK; there is nothing to do.',
  complexity: 'O(1)',
  syntax: '',
  categories: ['connection'],
  run: () => OK,
};
