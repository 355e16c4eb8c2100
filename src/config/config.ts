import { assert } from '../base/assert.ts';
import { globMatches } from '../commands/glob.ts';
import { ErrorReply } from '../resp/reply.ts';
import { printLegacyMemory, retiredValue, translateLegacy } from './legacy.ts';
import type { Parameter } from './parameter.ts';
import { bareName, findParameter, PARAMETERS, PARAMETERS_BY_SETTING } from './parameters.ts';
import { rewriteFile } from './rewrite.ts';
import { reasonAgainst } from './schema.ts';
import type { Settings, SettingValue } from './settings.ts';
import { defaultReading, type Reading, readValue } from './values.ts';

export type NameAndValue = readonly [name: string, value: string];

export interface ConfigState {
  /** This node is or was about to become a member of a cluster: its state is not uninitialized. */
  readonly initialized: boolean;
}

type MutableSettings = Record<string, SettingValue>;

/** A value that was found good and can be taken over. */
interface Change {
  readonly parameter: Parameter;
  readonly reading: Reading;
}

/**
 * The configuration of one node. Names are in any case; names and values are byte strings, as on the
 * wire.
 */
export class Config {
  /** The values in force: always this object; its fields change. */
  readonly settings: Settings;
  /** The configuration file this node was started with, which CONFIG REWRITE writes. */
  readonly file: string | null;
  readonly #settings: MutableSettings = {};
  /** What CONFIG GET shows, by name. */
  readonly #texts = new Map<string, string>();
  /** Names somebody has chosen a value for, at launch or since. */
  readonly #chosen = new Set<string>();
  readonly #listeners: ((name: string) => void)[] = [];

  /** All defaults. */
  constructor(file: string | null = null) {
    this.file = file;
    for (const parameter of PARAMETERS)
      this.#put({ parameter, reading: defaultReading(parameter) });
    // The table has one parameter of the right type for each field, which its own type checks.
    this.settings = this.#settings as unknown as Settings;
  }

  /** Defaults but for these values. For tests and simulations: a bad name or value is a bug. */
  static of(values: Readonly<Record<string, string>>): Config {
    const config = new Config();
    for (const [name, text] of Object.entries(values)) {
      const reason = config.assign(name, text);
      assert(reason === null, `${name} ${text}: ${reason ?? ''}`);
    }
    return config;
  }

  /** Sets a value as at launch, when everything may be set; returns why it cannot be. */
  assign(name: string, text: string): string | null {
    const parameter = findParameter(name);
    if (parameter === undefined) return 'Bad directive or wrong number of arguments';
    const change = this.#read(parameter, text);
    if ('reason' in change) return change.reason;
    this.#take(change);
    return null;
  }

  /**
   * Shows and uses `text` for a value that was left open and is now known (the address of this
   * node, its number, the full path of its folder). Nobody chose it: CONFIG REWRITE leaves it out.
   */
  supply(name: string, text: string): void {
    const parameter = findParameter(name);
    assert(parameter !== undefined, 'only known parameters are supplied');
    const change = this.#read(parameter, text);
    assert('reading' in change, 'only valid values are supplied');
    this.#put(change);
  }

  /** Whether somebody chose a value for `name`. */
  isChosen(name: string): boolean {
    return this.#chosen.has(name.toLowerCase());
  }

