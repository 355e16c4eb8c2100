import type { CommandFlag, CommandGroup, LocalCommand } from '../command.ts';

const FLAGS: readonly CommandFlag[] = ['admin', 'noscript', 'loading', 'stale', 'module'];
const GROUP: CommandGroup = 'raft';

/**
 * A command of the RAFT family. They count and check their arguments themselves, because what is
 * checked first is part of the interface, and they know best in which state of the node they can be
 * served.
 */
export function raftCommand(
  command: Pick<LocalCommand, 'name' | 'summary' | 'syntax' | 'run'> & {
    readonly flags?: readonly CommandFlag[];
    readonly complexity?: string;
  },
): LocalCommand {
  return {
    flags: FLAGS,
    complexity: 'O(1)',
    ...command,
    kind: 'local',
    arity: -1,
    group: GROUP,
    since: '0.1.0',
  };
}
