import t from 'tap';
import { aclCategories } from '../../../src/commands/categories.ts';
import type { Command } from '../../../src/commands/command.ts';
import { localCommands } from '../../../src/commands/local-commands.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

interface Facts {
  readonly arity: number;
  readonly flags: readonly string[];
  readonly categories: readonly string[];
}

/** Flags that commands have here and not in Redis: these are answered while the node is loading. */
const MORE_FLAGS: Record<string, readonly string[]> = {
  ping: ['loading', 'stale'],
  asking: ['loading', 'stale'],
  lolwut: [],
  'module|list': ['loading', 'stale'],
  'cluster|info': ['loading'],
  'cluster|keyslot': ['loading'],
  'cluster|myid': ['loading'],
  'cluster|nodes': ['loading'],
  'cluster|shards': ['loading'],
  'cluster|slots': ['loading'],
};

function flatten(commands: readonly Command[]): Command[] {
  return commands.flatMap((command) =>
    command.kind === 'container' ? [command, ...command.subcommands] : [command],
  );
}

/** What COMMAND INFO of a real Redis tells, by name; sub-commands included. */
function read(reply: unknown, into: Map<string, Facts>): void {
  if (!Array.isArray(reply) || !Array.isArray(reply[2])) return;
  const [name, arity, flags, , , , categories, , , subcommands] = reply;
  into.set(String(name), {
    arity: Number(arity),
    flags: [...flags].sort(),
    categories: [...categories].map((category) => String(category).slice(1)).sort(),
  });
  if (Array.isArray(subcommands)) for (const sub of subcommands) read(sub, into);
}

t.test(
  'arity, flags and categories are those of Redis',
  { skip: skipWithoutRedis() },
  async (t) => {
    const redis = await RedisServer.start();
    t.teardown(() => redis.stop());
    const known = new Map<string, Facts>();
    const reply = await redis.call('COMMAND');
    if (Array.isArray(reply)) for (const command of reply) read(command, known);
    let compared = 0;
    for (const command of flatten(localCommands)) {
      const facts = known.get(command.name);
      // Not supported here, with another arity and no flags but that of administration.
      if (facts === undefined || command.summary.startsWith('Not supported')) continue;
      compared++;
      const more = MORE_FLAGS[command.name] ?? [];
      t.equal(command.arity, facts.arity, `${command.name}: arity`);
      t.same([...command.flags].sort(), [...facts.flags, ...more].sort(), `${command.name}: flags`);
      t.same([...aclCategories(command)].sort(), facts.categories, `${command.name}: categories`);
    }
    t.ok(compared > 40);
  },
);

t.test('every local command is described', async (t) => {
  for (const { name, summary, complexity, since } of flatten(localCommands)) {
    t.match(summary, /^[A-Z].*[.]$/, name);
    t.not(complexity, '', name);
    t.match(since, /^\d+\.\d+\.\d+$/, name);
  }
});
