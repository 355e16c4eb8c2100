import { ErrorReply } from '../../resp/reply.ts';
import type { CommandFlag, LocalCommand } from '../command.ts';

const ABORTED = 'EXECABORT Transaction discarded because of: ';
const FLAGS: readonly CommandFlag[] = ['noscript', 'loading', 'stale', 'fast', 'allow_busy'];

export const multi: LocalCommand = {
  kind: 'local',
  name: 'multi',
  arity: 1,
  flags: FLAGS,
  group: 'transactions',
  since: '1.2.0',
  summary: 'Begins a transaction: the commands that follow are queued until EXEC.',
  complexity: 'O(1)',
  syntax: '',
  immediate: true,
  run: ({ transactions }) => transactions.begin(),
};

export const exec: LocalCommand = {
  kind: 'local',
  name: 'exec',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
  group: 'transactions',
  since: '1.2.0',
  summary: 'Runs the queued commands as one, unless a watched key has changed.',
  complexity: 'Depends on the commands in the transaction',
  syntax: '',
  immediate: true,
  refused: ({ text }) => new ErrorReply(ABORTED + text.replace(/^ERR /, '')),
  run: ({ transactions }, args) => transactions.exec(args),
};

export const discard: LocalCommand = {
  kind: 'local',
  name: 'discard',
  arity: 1,
  flags: FLAGS,
  group: 'transactions',
  since: '2.0.0',
  summary: 'Forgets the queued commands and the watched keys.',
  complexity: 'O(N) for N queued commands',
  syntax: '',
  immediate: true,
  run: ({ transactions }) => transactions.discard(),
};

export const watch: LocalCommand = {
  kind: 'local',
  name: 'watch',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  keys: [{ first: 1, last: -1, step: 1, access: 'RO' }],
  group: 'transactions',
  since: '2.2.0',
  summary: 'Makes the next EXEC do nothing if one of these keys has changed by then.',
  complexity: 'O(1) for each key',
  syntax: 'key [key ...]',
  immediate: true,
  run: ({ transactions }, args) => transactions.watch(args),
};

export const unwatch: LocalCommand = {
  kind: 'local',
  name: 'unwatch',
  arity: 1,
  flags: FLAGS,
  group: 'transactions',
  since: '2.2.0',
  summary: 'Forgets all watched keys.',
  complexity: 'O(1)',
  syntax: '',
  run: ({ transactions }) => transactions.unwatch(),
};
