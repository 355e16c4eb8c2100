import { REDIS_VERSION, VERSION } from '../base/version.ts';
import { Config } from './config.ts';
import {
  configError,
  type Directive,
  include,
  isInclude,
  LaunchError,
  type ReadFile,
  readCommandLine,
  readDirectives,
} from './directives.ts';
import { helpText } from './help.ts';
import { isLegacyName, translateLegacy } from './legacy.ts';
import type { Parameter } from './parameter.ts';
import { findParameter } from './parameters.ts';
import { suggestName } from './suggest.ts';

export type Launch =
  /** `notices` are for the log: what was taken and has no effect, or looks unwise. */
  | { readonly kind: 'run'; readonly config: Config; readonly notices: readonly string[] }
  | { readonly kind: 'help' | 'version'; readonly text: string }
  /** The lines are for standard error; the process ends with 1. */
  | { readonly kind: 'fatal'; readonly lines: readonly string[] };

/**
 * What the command line asks for. `argv` is without the program's name; `readFile` returns a whole
 * text or throws, and is asked for `-` to read standard input.
 */
export function launch(argv: readonly string[], readFile: ReadFile): Launch {
  const first = argv[0];
  if (first === '--help' || first === '-h') return { kind: 'help', text: helpText() };
  if (first === '--version' || first === '-v') {
    return { kind: 'version', text: `balsa-server v=${VERSION} redis=${REDIS_VERSION}` };
  }
  try {
    return run(argv, readFile);
  } catch (error) {
    if (error instanceof LaunchError) return { kind: 'fatal', lines: error.lines };
    throw error;
  }
}

/** Where the directives of one launch go. */
interface Launching {
  readonly config: Config;
  readonly notices: Set<string>;
}

function run(argv: readonly string[], readFile: ReadFile): Launch {
  const { file, standardInput, options } = readCommandLine(argv);
  const launching = { config: new Config(file), notices: new Set<string>() };
  if (file !== null) applyAll(launching, readDirectives(file, readFile));
  if (standardInput) applyAll(launching, readDirectives('-', readFile));
  for (const option of options) {
    applyAll(launching, isInclude(option) ? include(option, readFile, ['']) : [option]);
  }
  const notices = [...launching.notices, ...unwise(launching.config)];
  return { kind: 'run', config: launching.config, notices };
}

function applyAll(launching: Launching, directives: Iterable<Directive>): void {
  for (const directive of directives) apply(launching, directive);
}

function apply(launching: Launching, directive: Directive): void {
  const [name = '', ...words] = directive.words;
  if (name.toLowerCase() === 'loadmodule') {
    applyModule(launching, directive, words);
    return;
  }
  const parameter = findParameter(name);
  if (parameter === undefined) {
    throw configError(directive, 'Bad directive or wrong number of arguments', ...hint(name));
  }
  if (words.length !== 1 && !takesWords(parameter)) {
    throw configError(directive, 'wrong number of arguments');
  }
  const { config } = launching;
  const reason = config.assign(parameter.name, words.join(' '));
  if (reason !== null) throw configError(directive, reason);
  const [shown] = config.get([parameter.name]);
  if (parameter.ignored !== undefined && shown?.[1] !== parameter.default) {
    launching.notices.add(`${parameter.name} has no effect: ${parameter.ignored}`);
  }
}

function takesWords(parameter: Parameter): boolean {
  switch (parameter.type) {
    case 'list':
    case 'flags':
    case 'buffer-limits':
      return true;
    case 'string':
      return parameter.words === true;
    default:
      return false;
  }
}

/**
 * `loadmodule PATH`, and behind it what RedisRaft took as arguments: `name=value` in its first
 * generation, `name value` in its second.
 */
function applyModule(launching: Launching, directive: Directive, words: readonly string[]): void {
  const [path, ...args] = words;
  if (path === undefined) throw configError(directive, 'wrong number of arguments');
  launching.notices.add(
    `loadmodule ${Buffer.from(path, 'latin1').toString('utf8')} has no effect: Raft is built in, and no module is loaded`,
  );
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!isLegacyName(name)) {
      throw configError(directive, `RedisRaft has no parameter '${name}'`, ...hint(name));
    }
    const text = equals < 0 ? args[++at] : word.slice(equals + 1);
    if (text === undefined) throw configError(directive, `'${name}' requires a value`);
    applyLegacy(launching, directive, [name, text]);
  }
}

function applyLegacy(
  { config, notices }: Launching,
  directive: Directive,
  [name, text]: readonly [name: string, text: string],
): void {
  const translation = translateLegacy(name, text, config.settings.raftSlotConfig);
  switch (translation.kind) {
    case 'dropped':
      notices.add(`${name} has no effect: every command goes through the Raft log`);
      return;
    case 'set': {
      const reason = config.assign(translation.parameter.name, translation.text);
      if (reason !== null) throw configError(directive, `invalid '${name}' value: ${reason}`);
      return;
    }
    default:
      throw configError(directive, `invalid '${name}' value`);
  }
}

function hint(name: string): string[] {
  const equals = name.indexOf('=');
  if (equals > 0 && findParameter(name.slice(0, equals)) !== undefined) {
    return [`Did you mean '${name.slice(0, equals)} ${name.slice(equals + 1)}'?`];
  }
  const suggestion = suggestName(name);
  return suggestion === null ? [] : [`Did you mean '${suggestion}'?`];
}

/** Values that are allowed and will hardly do what their owner hopes for. */
function unwise({ settings }: Config): string[] {
  const notices: string[] = [];
  if (settings.raftElectionTimeout < 2 * settings.raftRequestTimeout) {
    notices.push(
      'raft.election-timeout is less than twice raft.request-timeout: one late heartbeat starts an election',
    );
  }
  if (!settings.raftLogFsync) {
    notices.push('raft.log-fsync is off: a power cut can lose acknowledged writes');
  }
  return notices;
}
