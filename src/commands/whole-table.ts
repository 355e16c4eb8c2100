import { internalCommands } from './internal-commands.ts';
import { localCommands } from './local-commands.ts';
import { command } from './server/command.ts';
import { CommandTable, dataCommands } from './table.ts';

/** The table of all commands there are. */
export function wholeTable(): CommandTable {
  return new CommandTable([...dataCommands, ...localCommands, command], internalCommands);
}
