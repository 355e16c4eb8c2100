import { parseSlotConfig } from './formats.ts';
import type { Parameter } from './parameter.ts';
import { bareName, findLegacyParameter } from './parameters.ts';

/**
 * The first two generations of RedisRaft had names of their own, as module arguments and in
 * RAFT.CONFIG. What one of them with its value means today:
 */
export type Translation =
  | { readonly kind: 'set'; readonly parameter: Parameter; readonly text: string }
  /** Known, and nothing to do. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unknown' };

const START = 'cluster-start-hslot';
const END = 'cluster-end-hslot';
const DROPPED = 'raftize-all-commands';
/** Names that have no parameter of their own any more. */
export const RETIRED_NAMES: readonly string[] = [START, END, DROPPED];

/** `slotConfig` is the value of `raft.slot-config` so far, of which start and end are changed alone. */
export function translateLegacy(name: string, text: string, slotConfig: string): Translation {
  const bare = bareName(name.toLowerCase());
  if (bare === DROPPED) return { kind: /^(yes|no)$/i.test(text) ? 'dropped' : 'invalid' };
  if (bare === START || bare === END) return translateSlots(bare, text, slotConfig);
  const parameter = findLegacyParameter(bare);
  if (parameter === undefined) return { kind: 'unknown' };
  if (parameter.type === 'memory') return { kind: 'set', parameter, text: modernMemory(text) };
  if (parameter.name === 'raft.loglevel')
    return { kind: 'set', parameter, text: modernLevel(text) };
  return { kind: 'set', parameter, text };
}

/** Whether `name` can stand before a value among module arguments. */
export function isLegacyName(name: string): boolean {
  const bare = bareName(name.toLowerCase());
  return RETIRED_NAMES.includes(bare) || findLegacyParameter(bare) !== undefined;
}

function translateSlots(name: string, text: string, slotConfig: string): Translation {
  const parameter = findLegacyParameter('slot-config');
  if (parameter === undefined || !/^\d{1,5}$/.test(text)) return { kind: 'invalid' };
  const { first, last } = slotBounds(slotConfig);
  const range = name === START ? `${Number(text)}:${last}` : `${first}:${Number(text)}`;
  return { kind: 'set', parameter, text: range };
}

/** The lowest and the highest slot of a configuration; all slots if it has none. */
export function slotBounds(slotConfig: string): { readonly first: number; readonly last: number } {
  const ranges = parseSlotConfig(slotConfig) ?? [];
  if (ranges.length === 0) return { first: 0, last: 16383 };
  return {
    first: Math.min(...ranges.map((range) => range.first)),
    last: Math.max(...ranges.map((range) => range.last)),
  };
}

/** The value of a name without a parameter of its own, as RAFT.CONFIG GET showed it. */
export function retiredValue(name: string, slotConfig: string): string | null {
  const { first, last } = slotBounds(slotConfig);
  switch (name) {
    case START:
      return `${first}`;
    case END:
      return `${last}`;
    case DROPPED:
      return 'yes';
    default:
      return null;
  }
}

/** In the first generation KB, MB, GB were powers of 1000 and KiB, MiB, GiB powers of 1024. */
const LEGACY_UNITS: readonly (readonly [unit: string, bytes: number])[] = [
  ['GB', 1000 ** 3],
  ['GiB', 1024 ** 3],
  ['MB', 1000 ** 2],
  ['MiB', 1024 ** 2],
  ['KB', 1000],
  ['KiB', 1024],
];

/** A size in the old spelling as a plain number of bytes; a text of another form as it is. */
function modernMemory(text: string): string {
  const match = /^(\d{1,19})([kmg]i?b)$/i.exec(text);
  const unit = LEGACY_UNITS.find(([name]) => name.toLowerCase() === match?.[2]?.toLowerCase());
  if (match === null || unit === undefined) return text;
  return `${BigInt(match[1] ?? '') * BigInt(unit[1])}`;
}

/** Bytes in the old spelling, with the largest unit that divides them: `64MB`. */
export function printLegacyMemory(bytes: number, text: string): string {
  const unit = LEGACY_UNITS.find(([, size]) => bytes >= size && bytes % size === 0);
  if (unit === undefined || !Number.isSafeInteger(bytes)) return text;
  return `${bytes / unit[1]}${unit[0]}`;
}

function modernLevel(text: string): string {
  switch (text.toLowerCase()) {
    case 'error':
      return 'warning';
    case 'info':
      return 'notice';
    default:
      return text;
  }
}
