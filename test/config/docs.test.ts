import { readFileSync } from 'node:fs';
import t from 'tap';
import { configurationPage } from '../../src/config/docs.ts';
import { PARAMETERS } from '../../src/config/parameters.ts';

t.test('docs/configuration.md is what the table of parameters says', (t) => {
  t.equal(readFileSync('docs/configuration.md', 'utf8'), configurationPage());
  t.end();
});

t.test('the page names every parameter', (t) => {
  const page = configurationPage();
  for (const { name } of PARAMETERS) t.ok(page.includes(`\`${name}\``), name);
  t.end();
});
