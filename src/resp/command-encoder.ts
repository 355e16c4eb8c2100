import type { Args } from './args.ts';
import { CR, digitsOf, LF, putHeader, putText } from './put.ts';

const STAR = 42;
const DOLLAR = 36;

/** Bytes that {@link writeCommand} needs for the arguments of `args` from `from` on. */
export function commandBytes(args: Args, from: number): number {
  let bytes = 1 + digitsOf(args.count - from) + 2;
  for (let i = from; i < args.count; i++) {
    const size = args.size(i);
    bytes += 1 + digitsOf(size) + 2 + size + 2;
  }
  return bytes;
}

/** Writes the arguments from `from` on as `*n CRLF $len CRLF …` at `at`; returns where it ends. */
export function writeCommand(args: Args, from: number, target: Buffer, at: number): number {
  let end = putHeader(target, at, STAR, args.count - from);
  for (let i = from; i < args.count; i++) {
    end = putHeader(target, end, DOLLAR, args.size(i));
    end += args.buffer.copy(target, end, args.start(i), args.end(i));
    target[end] = CR;
    target[end + 1] = LF;
    end += 2;
  }
  return end;
}

/** A command as clients send it. Strings are latin1; text beyond it comes as bytes. */
export function encodeCommand(words: readonly (string | Uint8Array)[]): Buffer {
  let bytes = 1 + digitsOf(words.length) + 2;
  for (const word of words) bytes += 1 + digitsOf(word.length) + 2 + word.length + 2;
  const encoded = Buffer.allocUnsafe(bytes);
  let at = putHeader(encoded, 0, STAR, words.length);
  for (const word of words) {
    at = putHeader(encoded, at, DOLLAR, word.length);
    if (typeof word === 'string') putText(encoded, at, word);
    else encoded.set(word, at);
    at += word.length;
    encoded[at] = CR;
    encoded[at + 1] = LF;
    at += 2;
  }
  return encoded;
}
