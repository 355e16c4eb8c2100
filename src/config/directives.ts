import { VERSION } from '../base/version.ts';
import { isSensitive } from './parameters.ts';
import { splitLine, toByteString } from './words.ts';

/** One parameter with its words, wherever it was written. */
export interface Directive {
  /** Byte strings; the first is the name, as it was typed. */
  readonly words: readonly string[];
  /** How messages quote it, without secrets. */
  readonly shown: string;
  /** Where it stands, for messages. */
  readonly place: string;
}

export type ReadFile = (path: string) => string;

/** The reason why balsa does not start, as lines for the user. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly code = 'ERR_BALSA_LAUNCH';
  readonly lines: readonly string[];

  constructor(lines: readonly string[], options?: ErrorOptions) {
    super(lines.join('\n'), options);
    this.lines = lines;
  }
}

const TITLE = `*** FATAL CONFIG FILE ERROR (balsa ${VERSION}) ***`;

/** Files that include each other for ever are told from a deep nest by this depth. */
const MAX_INCLUDE_DEPTH = 16;

/** The arguments of balsa-server, taken apart as Redis does. */
export interface CommandLine {
  /** `-` is standard input. */
  readonly file: string | null;
  /** Standard input is read after the file. */
  readonly standardInput: boolean;
  readonly options: readonly Directive[];
}

/**
 * Redis's own grammar: a file first, unless the first word starts with a dash; `-` as first or last
 * word; then options, each a word that starts with `--` and the words up to the next one. No library
 * for command lines knows it, as an option may have any number of words, even none.
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  let words = argv;
  const standardInput = words.at(-1) === '-' || words[0] === '-';
  if (words.at(-1) === '-') words = words.slice(0, -1);
  if (words[0] === '-') words = words.slice(1);
  const first = words[0];
  const file = argv[0] !== '-' && first !== undefined && !first.startsWith('-') ? first : null;
  if (file !== null) words = words.slice(1);
  return { file, standardInput, options: [...readOptions(words)] };
}

function* readOptions(argv: readonly string[]): Generator<Directive> {
  let words: string[] = [];
  let shown: string[] = [];
  for (const word of argv) {
    if (word.startsWith('--')) {
      if (words.length > 0) yield option(words, shown);
      // A whole directive may stand in one word, as in '--port 6379'.
      words = splitLine(word.slice(2)) ?? [toByteString(word.slice(2))];
      shown = [word.slice(2)];
    } else {
      words.push(toByteString(word));
      shown.push(`"${word}"`);
    }
  }
  if (words.length > 0) yield option(words, shown);
}

function option(words: readonly string[], shown: readonly string[]): Directive {
  return {
    words,
    shown: withoutSecrets(words, shown.join(' ')),
    place: 'Reading the command line',
  };
}

/** The directives of a file and of those it includes, in order. `-` is standard input. */
export function* readDirectives(
  path: string,
  readFile: ReadFile,
  includedBy: readonly string[] = [],
): Generator<Directive> {
  const lines = openFile(path, readFile).split('\n');
  for (const [i, text] of lines.entries()) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    const included = includedBy.length > 0 ? ` of '${path}'` : '';
    const place = `Reading the configuration file, at line ${i + 1}${included}`;
    const words = splitLine(line);
    if (words === null) {
      throw configError(
        { words: [], shown: line, place },
        'Unbalanced quotes in configuration line',
      );
    }
    if (words.length === 0) continue;
    const directive = { words, shown: withoutSecrets(words, line), place };
    if (isInclude(directive)) yield* include(directive, readFile, [...includedBy, path]);
    else yield directive;
  }
}

export function isInclude(directive: Directive): boolean {
  return directive.words[0]?.toLowerCase() === 'include';
}

export function* include(
  directive: Directive,
  readFile: ReadFile,
  includedBy: readonly string[],
): Generator<Directive> {
  if (directive.words.length < 2) throw configError(directive, 'wrong number of arguments');
  if (includedBy.length > MAX_INCLUDE_DEPTH) {
    throw configError(directive, 'files include each other too deeply');
  }
  for (const word of directive.words.slice(1)) {
    yield* readDirectives(Buffer.from(word, 'latin1').toString('utf8'), readFile, includedBy);
  }
}

function openFile(path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LaunchError([`Fatal error, can't open config file '${path}': ${reason}`], { cause });
  }
}

function withoutSecrets(words: readonly string[], shown: string): string {
  const secret = words.some((word) => isSensitive(word.split('=', 1)[0] ?? ''));
  return secret ? `${words[0] ?? ''} (redacted)` : shown;
}

/** Redis's form of saying that a directive is wrong. */
export function configError(directive: Directive, ...reasons: readonly string[]): LaunchError {
  return new LaunchError(['', TITLE, directive.place, `>>> '${directive.shown}'`, ...reasons]);
}
