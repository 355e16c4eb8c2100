/**
 * A cluster on this machine: starts the nodes, joins them as a person would with redis-cli, and stays
 * until Ctrl-C. Started again it takes up its data. `make cluster` runs it; `--help` tells the rest.
 */
import { spawn } from 'node:child_process';
import { type Info, LocalCluster } from './support/local-cluster.ts';
import type { LocalNode } from './support/local-node.ts';
import { HELP, readOptions, UserError } from './support/local-options.ts';

const COLUMNS: readonly (readonly [title: string, field: string])[] = [
  ['node id', 'raft_node_id'],
  ['role', 'raft_role'],
  ['term', 'raft_current_term'],
  ['current', 'raft_current_index'],
  ['commit', 'raft_commit_index'],
  ['applied', 'raft_last_applied_index'],
];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function table(nodes: readonly LocalNode[], infos: readonly Info[]): string {
  const rows = [
    [...COLUMNS.map(([title]) => title), 'address'],
    ...nodes.map((node, i) => [
      ...COLUMNS.map(([, field]) => infos[i]?.[field] ?? ''),
      node.address,
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function howToConnect(nodes: readonly LocalNode[]): string {
  const ports = nodes.map(({ port }) => `{ host: '127.0.0.1', port: ${port} }`);
  return `Connect with redis-cli, or with any client that knows Redis Cluster

  redis-cli -c -p ${nodes[0]?.port}

  import { Cluster } from 'ioredis';
  const redis = new Cluster([
    ${ports.join(',\n    ')},
  ]);

Ctrl-C stops the cluster; started again it has its data.`;
}

/** Runs a command to its end; resolves with its exit code. */
function run(command: readonly string[], stop: AbortSignal): Promise<number> {
  const [program = '', ...words] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit' });
    stop.addEventListener('abort', () => child.kill('SIGTERM'));
    child.once('error', (error) => reject(new UserError(`Cannot run it: ${error.message}`)));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Resolves with the exit code when there is nothing left to stay for. */
async function stay(cluster: LocalCluster, command: readonly string[]): Promise<number> {
  const infos = await cluster.start();
  print(`\n${table(cluster.nodes, infos)}\n`);
  if (command.length === 0) print(howToConnect(cluster.nodes));
  const ended = cluster.ended().then(() => {
    throw new UserError('No node is left');
  });
  const stopped = new AbortController();
  if (command.length === 0) return ended;
  print(`Running ${command.join(' ')}\n`);
  try {
    return await Promise.race([run(command, stopped.signal), ended]);
  } finally {
    stopped.abort();
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    print(HELP);
    return 0;
  }
  const cluster = new LocalCluster(options, print);
  let asked = false;
  const told = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) cluster.kill();
        asked = true;
        resolve(0);
      });
    }
  });
  let code = 1;
  try {
    code = await Promise.race([told, stay(cluster, options.command)]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
  } finally {
    const well = await cluster.stop();
    if (!well && code === 0) code = 1;
  }
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      error instanceof UserError
        ? `${error.message}\nSee --help\n`
        : `${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  },
);
