import { RaftLogError } from './errors.ts';
import type { FileSystem } from './file-system.ts';
import { type InspectedLog, type Inspection, inspectLog, tornTail } from './inspect.ts';
import { FORMAT_VERSION } from './layout.ts';
import { readOnlyNodeFiles } from './node-files.ts';
import { replayRecords } from './read-records.ts';
import { payloadStart, recordBytes, recordIndex, recordKind, recordTerm } from './record.ts';
import { VERSION } from './version.ts';

const OK = 0;
const DAMAGED = 1;
const USAGE = 2;
/** Bytes of a payload that `dump` shows. */
const PREVIEW_BYTES = 64;
const COMMANDS: readonly string[] = ['dump', 'verify', 'stat'];
const RANGE_OPTIONS: readonly string[] = ['--from', '--to', '--count'];

const HELP = `raftlog: looks into a log, changes nothing.

  raftlog dump FILE [--from INDEX] [--to INDEX] [--count N]   one line per entry
  raftlog verify FILE                                         check every byte
  raftlog stat FILE                                           what the log holds, in numbers
  raftlog --help | --version

A line of dump: index, term, kind, offset of the record, length of the payload, and
`;
const PREVIEW_HELP = `the first ${PREVIEW_BYTES} bytes of the payload (\\xNN where they are not printable).
`;
const STATUS_HELP = `
Exit status: 0 fine (a torn tail of unacknowledged bytes is fine), 1 damaged or
not a log, 2 wrong usage or no such file.
`;

/** Where the output goes: whole lines, each with its line feed. */
export interface CliOutput {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** What whoever knows the payloads makes of them. */
export interface CliDescriber {
  /** The end of the sentence in --help, with its line feed. */
  readonly help: string;
  /** An entry in words, on one line. `payload` is used again afterwards. */
  readonly describe: (kind: number, payload: Buffer) => string;
}

export interface CliOptions {
  readonly files?: FileSystem;
  readonly describer?: CliDescriber;
}

/** Runs one command; returns the exit status. `args` is what follows the name of the program. */
export function runCli(
  args: readonly string[],
  output: CliOutput,
  options: CliOptions = {},
): number {
  const { files = readOnlyNodeFiles, describer } = options;
  const [command] = args;
  if (args.includes('--help') || args.includes('-h')) {
    output.out(`${HELP}${describer?.help ?? PREVIEW_HELP}${STATUS_HELP}`);
    return OK;
  }
  if (command === '--version' || command === '-v') {
    output.out(`raftlog ${VERSION}, format ${FORMAT_VERSION}\n`);
    return OK;
  }
  if (command === undefined || !COMMANDS.includes(command)) {
    return usage(output, command === undefined ? 'no command' : `unknown command '${command}'`);
  }
  const asked = parse(args.slice(1), command === 'dump' ? RANGE_OPTIONS : []);
  if (typeof asked === 'string') return usage(output, `${command}: ${asked}`);
  const { path } = asked;
  if (!files.exists(path)) {
    output.error(`raftlog: ${path}: no such file\n`);
    return USAGE;
  }
  try {
    return inspectLog(files, path, (inspection) => {
      const { log } = inspection;
      if (log === null) return report(inspection, output);
      if (command === 'dump') dump(inspection, log, { ...asked, output, describer });
      if (command === 'stat') stat(inspection, log, output);
      const status = report(inspection, output);
      if (command === 'verify' && status === OK) sayFine(path, log, output);
      return status;
    });
  } catch (error) {
    output.error(`raftlog: ${error instanceof Error ? error.message : String(error)}\n`);
    const read = error instanceof RaftLogError && error.code !== 'RAFTLOG_FAILED';
    return read ? DAMAGED : USAGE;
  }
}

interface Asked {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function usage(output: CliOutput, message: string): number {
  output.error(`raftlog: ${message}; try 'raftlog --help'\n`);
  return USAGE;
}

function parse(args: readonly string[], allowed: readonly string[]): Asked | string {
  const numbers = new Map<string, number>();
  let path: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (!arg.startsWith('--') && path === null) {
      path = arg;
      continue;
    }
    if (!allowed.includes(arg)) return `unexpected argument '${arg}'`;
    const text = args[++i];
    if (text === undefined || !/^[0-9]{1,15}$/.test(text)) {
      return `${arg} takes a whole number, not '${text ?? ''}'`;
    }
    numbers.set(arg, Number(text));
  }
  if (path === null) return 'no file named';
  const [from, to, count] = RANGE_OPTIONS.map((option) => numbers.get(option));
  if (from !== undefined && to !== undefined && to < from) {
    return `--to ${to} comes before --from ${from}`;
  }
  return { path, from: from ?? 0, to: to ?? Infinity, count: count ?? Infinity };
}

function dump(
  { path, file }: Inspection,
  { scan: { table } }: InspectedLog,
  asked: Asked & { readonly output: CliOutput; readonly describer: CliDescriber | undefined },
): void {
  const { output, describer, from, to, count } = asked;
  const start = table.base.index + 1;
  const first = Math.max(from, start);
  const last = Math.min(table.last, to, first + count - 1);
  if (count > 0 && last < first) {
    const has = table.last < start ? 'no entries' : `entries ${start} to ${table.last}`;
    output.error(`raftlog: ${path}: nothing to show, the log has ${has}\n`);
  }
  replayRecords({ path, file, table }, first, last, (buffer, at) => {
    const index = recordIndex(buffer, at);
    const kind = recordKind(buffer, at);
    const payload = buffer.subarray(payloadStart(at), at + recordBytes(buffer, at));
    const numbers = [index, recordTerm(buffer, at), kind, table.offset(index), payload.length];
    output.out(`${numbers.join(' ')} ${describer?.describe(kind, payload) ?? preview(payload)}\n`);
  });
}

function sayFine(path: string, { scan, index }: InspectedLog, output: CliOutput): void {
  const entries = scan.table.last - scan.table.base.index;
  output.out(`${path}: ok, ${entries} entries in ${scan.batches} batches, index ${index}\n`);
}

function stat(
  { found }: Inspection,
  { header, scan, index: state }: InspectedLog,
  output: CliOutput,
): void {
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
    ['index', state],
    ['recovery', `${found.row.label}, ${found.row.meaning}`],
  ];
  for (const [name, value] of lines) output.out(`${name.padEnd(18)} ${value}\n`);
}

/** Says what is wrong, on the error output. */
function report(inspection: Inspection, output: CliOutput): number {
  const { error } = inspection;
  if (error !== null) {
    output.error(`raftlog: ${error.message}\n`);
    return DAMAGED;
  }
  const torn = tornTail(inspection);
  if (torn !== null) output.error(`raftlog: ${torn}\n`);
  return OK;
}

function preview(payload: Buffer): string {
  let text = '';
  for (const byte of payload.subarray(0, PREVIEW_BYTES)) {
    const printable = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    text += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return payload.length > PREVIEW_BYTES ? `${text}...` : text;
}
