import { PONG } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';

/** Answered in every state, also while loading: it tells that the process lives, no more. */
export const ping: LocalCommand = {
  kind: 'local',
  name: 'ping',
  arity: -1,
  flags: ['fast', 'loading', 'stale'],
  group: 'connection',
  since: '1.0.0',
  summary: 'Answers PONG, or the message.',
  complexity: 'O(1)',
  syntax: '[message]',
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  run(_context, args) {
    if (args.count > 2) return wrongArity('ping');
    return args.count === 2 ? args.bytes(1) : PONG;
  },
};

export const echo: LocalCommand = {
  kind: 'local',
  name: 'echo',
  arity: 2,
  flags: ['loading', 'stale', 'fast'],
  group: 'connection',
  since: '1.0.0',
  summary: 'Answers the message.',
  complexity: 'O(1)',
  syntax: 'message',
  run(_context, args) {
    return args.bytes(1);
  },
};
