import t from 'tap';
import type { Command } from '../../../src/commands/command.ts';
import { command } from '../../../src/commands/server/command.ts';
import { infoReply } from '../../../src/commands/server/command-reply.ts';
import { CommandTable, dataCommands } from '../../../src/commands/table.ts';
import { plain } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';

const table = new CommandTable([...dataCommands, command]);

/** Differences on purpose, each with its reason. Those of Redis 7.0 from 7.4 are not among them. */
const EXPECTED: Readonly<Record<string, string>> = {
  'command|getkeys arity': 'as in Redis 7.2; 7.0 asks for an argument more than it needs',
  'command|getkeysandflags arity': 'as in Redis 7.2; 7.0 asks for an argument more than it needs',
};

interface Facts {
  readonly arity: unknown;
  readonly flags: unknown;
  readonly keys: unknown;
  readonly categories: unknown;
  readonly tips: unknown;
  readonly specs: unknown;
}

/** The fields of one element of COMMAND's reply; sets are sorted, notes are left out. */
function facts(reply: unknown): Facts {
  if (!Array.isArray(reply)) throw new Error('COMMAND INFO answers arrays');
  const [, arity, flags, first, last, step, categories, tips, specs] = reply;
  return {
    arity,
    flags: [...flags].sort(),
    keys: [first, last, step],
    categories: [...categories].sort(),
    tips: [...tips].sort(),
    specs: specs.map((spec: unknown[]) => withoutNotes(spec)),
  };
}

function withoutNotes(spec: unknown[]): unknown {
  const fields = new Map<unknown, unknown>();
  for (let i = 0; i < spec.length; i += 2) fields.set(spec[i], spec[i + 1]);
  fields.delete('notes');
  const flags = fields.get('flags');
  if (Array.isArray(flags)) fields.set('flags', [...flags].sort());
  return [...fields];
}

function all(commands: readonly Command[]): Command[] {
  return commands.flatMap((c) => (c.kind === 'container' ? [c, ...c.subcommands] : [c]));
}

t.test('facts are those of a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const commands = all(table.list());
  const reply = await redis.call('COMMAND', 'INFO', ...commands.map(({ name }) => name));
  if (!Array.isArray(reply)) throw new Error('COMMAND INFO answers an array');
  const differences: string[] = [];
  for (const [i, command] of commands.entries()) {
    const ours = facts(plain(infoReply(command)));
    const theirs = facts(reply[i]);
    for (const field of ['arity', 'flags', 'keys', 'categories', 'tips', 'specs'] as const) {
      if (JSON.stringify(ours[field]) === JSON.stringify(theirs[field])) continue;
      const name = `${command.name} ${field}`;
      differences.push(name);
      if (!(name in EXPECTED)) t.same(ours[field], theirs[field], name);
    }
  }
  t.same(differences.sort(), Object.keys(EXPECTED).sort(), 'differences are those on purpose');
});
