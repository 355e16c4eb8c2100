import { Args } from '../resp/args.ts';
import { splitInline } from '../resp/inline.ts';

/** Splits a line as redis.conf does, quotes included, into byte strings; null if they do not balance. */
export function splitLine(line: string): string[] | null {
  const bytes = Buffer.from(line, 'utf8');
  const args = new Args();
  return splitInline(bytes, bytes.length, args) < 0 ? null : args.strings();
}

/** The bytes of `text` in UTF-8, one per char. */
export function toByteString(text: string): string {
  return Buffer.from(text, 'utf8').latin1Slice();
}

/** A byte string as it must be written in redis.conf to be read back; bare where that is enough. */
export function quoteWord(word: string): string {
  if (/^[\w.:/@*+,=-]+$/.test(word)) return word;
  return `"${word.replace(/[^ -~]|[\\"]/g, escapeChar)}"`;
}

function escapeChar(char: string): string {
  if (char === '"' || char === '\\') return `\\${char}`;
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
