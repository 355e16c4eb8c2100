import { type Allowance, demand } from './malformed.ts';

const END = 0xff;
/** The length stands in the next four bytes; as a number of pairs: not known. */
const LONG = 0xfe;

/** Fields and values in turn of a zipmap that is all of `bytes`: small hashes before Redis 2.6. */
export function readZipmap(bytes: Buffer, allowance: Allowance): string[] {
  const end = bytes.length - 1;
  demand(end >= 1 && bytes[end] === END, 'a zipmap without an end');
  const texts: string[] = [];
  let at = 1;
  const part = (free: number): void => {
    demand(at < end && bytes[at] !== END, 'a zipmap that ends too early');
    const isLong = bytes[at] === LONG;
    const start = at + (isLong ? 5 : 1) + free;
    demand(start <= end, 'a part cut off');
    const length = isLong ? bytes.readUInt32LE(at + 1) : (bytes[at] as number);
    // Bytes a value that got shorter left behind.
    const unused = free === 0 ? 0 : (bytes[start - 1] as number);
    demand(length + unused <= end - start, 'a part that reaches beyond the end');
    texts.push(bytes.latin1Slice(start, start + length));
    at = start + length + unused;
  };
  while (at < end) {
    part(0);
    part(1);
  }
  const count = bytes[0] as number;
  demand(count >= LONG || count * 2 === texts.length, 'a zipmap with another count');
  allowance.takeElements(texts.length);
  return texts;
}