  /** CONFIG GET: each parameter that matches, once; hidden ones only by their name. */
  get(patterns: readonly string[]): NameAndValue[] {
    const shown = new Map<string, NameAndValue>();
    for (const pattern of patterns) {
      if (isGlob(pattern)) {
        const lower = pattern.toLowerCase();
        for (const { name, hidden } of PARAMETERS) {
          if (hidden === true || shown.has(name) || !globMatches(lower, name)) continue;
          shown.set(name, [name, this.#text(name)]);
        }
        continue;
      }
      const name = findParameter(pattern)?.name;
      if (name !== undefined && !shown.has(name)) shown.set(name, [pattern, this.#text(name)]);
    }
    return [...shown.values()];
  }

  /** CONFIG SET: all of `pairs`, or none and why. */
  set(pairs: readonly NameAndValue[], state: ConfigState): ErrorReply | null {
    const named = new Map<string, [parameter: Parameter, text: string]>();
    for (const [name, text] of pairs) {
      const parameter = findParameter(name);
      if (parameter === undefined) return unknownOption(name);
      const reason = named.has(parameter.name) ? 'duplicate parameter' : immutability(parameter);
      if (reason !== null) return setFailed(name, reason);
      named.set(parameter.name, [parameter, text]);
    }
    const changes: Change[] = [];
    for (const [parameter, text] of named.values()) {
      const change = this.#read(parameter, text);
      const reason = 'reason' in change ? change.reason : lockedReason(parameter, state);
      if (reason !== null) return setFailed(parameter.name, reason);
      if ('reading' in change) changes.push(change);
    }
    for (const change of changes) this.#take(change);
    for (const { parameter } of changes) this.#tell(parameter.name);
    return null;
  }

  /** RAFT.CONFIG GET of the first generations: parameters of Raft, under the names they had then. */
  legacyGet(pattern: string): NameAndValue[] {
    const lower = pattern.toLowerCase();
    const glob = isGlob(pattern);
    const matches = (name: string): boolean => (glob ? globMatches(lower, name) : name === lower);
    const found: NameAndValue[] = [];
    for (const parameter of PARAMETERS) {
      if (!parameter.name.startsWith('raft.') || (glob && parameter.hidden === true)) continue;
      const names = [...(parameter.legacy ?? []), bareName(parameter.name), parameter.name];
      const name = names.find(matches);
      if (name !== undefined) found.push([name, this.#legacyText(parameter)]);
    }
    if (glob) return found;
    const retired = retiredValue(bareName(lower), this.settings.raftSlotConfig);
    return retired === null ? found : [[pattern, retired]];
  }

  /** RAFT.CONFIG SET of the first generations. */
  legacySet(name: string, text: string | null, state: ConfigState): ErrorReply | null {
    const shown = name.toLowerCase();
    const translation = translateLegacy(name, text ?? '', this.settings.raftSlotConfig);
    if (translation.kind === 'unknown') return new ErrorReply(`ERR invalid parameter '${shown}'`);
    if (text === null) return new ErrorReply(`ERR '${shown}' requires a value`);
    if (translation.kind === 'dropped') return null;
    const invalid = new ErrorReply(`ERR invalid '${shown}' value`);
    if (translation.kind === 'invalid') return invalid;
    const { parameter } = translation;
    if (immutability(parameter) !== null) {
      return new ErrorReply(`ERR '${shown}' only supported at load time`);
    }
    const change = this.#read(parameter, translation.text);
    if ('reason' in change) return invalid;
    if (lockedReason(parameter, state) !== null) {
      return new ErrorReply(`ERR '${shown}' only supported at before cluster init/join`);
    }
    this.#take(change);
    this.#tell(parameter.name);
    return null;
  }

  /** Calls back after each change by CONFIG SET, with the parameter's name. */
  onChange(listener: (name: string) => void): void {
    this.#listeners.push(listener);
  }

  /** The text of the configuration file after CONFIG REWRITE; `old` is the text it has now. */
  rewrite(old: string): string {
    const values = [...this.#chosen].map((name): NameAndValue => [name, this.#text(name)]);
    return rewriteFile(old, values);
  }

  #legacyText(parameter: Parameter): string {
    const text = this.#text(parameter.name);
    return parameter.type === 'memory' ? printLegacyMemory(Number(text), text) : text;
  }

  #text(name: string): string {
    return this.#texts.get(name) ?? '';
  }

  #read(parameter: Parameter, text: string): Change | { readonly reason: string } {
    const reading = readValue(parameter, text, this.#current(parameter));
    if ('reason' in reading) return reading;
    const reason = reasonAgainst(parameter, reading.value);
    return reason === null ? { parameter, reading } : { reason };
  }

  #current(parameter: Parameter): SettingValue {
    const setting = settingOf.get(parameter.name);
    return (setting === undefined ? undefined : this.#settings[setting]) ?? parameter.default;
  }

  #take(change: Change): void {
    this.#put(change);
    this.#chosen.add(change.parameter.name);
  }

  #put({ parameter, reading }: Change): void {
    const setting = settingOf.get(parameter.name);
    if (setting !== undefined) this.#settings[setting] = reading.value;
    this.#texts.set(parameter.name, reading.text);
  }

  #tell(name: string): void {
    for (const listener of this.#listeners) listener(name);
  }
}

const settingOf: ReadonlyMap<string, string> = new Map(
  Object.entries(PARAMETERS_BY_SETTING).map(([setting, parameter]) => [parameter.name, setting]),
);

function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

function immutability(parameter: Parameter): string | null {
  switch (parameter.change) {
    case 'launch':
      return "can't set immutable config";
    case 'protected':
      return "can't set protected config";
    default:
      return null;
  }
}

function lockedReason(parameter: Parameter, state: ConfigState): string | null {
  if (parameter.change !== 'before-cluster' || !state.initialized) return null;
  return 'Configuration change is not allowed after init/join for this parameter';
}

function unknownOption(name: string): ErrorReply {
  return new ErrorReply(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
}

function setFailed(name: string, reason: string): ErrorReply {
  const related = `possibly related to argument '${name}'`;
  return new ErrorReply(`ERR CONFIG SET failed (${related}) - ${reason}`);
}
