import { RaftLogError } from './errors.ts';
import { type Examination, examine, problem } from './examine.ts';
import type { FileSystem, LogFile } from './file-system.ts';
import { firstWrongOffset, indexPath, readIndexFacts } from './index-file.ts';
import { type FileHeader, FORMAT_VERSION } from './layout.ts';
import { readOnlyNodeFiles } from './node-files.ts';
import { replayRecords } from './read-records.ts';
import { payloadStart, recordBytes, recordIndex, recordKind, recordTerm } from './record.ts';
import type { Scan } from './scan.ts';
import { VERSION } from './version.ts';

const OK = 0;
const DAMAGED = 1;
const USAGE = 2;
/** Bytes of a payload that `dump` shows. */
const PREVIEW_BYTES = 64;

const HELP = `raftlog: looks into a log, changes nothing.

  raftlog dump FILE [--from INDEX] [--count N]   one line per entry
  raftlog verify FILE                            check every byte
  raftlog stat FILE                              what the log holds, in numbers
  raftlog --help | --version

A line of dump: index, term, kind, offset of the record, length of the payload,
the first ${PREVIEW_BYTES} bytes of the payload (\\xNN where they are not printable).

Exit status: 0 fine (a torn tail of unacknowledged bytes is fine), 1 damaged or
not a log, 2 wrong usage or no such file.
`;

/** Where the output goes: whole lines, each with its line feed. */
export interface CliOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Runs one command; returns the exit status. `args` is what follows the name of the program. */
export function runCli(
  args: readonly string[],
  output: CliOutput,
  files: FileSystem = readOnlyNodeFiles,
): number {
  const [command, path, ...rest] = args;
  if (command === '--help' || command === '-h') {
    output.out(HELP);
    return OK;
  }
  if (command === '--version' || command === '-v') {
    output.out(`raftlog ${VERSION}, format ${FORMAT_VERSION}\n`);
    return OK;
  }
  if (command !== 'dump' && command !== 'verify' && command !== 'stat') {
    const what = command === undefined ? 'no command' : `unknown command '${command}'`;
    return usage(output, what);
  }
  if (path === undefined || path.startsWith('--'))
    return usage(output, `${command}: no file named`);
  const range = parseRange(rest, command === 'dump');
  if (typeof range === 'string') return usage(output, `${command}: ${range}`);
  try {
    return withLog(files, path, output, (log) => {
      if (command === 'dump') return dump(log, range, output);
      return command === 'verify' ? verify(log, output) : stat(log, output);
    });
  } catch (error) {
    output.error(`raftlog: ${error instanceof Error ? error.message : String(error)}\n`);
    const read = error instanceof RaftLogError && error.code !== 'RAFTLOG_FAILED';
    return read ? DAMAGED : USAGE;
  }
}

interface Range {
  readonly from: number;
  readonly count: number;
}

interface OpenedLog {
  readonly path: string;
  readonly file: LogFile;
  readonly header: FileHeader;
  readonly scan: Scan;
  readonly found: Examination;
  readonly index: string;
  /** What is damaged, or null. */
  readonly error: RaftLogError | null;
}

function usage(output: CliOutput, message: string): number {
  output.error(`raftlog: ${message}; try 'raftlog --help'\n`);
  return USAGE;
}

function parseRange(args: readonly string[], allowed: boolean): Range | string {
  let from = 0;
  let count = Number.POSITIVE_INFINITY;
  for (let i = 0; i < args.length; i += 2) {
    const option = args[i] as string;
    if (!allowed || (option !== '--from' && option !== '--count')) {
      return `unexpected argument '${option}'`;
    }
    const text = args[i + 1];
    if (text === undefined || !/^[0-9]{1,15}$/.test(text)) {
      return `${option} takes a whole number, not '${text ?? ''}'`;
    }
    if (option === '--from') from = Number(text);
    else count = Number(text);
  }
  return { from, count };
}

