import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Logger } from './base/logger.ts';
import { VERSION } from './base/version.ts';
import { launch } from './config/launch.ts';
import { toByteString } from './config/words.ts';
import { Server } from './server/server.ts';
import { openRealWorld } from './world/real.ts';

/** Starts the server that the command line describes. The only place that may end the process. */
function main(): void {
  const asked = launch(process.argv.slice(2), (file) =>
    readFileSync(file === '-' ? 0 : file, 'utf8'),
  );
  switch (asked.kind) {
    case 'help':
    case 'version':
      process.stdout.write(`${asked.text}\n`);
      return;
    case 'fatal':
      process.stderr.write(`${asked.lines.join('\n')}\n`);
      process.exit(1);
  }
  const { config, notices } = asked;
  const { settings } = config;
  const world = openRealWorld({ logFile: settings.logfile });
  let roleLetter = (): string => 'S';
  const logger = new Logger({
    pid: process.pid,
    wall: () => Date.now(),
    write: (line) => world.process.log(line),
    level: settings.loglevel,
    role: () => roleLetter(),
  });
  for (const notice of notices) logger.notice(notice);
  try {
    config.supply('dir', toByteString(path.resolve(settings.dir)));
    world.files.makeDirectory(settings.dir);
    if (settings.pidfile !== '') writeFileSync(settings.pidfile, `${process.pid}\n`);
  } catch (error) {
    logger.warning(`Cannot use the folder or the pidfile: ${String(error)}`);
    process.exit(1);
  }
  const server = new Server({
    world,
    config,
    logger,
    exited: (code) => {
      // Standard output may be a pipe that has not taken the last lines yet.
      process.exitCode = code;
      if (settings.pidfile !== '') rmSync(settings.pidfile, { force: true });
      setImmediate(() => process.exit(code));
    },
  });
  roleLetter = () => (server.node.replica?.isLeader === true ? 'M' : 'S');
  watchProcess(server, logger);
  logger.notice(`balsa ${VERSION}, pid ${process.pid}, ${world.process.runtime}, starting`);
  server.start((error) => {
    if (error === null) return;
    logger.warning(`Cannot start: ${error.message}`);
    process.exit(1);
  });
}

/** What the process is told from outside, and what nobody has caught. */
function watchProcess(server: Server, logger: Logger): void {
  const stop = (signal: string): void => {
    if (server.isStopping) {
      logger.warning(`Received ${signal} again, exiting now`);
      process.exit(0);
    }
    logger.warning(`Received ${signal} scheduling shutdown...`);
    server.shutdown('graceful');
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('uncaughtException', (error) => {
    logger.warning(`A bug, or a disk that fails: ${error.stack ?? error.message}`);
    process.exit(1);
  });
}

main();
