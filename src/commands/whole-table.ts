import { CommandTable } from './command-table.ts';
import { dataCommands } from './data-commands.ts';
import { internalCommands } from './internal-commands.ts';
import { localCommands } from './local-commands.ts';
import { command } from './server/command.ts';

/** The table of all commands there are. */
export function wholeTable(): CommandTable {
  return new CommandTable([...dataCommands, ...localCommands, command], internalCommands);
}
