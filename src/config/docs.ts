import { type Parameter, showLimit } from './parameter.ts';
import { PARAMETERS } from './parameters.ts';
import { defaultReading } from './values.ts';

const INTRODUCTION = `# Configuration

<!-- Generated from the table in src/config. To change it, change the table and run \`npm run docs\`. -->

Parameters are given on the command line, in a file in the form of \`redis.conf\`, or both; what comes
later wins.

    balsa-server /etc/balsa.conf --port 5001 --raft.addr 10.0.0.1:5001
    echo 'maxmemory 128mb' | balsa-server -

While the server runs, \`CONFIG GET\` and \`CONFIG SET\` read and change them, on the node they are sent
to; \`CONFIG SET\` takes several pairs, and sets all of them or none. \`CONFIG REWRITE\` writes what was
chosen back to the file.

Sizes are numbers of bytes, or have a unit: \`k\`, \`m\`, \`g\` are powers of 1000 and \`kb\`, \`mb\`, \`gb\`
powers of 1024. They are shown as plain bytes. Names, units and words are read in any case.

The column "Changed" says when a parameter may be given a new value: at **any time**, only **before**
the node has become part of **a cluster** (\`RAFT.CLUSTER INIT\` or \`JOIN\`), or only **at launch**.
`;

const LAUNCH_FORMS = `## Starting what was written for RedisRaft

The launch lines of all versions of RedisRaft start balsa. The path behind \`--loadmodule\` is noted in
the log and nothing is loaded; the words behind it are read as RedisRaft read them.

    balsa-server --port 5001 --loadmodule redisraft.so raft-log-filename=log1.db addr=10.0.0.1:5001
    balsa-server --port 5001 --loadmodule redisraft.so raft-log-filename log1.db addr 10.0.0.1:5001
    balsa-server --port 5001 --loadmodule redisraft.so --raft.log-filename log1.db --raft.addr 10.0.0.1:5001

In the first two forms, and in \`RAFT.CONFIG GET\` and \`RAFT.CONFIG SET\`, the names of their time are
taken too. As it was then, \`KB\`, \`MB\` and \`GB\` are powers of 1000 there, and \`KiB\`, \`MiB\`, \`GiB\` powers
of 1024.

| Old name | Today |
|---|---|
`;

const LAUNCH_NAMES: readonly (readonly [string, string])[] = [
  ['cluster-start-hslot', 'first slot of `raft.slot-config`'],
  ['cluster-end-hslot', 'last slot of `raft.slot-config`'],
  ['raftize-all-commands', 'no effect: every command goes through the log'],
  ['loglevel error, info', '`raft.loglevel` warning, notice'],
];

/** The text of docs/configuration.md. */
export function configurationPage(): string {
  const visible = PARAMETERS.filter(
    (p) => p.hidden !== true && !p.only && !p.ignored && !isNobody(p),
  );
  const raft = visible.filter((p) => p.name.startsWith('raft.'));
  const server = visible.filter((p) => !p.name.startsWith('raft.'));
  const tests = PARAMETERS.filter((p) => p.hidden === true && !p.only);
  return [
    INTRODUCTION,
    section('Raft and the cluster', '', raft),
    section('The server', 'As in Redis, where not said otherwise.\n\n', server),
    section(
      'Hidden',
      '`CONFIG GET` shows these only when asked for the exact name, not for a pattern.\n\n',
      tests,
    ),
    refusedSection(),
    ignoredSection(),
    LAUNCH_FORMS + renamed(),
  ].join('\n');
}

function section(title: string, text: string, parameters: readonly Parameter[]): string {
  const head = '| Name | Default | Values | Changed | |\n|---|---|---|---|---|\n';
  return `## ${title}\n\n${text}${head}${parameters.map(row).join('')}`;
}

function row(parameter: Parameter): string {
  const shown = defaultReading(parameter).text;
  const cells = [
    `\`${parameter.name}\``,
    shown === '' ? 'empty' : `\`${shown}\``,
    values(parameter),
    changed(parameter),
    parameter.text,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function values(parameter: Parameter): string {
  switch (parameter.type) {
    case 'int':
      return `${parameter.min} to ${showLimit(parameter.max)}${parameter.unit ? ` ${parameter.unit}` : ''}`;
    case 'memory':
      return `size, ${parameter.min} to ${showLimit(parameter.max)}`;
    case 'bool':
      return 'yes, no';
    case 'enum':
      return parameter.values.join(', ');
    case 'flags':
      return ['off', ...parameter.values, 'all'].join(', ');
    case 'list':
      return parameter.separator === ',' ? 'list with commas' : 'list with blanks';
    case 'buffer-limits':
      return 'class hard soft seconds, …';
    case 'string':
      return 'text';
  }
}

function changed(parameter: Parameter): string {
  switch (parameter.change) {
    case 'any-time':
      return 'any time';
    case 'before-cluster':
      return 'before a cluster';
    case 'launch':
    case 'protected':
      return 'at launch';
  }
}

function isNobody(parameter: Parameter): boolean {
  return parameter.type === 'string' && parameter.format === 'nobody';
}

function refusedSection(): string {
  const refused = PARAMETERS.filter((p) => p.only !== undefined || isNobody(p));
  const lines = refused.map((p) => {
    const reason = p.only?.reason ?? 'use RAFT.CLUSTER JOIN';
    const allowed = defaultReading(p).text || (isNobody(p) ? 'no one' : '""');
    return `| \`${p.name}\` | \`${allowed}\` | ${reason} |\n`;
  });
  const text = 'balsa does not start with another value of these, and `CONFIG SET` refuses it.\n\n';
  return `## Refused\n\n${text}| Name | Only value | Why |\n|---|---|---|\n${lines.join('')}`;
}

function ignoredSection(): string {
  const names = new Map<string, string[]>();
  for (const { name, ignored } of PARAMETERS) {
    if (ignored === undefined) continue;
    const group = names.get(ignored) ?? [];
    group.push(`\`${name}\``);
    names.set(ignored, group);
  }
  const items = [...names].map(([reason, group]) => `- **${reason}**: ${group.join(', ')}\n`);
  const text =
    'These are taken, so that files written for Redis work, shown by `CONFIG GET`, and do nothing; the\nlog says so at launch.\n\n';
  return `## Without effect\n\n${text}${items.join('')}`;
}

function renamed(): string {
  const rows = PARAMETERS.flatMap((p) =>
    (p.legacy ?? [])
      .filter((name) => `raft.${name}` !== p.name)
      .map((name): readonly [string, string] => [name, `\`${p.name}\``]),
  );
  const all = [...rows, ...LAUNCH_NAMES];
  const table = all.map(([old, now]) => `| \`${old}\` | ${now} |\n`).join('');
  return `${table}\nAll other names are those of today without \`raft.\`.\n`;
}
