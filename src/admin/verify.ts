import type { ImageMeta } from '../replica/image/meta.ts';
import { decideStart, type StartVerdict } from '../replica/image/start-table.ts';
import { noWords, onlyWord, readOptions } from './options.ts';
import { nodePaths } from './paths.ts';
import { type Damage, type Report, reportLines } from './report.ts';
import {
  type AdminCommand,
  type AdminTools,
  DONE,
  FAILED,
  LookError,
  UsageError,
} from './tools.ts';
import { type VerifiedImage, verifyBackup, verifyImage } from './verify-image.ts';
import { type VerifiedLog, verifyLog } from './verify-log.ts';

const HELP = `balsa-admin verify --dir DIR [--log-filename NAME] [--json]
balsa-admin verify [--json] FILE

Checks the data of a node that is stopped, or a backup FILE: every byte of the log and every record of
the image against its checksum. Then the image is loaded into memory, as a server would, and the keys of
each database and the digest are printed, to be compared with RAFT.DEBUG DIGEST at the same entry. Last
comes what a server started on these files would do.

  --dir DIR             the folder of the node
  --log-filename NAME   its raft.log-filename; default: redisraft.db
  --json                prints one JSON object

Nothing in the folder changes. LevelDB, which keeps the image, cannot be opened without being written
to, so it is given a view of the folder: links to the large files and copies of the small ones, in a
folder of its own below TMPDIR, which goes when all is done. While it is checked no server can start.

Exit status: 0 sound, 1 damaged, 2 wrong usage, nothing there, or a server is running.
`;

export const verify: AdminCommand = {
  name: 'verify',
  help: HELP,
  run: async (args, tools) => {
    const known = { values: ['dir', 'log-filename'], flags: ['json'] };
    const options = readOptions(args, known);
    const dir = options.values.get('dir');
    let report: Report;
    if (dir === undefined) {
      if (options.values.has('log-filename'))
        throw new UsageError('--log-filename goes with --dir');
      if (options.words.length === 0)
        throw new UsageError('--dir DIR, or a backup FILE, is missing');
      report = await verifyFile(tools, onlyWord(options, 'file'));
    } else {
      noWords(options);
      report = await verifyFolder(tools, dir, options.values.get('log-filename'));
    }
    if (options.values.has('json')) tools.out(JSON.stringify(report, null, 2));
    else for (const line of reportLines(report)) tools.out(line);
    return report.sound ? DONE : FAILED;
  },
};

async function verifyFile(tools: AdminTools, path: string): Promise<Report> {
  if (!tools.look.exists(path)) throw new LookError(`${path}: no such file`);
  const { report, notes, damages } = await verifyBackup(tools, path);
  const sound = damages.length === 0;
  return { sound, log: null, image: report, start: null, notes, damages };
}

async function verifyFolder(
  tools: AdminTools,
  dir: string,
  logFilename: string | undefined,
): Promise<Report> {
  const paths = nodePaths(dir, logFilename);
  const hasImage = tools.world.images.exists(paths.image);
  // The image first: that no server is running is known by its lock.
  const image = hasImage ? await verifyImage(tools, paths.image) : null;
  const log = verifyLog(tools, paths.log);
  if (log === null && image === null) {
    throw new LookError(`there is neither ${paths.log} nor ${paths.image}`);
  }
  const damages = [...(log?.damages ?? []), ...(image?.damages ?? [])];
  const notes = [...(log?.notes ?? []), ...(image?.notes ?? [])];
  if (!hasImage) notes.push(`${paths.image} is not there`);
  if (damages.length > 0) {
    const start = { row: 'damaged', what: 'does not start on damaged files' };
    return {
      sound: false,
      log: log?.report ?? null,
      image: image?.report ?? null,
      start,
      notes,
      damages,
    };
  }
  return fit({ log, image, notes, path: paths.image });
}

/** Both are sound: whether they belong together. */
function fit({
  log,
  image,
  notes,
  path,
}: {
  readonly log: VerifiedLog | null;
  readonly image: VerifiedImage | null;
  readonly notes: readonly string[];
  readonly path: string;
}): Report {
  const meta = image?.stored?.meta ?? null;
  const found = log?.found ?? null;
  const verdict = decideStart(found, meta);
  const damages: Damage[] = [];
  if (verdict.kind === 'fatal') damages.push({ file: path, what: verdict.text });
  const overlaps = found !== null && meta !== null && verdict.kind === 'run';
  if (overlaps && found.chain(meta.index) !== meta.chain) {
    const what = `the image of entry ${meta.index} was made of another log than the one beside it`;
    damages.push({ file: path, index: meta.index, what });
  }
  return {
    sound: damages.length === 0,
    log: log?.report ?? null,
    image: image?.report ?? null,
    start: { row: verdict.row, what: startText(verdict, meta, found?.last ?? 0) },
    notes,
    damages,
  };
}

function startText(verdict: StartVerdict, image: ImageMeta | null, last: number): string {
  switch (verdict.kind) {
    case 'new':
      return 'belongs to no cluster';
    case 'orphan':
      return 'belongs to no cluster; the image is put aside when it joins one';
    case 'fatal':
      return 'does not start';
    case 'reset-log':
      return `loads the image of entry ${image?.index}; the log begins anew behind it`;
    case 'run': {
      if (image === null) return `applies entries 1 to ${last}`;
      const rest = last > image.index ? `, applies entries ${image.index + 1} to ${last}` : '';
      return `loads the image of entry ${image.index}${rest}`;
    }
  }
}
