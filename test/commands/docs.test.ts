import { readFileSync } from 'node:fs';
import t from 'tap';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { commandsPage } from '../../src/commands/docs.ts';
import { localCommands } from '../../src/commands/local-commands.ts';
import { MISSING } from '../../src/commands/missing.ts';

t.test('docs/commands.md is what the table of commands says', async (t) => {
  t.equal(readFileSync('docs/commands.md', 'utf8'), commandsPage());
});

t.test('the page names every command', async (t) => {
  const page = commandsPage();
  for (const one of [...dataCommands, ...localCommands]) {
    const names = one.kind === 'container' ? one.subcommands.map(({ name }) => name) : [one.name];
    for (const name of names) {
      t.ok(page.includes(`| \`${name.toUpperCase().replace('|', ' ')}`), name);
    }
  }
});

t.test('the page names what is missing, once, with a reason', async (t) => {
  const page = commandsPage();
  const names = MISSING.flatMap((group) => group.names);
  t.equal(new Set(names).size, names.length);
  for (const name of names)
    t.ok(page.includes(`\`${name.toUpperCase().replace('|', ' ')}\``), name);
  for (const { reason } of MISSING) t.match(reason, /^(Not yet|No sense here): .*[.]$/);
});
