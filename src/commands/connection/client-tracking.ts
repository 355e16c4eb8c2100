import type { Args } from '../../resp/args.ts';
import { ErrorReply, MapReply, OK, SetReply } from '../../resp/reply.ts';
import type { CommandFlag, LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';

const FLAGS: readonly CommandFlag[] = ['noscript', 'loading', 'stale'];

const NO_TRACKING: ErrorReply = new ErrorReply('ERR client side caching is not supported');
const NOT_TRACKING: ErrorReply = new ErrorReply(
  'ERR CLIENT CACHING can be called only when the client is in tracking mode with ' +
    'OPTIN or OPTOUT mode enabled',
);

/** Reads are not tracked: only switching it off, which it is, can be granted. */
export const clientTracking: LocalCommand = {
  kind: 'local',
  name: 'client|tracking',
  arity: -3,
  flags: FLAGS,
  group: 'connection',
  since: '6.0.0',
  summary: 'Switches the tracking of keys for client side caching, which is always off.',
  complexity: 'O(1)',
  syntax:
    '<ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] ' +
    '[BCAST] [OPTIN] [OPTOUT] [NOLOOP]',
  run(_context, args) {
    if (!areTrackingOptions(args)) return SYNTAX_ERROR;
    if (args.is(2, 'ON')) return NO_TRACKING;
    return args.is(2, 'OFF') ? OK : SYNTAX_ERROR;
  },
};

function areTrackingOptions(args: Args): boolean {
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, 'REDIRECT') || args.is(i, 'PREFIX')) {
      i++;
      if (i === args.count) return false;
    } else if (!['BCAST', 'OPTIN', 'OPTOUT', 'NOLOOP'].some((word) => args.is(i, word))) {
      return false;
    }
  }
  return true;
}

export const clientCaching: LocalCommand = {
  kind: 'local',
  name: 'client|caching',
  arity: 3,
  flags: FLAGS,
  group: 'connection',
  since: '6.0.0',
  summary: 'Chooses whether the next command is tracked; needs tracking.',
  complexity: 'O(1)',
  syntax: '<YES | NO>',
  run: () => NOT_TRACKING,
};

export const clientGetRedir: LocalCommand = {
  kind: 'local',
  name: 'client|getredir',
  arity: 2,
  flags: FLAGS,
  group: 'connection',
  since: '6.0.0',
  summary: 'Tells which connection gets the notices of tracking: none.',
  complexity: 'O(1)',
  syntax: '',
  run: () => -1,
};

export const clientTrackingInfo: LocalCommand = {
  kind: 'local',
  name: 'client|trackinginfo',
  arity: 2,
  flags: FLAGS,
  group: 'connection',
  since: '6.2.0',
  summary: 'Tells the state of tracking: off.',
  complexity: 'O(1)',
  syntax: '',
  run: () =>
    new MapReply([
      ['flags', new SetReply(['off'])],
      ['redirect', -1],
      ['prefixes', []],
    ]),
};
