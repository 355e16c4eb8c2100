import t from 'tap';
import type { Command } from '../../../src/commands/command.ts';
import { CommandTable } from '../../../src/commands/command-table.ts';
import { dataCommands } from '../../../src/commands/data-commands.ts';
import { localCommands } from '../../../src/commands/local-commands.ts';
import { MISSING } from '../../../src/commands/missing.ts';
import { command } from '../../../src/commands/server/command.ts';
import { docsReply, infoReply } from '../../../src/commands/server/command-reply.ts';
import { plain } from '../harness.ts';
import { RedisServer, skipWithoutRedis } from '../redis-server.ts';
import { EXPECTED, NOT_SUPPORTED } from './expected-differences.ts';

const table = new CommandTable([...dataCommands, ...localCommands, command]);
const commands: readonly Command[] = table
  .list()
  .flatMap((c) => (c.kind === 'container' ? [c, ...c.subcommands] : [c]));

type Facts = Readonly<Record<string, unknown>>;

/** The fields of one element of COMMAND's reply; sets are sorted, notes are left out. */
function factsOf(reply: unknown): Facts {
  if (!Array.isArray(reply)) throw new Error('COMMAND INFO answers arrays');
  const [, arity, flags, first, last, step, categories, tips, specs] = reply;
  return {
    arity,
    flags: [...flags].sort(),
    keys: [first, last, step],
    categories: [...categories].sort(),
    tips: [...tips].sort(),
    specs: specs.map(withoutNotes),
  };
}

function withoutNotes(spec: unknown): unknown {
  const fields = fieldsOf(spec);
  fields.delete('notes');
  const flags = fields.get('flags');
  if (Array.isArray(flags)) fields.set('flags', [...flags].sort());
  return [...fields];
}

/** What COMMAND DOCS tells, but for what is said in sentences. */
function documentedOf(reply: unknown): Facts {
  const fields = fieldsOf(reply);
  const fact = (name: string) => fields.get(name) ?? null;
  return {
    since: fact('since'),
    group: fact('group'),
    doc_flags: fact('doc_flags'),
    deprecated_since: fact('deprecated_since'),
  };
}

/** A map as RESP2 has it. */
function fieldsOf(reply: unknown): Map<unknown, unknown> {
  const fields = new Map<unknown, unknown>();
  if (!Array.isArray(reply)) return fields;
  for (let i = 0; i < reply.length; i += 2) fields.set(reply[i], reply[i + 1]);
  return fields;
}

/** Names of the fields that differ, with what they are here and there. */
function differencesOf(name: string, ours: Facts, theirs: Facts): [string, unknown, unknown][] {
  return Object.keys(ours)
    .filter((field) => JSON.stringify(ours[field]) !== JSON.stringify(theirs[field]))
    .map((field) => [`${name} ${field}`, ours[field], theirs[field]]);
}

t.test('a real Redis', { skip: skipWithoutRedis() }, async (t) => {
  const redis = await RedisServer.start();
  t.teardown(() => redis.stop());
  const names = await redis.call('COMMAND', 'LIST');
  if (!Array.isArray(names)) throw new Error('COMMAND LIST answers an array');
  const known = commands.filter(({ name }) => names.includes(name));

  await t.test('has the same facts of commands, but for those listed', async (t) => {
    const info = await redis.call('COMMAND', 'INFO', ...known.map(({ name }) => name));
    if (!Array.isArray(info)) throw new Error('COMMAND INFO answers an array');
    const docs = fieldsOf(await redis.call('COMMAND', 'DOCS', ...known.map(({ name }) => name)));
    const found = new Set<string>();
    for (const [i, one] of known.entries()) {
      if (NOT_SUPPORTED.includes(one.name)) continue;
      const differences = [
        ...differencesOf(one.name, factsOf(plain(infoReply(one))), factsOf(info[i])),
        ...differencesOf(
          one.name,
          documentedOf(plain(docsReply(one))),
          documentedOf(docs.get(one.name)),
        ),
      ];
      for (const [name, ours, theirs] of differences) {
        found.add(name);
        if (!(name in EXPECTED)) t.same(ours, theirs, name);
      }
    }
    t.same(
      Object.keys(EXPECTED).filter((name) => !found.has(name)),
      [],
      'all listed are there',
    );
  });

  await t.test('has the same sub-commands, but for those listed as missing', async (t) => {
    const missing = new Set(MISSING.flatMap((group) => group.names));
    const lacking = names.filter((name) => table.get(name) === undefined);
    t.same(
      lacking.filter((name) => !missing.has(name)).sort(),
      [],
      'every command that is not here is in the list, with a reason',
    );
    t.same(
      [...missing].filter((name) => !lacking.includes(name)).sort(),
      [],
      'what is in the list is not here, and is a command',
    );
  });

  await t.test('lacks only what is newer', async (t) => {
    for (const { name, since, group } of commands) {
      if (names.includes(name) || group === 'raft') continue;
      const [major = 0, minor = 0] = since.split('.').map(Number);
      t.ok(major > 7 || (major === 7 && minor > 0), `${name} is of Redis ${since}`);
    }
  });
});
