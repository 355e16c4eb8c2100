import type { Command, CommandGroup } from './command.ts';
import { dataCommands } from './data-commands.ts';
import { localCommands } from './local-commands.ts';
import { MISSING } from './missing.ts';
import { command } from './server/command.ts';

const TITLES: Readonly<Record<CommandGroup, string>> = {
  generic: 'Keys',
  string: 'Strings',
  bitmap: 'Bitmaps',
  hash: 'Hashes',
  list: 'Lists',
  set: 'Sets',
  'sorted-set': 'Sorted sets',
  geo: 'Places',
  hyperloglog: 'HyperLogLogs',
  stream: 'Streams',
  transactions: 'Transactions',
  scripting: 'Scripts and functions',
  pubsub: 'Publish and subscribe',
  connection: 'Connections',
  server: 'The server',
  cluster: 'The cluster, to cluster clients',
  raft: 'The cluster, to those who run it',
};

const INTRODUCTION = `# Commands

<!-- Generated from the table of commands in src/commands. To change it, change that and run \\\`make docs\\\`. -->

Commands, replies and errors are those of Redis 7.4 where not said otherwise. "Since" is the version of
Redis that brought the command, or that of balsa for its own. \\\`COMMAND DOCS\\\` tells the same to programs,
and \\\`make conformance\\\` compares what the commands do with a real Redis.
`.replaceAll('\\`', '`');

const NOT_HERE = `## Not here

Commands of Redis 7.0 that balsa does not know: it answers that they are unknown.

| Commands | Why |
|---|---|
`;

/** The text of docs/commands.md. */
export function commandsPage(): string {
  const all: readonly Command[] = [...dataCommands, ...localCommands, command].flatMap(callable);
  const sections: string[] = [];
  for (const [group, title] of Object.entries(TITLES)) {
    const members = all.filter((one) => one.group === group);
    if (members.length > 0) sections.push(section(title, members));
  }
  return [INTRODUCTION, ...sections, NOT_HERE + MISSING.map(missingRow).join('')].join('\n');
}

/** What can be sent: sub-commands instead of their container, and that too if it does something. */
function callable(one: Command): Command[] {
  if (one.kind !== 'container') return [one];
  return one.bare === undefined ? [...one.subcommands] : [one.bare, ...one.subcommands];
}

function section(title: string, members: readonly Command[]): string {
  const rows = [...members].sort((a, b) => (a.name < b.name ? -1 : 1)).map(row);
  return `## ${title}\n\n| Command | | Complexity | Since |\n|---|---|---|---|\n${rows.join('')}`;
}

function row({ name, syntax, summary, complexity, since, deprecated }: Command): string {
  const call = `${spoken(name)} ${syntax}`.trim();
  const better = deprecated === undefined ? '' : ` Better: ${deprecated.instead}.`;
  return `| ${cell(`\`${call}\``)} | ${cell(summary + better)} | ${cell(complexity)} | ${since} |\n`;
}

function missingRow({ names, reason }: (typeof MISSING)[number]): string {
  const spelt = names.map((name) => `\`${spoken(name)}\``).join(', ');
  return `| ${spelt} | ${cell(reason)} |\n`;
}

/** A name as it is sent. */
function spoken(name: string): string {
  return name.toUpperCase().replace('|', ' ');
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
