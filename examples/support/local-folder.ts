import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LocalOptions, UserError } from './local-options.ts';

/**
 * A cluster's members are known to each other by address, so data can only be taken up again at the
 * ports it was made with. They stand in `cluster.json` beside the nodes' folders.
 */
export function claimFolder({ folder, port, nodes }: LocalOptions): void {
  const file = path.join(folder, 'cluster.json');
  if (existsSync(file)) {
    const before = readState(file);
    if (before.port !== port) {
      throw new UserError(
        `The cluster in ${folder} has its first node on port ${before.port}: ` +
          `start it with --port ${before.port}, or another one with --dir`,
      );
    }
    if (before.nodes > nodes) {
      throw new UserError(
        `The cluster in ${folder} has ${before.nodes} nodes: start it with --nodes ${before.nodes}`,
      );
    }
  } else if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`${folder} is not empty and holds no cluster: choose another --dir`);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ port, nodes })}\n`);
}

function readState(file: string): { port: number; nodes: number } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file} cannot be read; remove its folder to start afresh`, {
      cause: error,
    });
  }
  if (typeof value === 'object' && value !== null && 'port' in value && 'nodes' in value) {
    const { port, nodes } = value;
    if (typeof port === 'number' && typeof nodes === 'number') return { port, nodes };
  }
  throw new UserError(`${file} makes no sense; remove its folder to start afresh`);
}
