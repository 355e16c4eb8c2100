import { UsageError } from './tools.ts';

const DEFAULT_LOG = 'redisraft.db';

/** The files of a node, as its server calls them. */
export interface NodePaths {
  readonly log: string;
  readonly index: string;
  readonly image: string;
}

/** `logFilename`: what `raft.log-filename` is, if it is not the default. */
export function nodePaths(dir: string, logFilename: string = DEFAULT_LOG): NodePaths {
  if (dir === '') throw new UsageError('--dir needs a folder');
  if (logFilename === '') throw new UsageError('with an empty --log-filename nothing is on disk');
  const log = logFilename.startsWith('/')
    ? logFilename
    : `${dir.replace(/(.)\/+$/, '$1')}/${logFilename}`;
  return { log, index: `${log}.idx`, image: `${log}.image` };
}
