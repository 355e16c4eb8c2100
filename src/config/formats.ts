import type { StringFormat } from './parameter.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Hash slots `first` to `last`, both included. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
}

const SLOTS = 16384;
/** A DNS name has no more bytes. */
const MAX_HOST = 255;

/** Splits `host:port` at its last colon, so that IPv6 hosts may stand with or without brackets. */
export function parseAddress(text: string): HostPort | null {
  const colon = text.lastIndexOf(':');
  const port = text.slice(colon + 1);
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1');
  if (host === '' || host.length > MAX_HOST || /\s/.test(host)) return null;
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) return null;
  return { host, port: Number(port) };
}

/**
 * The ranges of `n`, `a:b` or several of these with commas between, in their order; none for an
 * empty text. Null if it is not of this form, leaves 0..16383, or names a slot twice.
 */
export function parseSlotConfig(text: string): readonly SlotRange[] | null {
  if (text === '') return [];
  const ranges: SlotRange[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(part);
    if (match === null) return null;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (first > last || last >= SLOTS) return null;
    if (ranges.some((other) => first <= other.last && other.first <= last)) return null;
    ranges.push({ first, last });
  }
  return ranges;
}

interface Format {
  readonly accepts: (text: string) => boolean;
  readonly reason: string;
}

/** What each format of a string takes, and the reason given for what it does not take. */
export const FORMATS: Readonly<Record<StringFormat, Format>> = {
  address: {
    accepts: (text) => text === '' || parseAddress(text) !== null,
    reason: 'Address is invalid. It must be in the form of 10.0.0.3:8000',
  },
  'slot-config': {
    accepts: (text) => parseSlotConfig(text) !== null,
    reason: 'Not a valid slot config',
  },
  path: {
    accepts: (text) => !text.includes('\0'),
    reason: 'argument must be a path',
  },
  'some-path': {
    accepts: (text) => text !== '' && !text.includes('\0'),
    reason: 'argument must be a path, and not empty',
  },
  'file-name': {
    accepts: (text) => text !== '' && !/[/\0]/.test(text) && text !== '.' && text !== '..',
    reason: "argument can't be empty or a path, just a filename",
  },
  nobody: {
    accepts: (text) => text === '',
    reason: 'balsa does not follow a Redis master: use RAFT.CLUSTER JOIN',
  },
};
