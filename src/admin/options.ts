import { UsageError } from './tools.ts';

/** What stands behind a command on the command line. */
export interface Options {
  /** Values and flags by name, without the dashes; a flag has the value `yes`. */
  readonly values: ReadonlyMap<string, string>;
  /** What belongs to no option. */
  readonly words: readonly string[];
}

/** `--name value`, `--name=value`, and flags; behind `--` all is words. Throws a {@link UsageError}. */
export function readOptions(
  args: readonly string[],
  known: { readonly values: readonly string[]; readonly flags: readonly string[] },
): Options {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const bare = name.replace(/^--/, '');
    const isValue = known.values.includes(bare) && name !== bare;
    if (!isValue && (!known.flags.includes(bare) || name === bare)) {
      throw new UsageError(`unknown option '${name}'`);
    }
    if (values.has(bare)) throw new UsageError(`${name} stands there twice`);
    if (!isValue && equals >= 0) throw new UsageError(`${name} takes no value`);
    const value = isValue && equals < 0 ? args[++i] : arg.slice(equals + 1);
    if (isValue && value === undefined) throw new UsageError(`${name} needs a value`);
    values.set(bare, isValue ? (value ?? '') : 'yes');
  }
  return { values, words };
}

/** The value of an option that must be there. */
export function required({ values }: Options, name: string, what: string): string {
  const value = values.get(name);
  if (value === undefined || value === '') throw new UsageError(`--${name} ${what} is missing`);
  return value;
}

/** The only word there may be. */
export function onlyWord({ words }: Options, what: string): string {
  const [word, other] = words;
  if (word === undefined || word === '') throw new UsageError(`no ${what} named`);
  if (other !== undefined) throw new UsageError(`unexpected argument '${other}'`);
  return word;
}

export function noWords({ words }: Options): void {
  if (words[0] !== undefined) throw new UsageError(`unexpected argument '${words[0]}'`);
}
