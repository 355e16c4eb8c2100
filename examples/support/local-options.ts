import { parseArgs } from 'node:util';

/** What local-cluster is asked to do. */
export interface LocalOptions {
  /** Of the first node; the others have the next ones. */
  readonly port: number;
  readonly nodes: number;
  readonly folder: string;
  /** Run when the cluster is up, which ends with it. Empty: it stays until it is told to stop. */
  readonly command: readonly string[];
}

/** Something that the person at the keyboard can mend: shown without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export const HELP = `Starts a balsa cluster on this machine and stays until Ctrl-C.

Usage: node dist/examples/local-cluster.js [options] [-- command [argument ...]]

  --port 5001      port of the first node; the others take the next ones
  --nodes 3        number of nodes, 1 to 9
  --dir .cluster   folder of the data and logs; what is there is taken up again
  --help           shows this

A command after -- runs when the cluster is up; when it ends the cluster is stopped, and its exit
code becomes that of the whole.`;

const MAX_NODES = 9;
const MAX_PORT = 65_535;

/** Null: help is wanted. Throws {@link UserError}. */
export function readOptions(argv: readonly string[]): LocalOptions | null {
  const { values, positionals, tokens } = parse(argv);
  if (values.help === true) return null;
  const terminator = tokens.find((token) => token.kind === 'option-terminator');
  const stray = tokens.find((token) => token.kind === 'positional');
  if (stray !== undefined && (terminator === undefined || stray.index < terminator.index)) {
    throw new UserError(`Unexpected argument '${stray.value}'; a command stands behind --`);
  }
  const nodes = readNumber('nodes', values.nodes, 1, MAX_NODES);
  return {
    port: readNumber('port', values.port, 1, MAX_PORT - nodes + 1),
    nodes,
    folder: values.dir,
    command: positionals,
  };
}

interface Parsed {
  readonly values: { port: string; nodes: string; dir: string; help?: boolean };
  readonly positionals: string[];
  readonly tokens: { kind: string; index: number; value?: string | boolean | undefined }[];
}

function parse(argv: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '5001' },
        nodes: { type: 'string', default: '3' },
        dir: { type: 'string', default: '.cluster' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
      tokens: true,
    });
  } catch (error) {
    // Node adds sentences about how options are parsed, which help nobody here.
    const [first] = error instanceof Error ? error.message.split(/[.\n]/) : [String(error)];
    throw new UserError(first, { cause: error });
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UserError(`--${name} must be a number from ${least} to ${most}, not '${text}'`);
}
