import type { DataCommand } from './command.ts';
import type { CommandTable } from './command-table.ts';
import { debugPopulate } from './server/debug-populate.ts';
import { execCommands, version } from './transactions/exec.ts';

/** What nodes send each other, and what stands in the log, for commands that clients know by others. */
export function internalCommands(table: CommandTable): readonly DataCommand[] {
  return [...execCommands(table), version, debugPopulate];
}
