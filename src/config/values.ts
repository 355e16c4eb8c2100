import { parseIntegerText } from '../resp/numbers.ts';
import type { FlagsParameter, ListParameter, Parameter } from './parameter.ts';
import type { BufferLimit, BufferLimits, SettingValue } from './settings.ts';

/** A text given for a parameter, as a value and as CONFIG GET shows it. */
export interface Reading {
  readonly value: SettingValue;
  readonly text: string;
}

export interface Unreadable {
  readonly reason: string;
}

/**
 * Reads `text`. What does not have the parameter's type stays a string, which the schema then
 * refuses with its reason; only what a schema cannot describe is {@link Unreadable} here.
 * `current` is the value so far, which flags and buffer limits build on.
 */
export function readValue(
  parameter: Parameter,
  text: string,
  current: SettingValue,
): Reading | Unreadable {
  switch (parameter.type) {
    case 'int': {
      const value = parseIntegerText(text);
      return { value: value === undefined ? text : Number(value), text };
    }
    case 'memory': {
      const bytes = parseMemory(text);
      return bytes === null ? { value: text, text } : { value: Number(bytes), text: `${bytes}` };
    }
    case 'bool':
      return readBool(text);
    case 'enum': {
      const word = text.toLowerCase();
      return { value: word, text: word };
    }
    case 'string':
      return readString(parameter.format, text);
    case 'list':
      return readList(parameter, text);
    case 'flags':
      return readFlags(parameter, text, current as readonly string[]);
    case 'buffer-limits':
      return readBufferLimits(text, current as BufferLimits);
  }
}

/** How CONFIG GET shows a value that no user has typed. */
export function printValue(parameter: Parameter, value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (parameter.type === 'list') return (value as readonly string[]).join(parameter.separator);
  if (parameter.type === 'flags') return printFlags(parameter, value as readonly string[]);
  if (parameter.type === 'buffer-limits') return printBufferLimits(value as BufferLimits);
  return String(value);
}

/** The value a parameter has before anybody sets it. */
export function defaultReading(parameter: Parameter): Reading {
  return { value: parameter.default, text: printValue(parameter, parameter.default) };
}

const MEMORY = /^(\d{1,20})(b|k|kb|m|mb|g|gb)?$/i;
const UNITS: Readonly<Record<string, bigint>> = {
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n,
};
const MAX_INT64 = 2n ** 63n - 1n;
/** Above 2^63 also when rounded to a number, so that the schema sees that it is out of range. */
const TOO_LARGE = 2n ** 64n;

function parseMemory(text: string): bigint | null {
  const match = MEMORY.exec(text);
  if (match === null) return null;
  const bytes = BigInt(match[1] ?? '') * (UNITS[(match[2] ?? 'b').toLowerCase()] ?? 1n);
  return bytes > MAX_INT64 ? TOO_LARGE : bytes;
}

function readBool(text: string): Reading {
  const word = text.toLowerCase();
  return { value: word === 'yes' ? true : word === 'no' ? false : text, text: word };
}

function readString(format: string | undefined, text: string): Reading {
  switch (format) {
    case 'nobody':
      return text.toLowerCase() === 'no one' ? { value: '', text: '' } : { value: text, text };
    case 'path':
    case 'some-path':
    case 'file-name':
      return { value: Buffer.from(text, 'latin1').toString('utf8'), text };
    default:
      return { value: text, text };
  }
}

function readList(parameter: ListParameter, text: string): Reading {
  const value = text
    .split(parameter.separator)
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  return { value, text: printValue(parameter, value) };
}

/** `off` alone and `all` anywhere decide; other flags are switched over. */
function readFlags(parameter: FlagsParameter, text: string, current: readonly string[]): Reading {
  const words = splitWords(text.toLowerCase());
  const named = words.filter((word) => word !== 'off' && word !== 'all');
  const unknown = named.find((word) => !parameter.values.includes(word));
  if (unknown !== undefined || words.length === 0) return { value: text, text };
  const everything = parameter.values.every((flag) => named.includes(flag));
  let value: readonly string[];
  if (words.includes('all') || everything) value = parameter.values;
  else if (named.length === 0) value = [];
  else value = parameter.values.filter((flag) => current.includes(flag) !== named.includes(flag));
  return { value: value as SettingValue, text: printFlags(parameter, value) };
}

function printFlags(parameter: FlagsParameter, value: readonly string[]): string {
  if (value.length === 0) return 'off';
  return value.length === parameter.values.length ? 'all' : value.join(' ');
}

/** Redis's own texts for the three ways to get this parameter wrong. */
const LIMITS_COUNT = 'Wrong number of arguments in buffer limit configuration.';
const LIMITS_CLASS = 'Invalid client class specified in buffer limit configuration.';
const LIMITS_VALUE = 'Error in hard, soft or soft_seconds setting in buffer limit configuration.';

function readBufferLimits(text: string, current: BufferLimits): Reading | Unreadable {
  const words = splitWords(text);
  if (words.length % 4 !== 0) return { reason: LIMITS_COUNT };
  let value = current;
  for (let at = 0; at < words.length; at += 4) {
    const name = limitsClass(words[at] ?? '');
    if (name === null) return { reason: LIMITS_CLASS };
    const limit = readLimit(words.slice(at + 1, at + 4));
    if (limit === null) return { reason: LIMITS_VALUE };
    value = { ...value, [name]: limit };
  }
  return { value, text: printBufferLimits(value) };
}

function limitsClass(word: string): keyof BufferLimits | null {
  switch (word.toLowerCase()) {
    case 'normal':
      return 'normal';
    case 'slave':
    case 'replica':
      return 'replica';
    case 'pubsub':
      return 'pubsub';
    default:
      return null;
  }
}

function readLimit(words: readonly string[]): BufferLimit | null {
  const hard = parseMemory(words[0] ?? '');
  const soft = parseMemory(words[1] ?? '');
  const seconds = parseIntegerText(words[2] ?? '');
  if (hard === null || soft === null || seconds === undefined || seconds < 0) return null;
  const limit = { hard: Number(hard), soft: Number(soft), seconds: Number(seconds) };
  return Object.values(limit).every(Number.isSafeInteger) ? limit : null;
}

function printBufferLimits(value: BufferLimits): string {
  const { normal, replica, pubsub } = value;
  return `${printLimit('normal', normal)} ${printLimit('slave', replica)} ${printLimit('pubsub', pubsub)}`;
}

function printLimit(name: string, limit: BufferLimit): string {
  return `${name} ${limit.hard} ${limit.soft} ${limit.seconds}`;
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
