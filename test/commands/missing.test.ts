import t from 'tap';
import { CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { MISSING } from '../../src/commands/missing.ts';

const table = new CommandTable(dataCommands);

t.test('what is missing is in lower case and not in the table', async (t) => {
  for (const name of MISSING.flatMap((group) => group.names)) {
    t.equal(name, name.toLowerCase());
    t.equal(table.get(name), undefined, name);
  }
});