/** Examines the file and, if it has a readable header, hands on what there is. */
function withLog(
  files: FileSystem,
  path: string,
  output: CliOutput,
  use: (log: OpenedLog) => number,
): number {
  if (!files.exists(path)) {
    output.error(`raftlog: ${path}: no such file\n`);
    return USAGE;
  }
  const file = files.open(path, { create: false });
  const hasIndex = files.exists(indexPath(path));
  const index = hasIndex ? files.open(indexPath(path), { create: false }) : null;
  try {
    const attestedByIndex = (header: FileHeader): number =>
      index === null ? 0 : (readIndexFacts(index, header)?.durableBytes ?? 0);
    const found = examine({ path, file, attestedByIndex });
    const error = problem(found);
    const { header, scan } = found;
    if (header === null || scan === null) {
      output.error(`raftlog: ${error?.message ?? found.detail}\n`);
      return DAMAGED;
    }
    const log = { path, file, header, scan, found, error, index: indexState(index, header, scan) };
    return use(log);
  } finally {
    index?.close();
    file.close();
  }
}

function dump(log: OpenedLog, range: Range, output: CliOutput): number {
  const { path, file, scan } = log;
  const first = Math.max(range.from, scan.table.base.index + 1);
  const last = Math.min(scan.table.last, first + range.count - 1);
  replayRecords({ path, file, table: scan.table }, first, last, (buffer, at) => {
    const index = recordIndex(buffer, at);
    const payload = payloadStart(at);
    const end = at + recordBytes(buffer, at);
    const numbers = [
      index,
      recordTerm(buffer, at),
      recordKind(buffer, at),
      scan.table.offset(index),
      end - payload,
    ];
    output.out(`${numbers.join(' ')} ${preview(buffer, payload, end)}\n`);
  });
  return report(log, output);
}

function verify(log: OpenedLog, output: CliOutput): number {
  const status = report(log, output);
  const { scan, index, path } = log;
  if (status === OK) {
    const entries = scan.table.last - scan.table.base.index;
    output.out(`${path}: ok, ${entries} entries in ${scan.batches} batches, index ${index}\n`);
  }
  return status;
}

function stat(log: OpenedLog, output: CliOutput): number {
  const { header, scan, found } = log;
  const { table } = scan;
  const first = table.base.index + 1;
  let live = 0;
  for (let index = first; index <= table.last; index++) live += table.bytes(index);
  const lines: readonly (readonly [string, string | number])[] = [
    ['cluster id', header.clusterId],
    ['node id', header.nodeId],
    ['generation', header.generation],
    ['base index', table.base.index],
    ['base term', table.base.term],
    ['first index', first],
    ['last index', table.last],
    ['entries', table.last - table.base.index],
    ['last term', table.lastTerm],
    ['chain', table.lastChain.toString(16).padStart(8, '0')],
    ['term', scan.hardState.term],
    ['vote', scan.hardState.vote],
    ['batches', scan.batches],
    ['file bytes', found.size],
    ['log bytes', scan.end],
    ['record bytes', live],
    ['durable watermark', scan.watermark],
    ['index', log.index],
    ['recovery', `${found.row.label}, ${found.row.meaning}`],
  ];
  for (const [name, value] of lines) output.out(`${name.padEnd(18)} ${value}\n`);
  return report(log, output);
}

/** Says what is wrong, on the error output. */
function report(log: OpenedLog, output: CliOutput): number {
  if (log.error !== null) {
    output.error(`raftlog: ${log.error.message}\n`);
    return DAMAGED;
  }
  const { row, size, detail } = log.found;
  if (row.verdict === 'cut') {
    const bytes = size - log.scan.end;
    const next = `${bytes} bytes from offset ${log.scan.end} will be cut at the next start`;
    output.error(`raftlog: ${log.path}: ${row.meaning} (${row.label}): ${detail}; ${next}\n`);
  }
  return OK;
}

function indexState(index: LogFile | null, header: FileHeader, scan: Scan): string {
  if (index === null) return 'absent';
  const facts = readIndexFacts(index, header);
  if (facts === null) return 'damaged or of another log';
  const wrong = firstWrongOffset(index, facts, scan.table);
  return wrong > scan.table.last ? 'complete' : `right up to entry ${wrong - 1}`;
}

function preview(buffer: Buffer, from: number, to: number): string {
  let text = '';
  const end = Math.min(to, from + PREVIEW_BYTES);
  for (let i = from; i < end; i++) {
    const byte = buffer[i] as number;
    const printable = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    text += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return end < to ? `${text}...` : text;
}
