import { type Reply, SimpleString } from '../resp/reply.ts';
import type { DataCommand, LocalCommand } from './command.ts';

/** The sub-command HELP of a container, which has `subcommands` beside it. */
export function helpCommand(
  container: string,
  facts: Pick<LocalCommand, 'group' | 'since' | 'categories'>,
  subcommands: readonly (DataCommand | LocalCommand)[],
): LocalCommand {
  const help: LocalCommand = {
    ...facts,
    kind: 'local',
    name: `${container}|help`,
    arity: 2,
    flags: ['loading', 'stale'],
    summary: 'Returns a text about the sub-commands.',
    complexity: 'O(1)',
    syntax: '',
    run: () => helpText(container, [...subcommands, help]),
  };
  return help;
}

/** A line for each way to call a container, and below it what that does. */
function helpText(container: string, subcommands: readonly (DataCommand | LocalCommand)[]): Reply {
  const name = container.toUpperCase();
  const lines = [`${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`];
  for (const command of subcommands) {
    const called = command.name.slice(container.length + 1).toUpperCase();
    lines.push(`${called} ${command.syntax}`.trim(), `    ${command.summary}`);
  }
  return lines.map((line) => new SimpleString(line));
}
