import { readOnlyNodeFiles } from '../../raftlog/index.ts';
import { openLevelView } from '../world/level-view.ts';
import { openRealWorld } from '../world/real.ts';
import { runAdmin } from './cli.ts';

/** Runs the tool on this machine. */
async function main(): Promise<void> {
  const { stdout, stderr } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads the output may have seen enough (verify | head).
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  let shown = '';
  const progress = (text: string): void => {
    if (stderr.isTTY !== true || text === shown) return;
    shown = text;
    stderr.write(`\r\u001b[K${text}`);
  };
  const world = openRealWorld();
  process.exitCode = await runAdmin(process.argv.slice(2), {
    world,
    look: readOnlyNodeFiles,
    view: openLevelView,
    out: (text) => stdout.write(`${text}\n`),
    error: (text) => stderr.write(`${text}\n`),
    progress,
    environment: (name) => process.env[name],
  });
}

main();
