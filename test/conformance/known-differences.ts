import { formatDouble } from '../../src/resp/numbers.ts';
import { RESTORED, sameReply, withoutMinusZero } from './comparison.ts';
import type { Decoded } from './decode.ts';
import type { Words } from './generator.ts';

/** A way in which balsa answers otherwise than Redis 7.0, on purpose. */
export interface KnownDifference {
  readonly reason: string;
  /** Whether this is why the replies to the last of some commands differ. */
  readonly explains: (words: Words, ours: Decoded, theirs: Decoded) => boolean;
  /** Commands on empty servers, the last of which is answered differently. */
  readonly example: readonly Words[];
}

function isCall(words: Words, ...names: readonly string[]): boolean {
  return names.every((name, i) => (words[i] ?? '').toUpperCase() === name);
}

/** Whether both are the same but for the digits of doubles, which are the same numbers. */
function sameNumbers(ours: Decoded, theirs: Decoded): boolean {
  if (ours.items !== undefined && theirs.items !== undefined) {
    const { items } = theirs;
    return (
      ours.type === theirs.type &&
      ours.items.length === items.length &&
      ours.items.every((item, i) => sameNumbers(item, items[i] as Decoded))
    );
  }
  if (ours.type !== theirs.type) return false;
  if (ours.text === theirs.text) return true;
  const value = Number(theirs.text);
  return theirs.text !== undefined && ours.text === formatDouble(value);
}

function isError(reply: Decoded, text: RegExp): boolean {
  return reply.type === '-' && text.test(reply.text ?? '');
}

/** XINFO without how many entries a group has read and has still to read. */
function withoutLag({ type, text, items }: Decoded): Decoded {
  if (items === undefined) return text === undefined ? { type } : { type, text };
  return {
    type,
    items: items.map((item, i) =>
      COUNTS.includes(items[i - 1]?.text ?? '') ? SOME : withoutLag(item),
    ),
  };
}

const COUNTS: readonly string[] = ['lag', 'entries-read'];
const SOME: Decoded = { type: ':', text: 'some' };

/** XINFO without what newer versions tell in addition. */
function withoutActivity(reply: Decoded): Decoded {
  const { type, items } = reply;
  if (items === undefined) return reply;
  const kept = items.filter((item, i) => !isActivity(item) && !isActivity(items[i - 1]));
  return { type, items: kept.map(withoutActivity) };
}

/** What XINFO of 7.0 and of newer versions tells alike. */
export function ofBothVersions(reply: Decoded): Decoded {
  return withoutLag(withoutActivity(reply));
}

function isActivity(item: Decoded | undefined): boolean {
  return item?.text === 'active-time' || item?.text === 'inactive';
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: 'SORT takes good numbers, whatever number was out of range in a command before it.',
    explains: (words, ours, theirs) =>
      (isCall(words, 'SORT') || isCall(words, 'SORT_RO')) &&
      ours.type !== '-' &&
      isError(theirs, /can't be converted into double/),
    example: [
      ['SADD', 's', '376'],
      ['ZADD', 'z', '1e400', 'm'],
      ['SORT', 's'],
    ],
  },
  {
    reason: 'Since 7.2 a double is printed with the fewest digits that read back as the same.',
    explains: (words, ours, theirs) =>
      /^B?Z/i.test(words[0] ?? '') &&
      (words[1] === RESTORED
        ? sameNumbers(withoutMinusZero(ours), withoutMinusZero(theirs))
        : sameNumbers(ours, theirs)),
    example: [['ZADD', 'z', 'INCR', '0.1', 'a']],
  },
  {
    reason: 'Since 7.2 a list of a few short elements is a listpack, not a quicklist.',
    explains: (words, ours, theirs) =>
      isCall(words, 'OBJECT', 'ENCODING') &&
      ours.text === 'listpack' &&
      theirs.text === 'quicklist',
    example: [
      ['RPUSH', 'l', 'a'],
      ['OBJECT', 'ENCODING', 'l'],
    ],
  },
  {
    reason: 'A SETBIT that changes no bit leaves the form of the value as it is.',
    explains: (words, ours, theirs) =>
      isCall(words, 'OBJECT', 'ENCODING') &&
      (ours.text === 'int' || ours.text === 'embstr') &&
      theirs.text === 'raw',
    example: [
      ['SET', 'b', '8'],
      ['SETBIT', 'b', '0', '0'],
      ['OBJECT', 'ENCODING', 'b'],
    ],
  },
  {
    reason: 'Since 7.2 ZRANK and ZREVRANK take WITHSCORE.',
    explains: (words, ours, theirs) =>
      /^Z(REV)?RANK$/i.test(words[0] ?? '') &&
      isError(ours, /^ERR syntax error$/) &&
      isError(theirs, /wrong number of arguments/),
    example: [['ZRANK', 'z', 'a', 'extra']],
  },
  {
    reason:
      'Newer versions refuse wrong arguments of BITCOUNT and BITPOS before they look for the key.',
    explains: (words, ours, theirs) =>
      /^BIT(COUNT|POS)$/i.test(words[0] ?? '') &&
      ours.type === '-' &&
      (theirs.type === ':' || isError(theirs, /^WRONGTYPE/)),
    example: [['BITCOUNT', 'b', 'x', 'y']],
  },
  {
    reason: 'The error over the streams of XREAD has another text.',
    explains: (words, ours, theirs) =>
      /^XREAD/i.test(words[0] ?? '') &&
      isError(ours, /^ERR Unbalanced 'xread/) &&
      isError(theirs, /^ERR Unbalanced XREAD/),
    example: [['XREAD', 'STREAMS', 'x', 'y', '1']],
  },
  {
    reason: 'Since 7.4 XREAD takes + for the last entry.',
    explains: (words, ours, theirs) =>
      isCall(words, 'XREAD') &&
      words.includes('+') &&
      ours.type !== '-' &&
      isError(theirs, /^ERR Invalid stream ID/),
    example: [['XREAD', 'STREAMS', 'x', '+']],
  },
  {
    reason: 'Since 7.2 XINFO tells when a consumer last got something.',
    explains: (words, ours, theirs) =>
      isCall(words, 'XINFO') && sameReply(words, withoutActivity(ours), theirs),
    example: [
      ['XGROUP', 'CREATE', 'x', 'g', '$', 'MKSTREAM'],
      ['XGROUP', 'CREATECONSUMER', 'x', 'g', 'c'],
      ['XINFO', 'CONSUMERS', 'x', 'g'],
    ],
  },
  {
    reason: 'Since 7.4 what a group has read and lags behind takes note of entries that are gone.',
    explains: (words, ours, theirs) =>
      isCall(words, 'XINFO') && sameReply(words, ofBothVersions(ours), withoutLag(theirs)),
    example: [
      ['XADD', 'x', '1-1', 'a', 'b'],
      ['XADD', 'x', '1-2', 'a', 'b'],
      ['XGROUP', 'CREATE', 'x', 'g', '1-1', 'ENTRIESREAD', '1'],
      ['XTRIM', 'x', 'MAXLEN', '0'],
      ['XINFO', 'GROUPS', 'x'],
    ],
  },
  {
    reason: 'Newer versions refuse a rank of LPOS that has no opposite.',
    explains: (words, ours) =>
      isCall(words, 'LPOS') &&
      words.includes('-9223372036854775808') &&
      isError(ours, /^ERR value is out of range/),
    example: [['LPOS', 'l', 'a', 'RANK', '-9223372036854775808']],
  },
  {
    reason:
      'The options of COPY are read to their end before the number of the database is looked at.',
    explains: (words, ours, theirs) =>
      isCall(words, 'COPY') &&
      isError(ours, /^ERR syntax error$/) &&
      isError(theirs, /^ERR DB index is out of range$/),
    example: [['COPY', 'a', 'b', 'DB', '-1', 'x']],
  },
  {
    reason: 'The payload and the time of RESTORE are checked before anything is logged.',
    explains: (words, ours, theirs) =>
      isCall(words, 'RESTORE') && ours.type === '-' && isError(theirs, /^BUSYKEY/),
    example: [
      ['SET', 's', '1'],
      ['RESTORE', 's', '0', 'x'],
    ],
  },
  {
    reason: 'Since 7.2 a time to wait that is too long is told from one that is negative.',
    explains: (words, ours, theirs) =>
      /^B[LRZ]/i.test(words[0] ?? '') &&
      isError(ours, /^ERR timeout is out of range/) &&
      isError(theirs, /^ERR timeout is negative/),
    example: [['BLPOP', 'l', '1e18']],
  },
  {
    reason: 'Since 7.2 a small set of text is a listpack; in 7.0 it is a hash table at once.',
    explains: (words, ours, theirs) =>
      isCall(words, 'OBJECT', 'ENCODING') &&
      ours.text === 'listpack' &&
      theirs.text === 'hashtable',
    example: [
      ['SADD', 'e', 'text'],
      ['OBJECT', 'ENCODING', 'e'],
    ],
  },
];

export function knownDifference(
  words: Words,
  ours: Decoded,
  theirs: Decoded,
): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(({ explains }) => explains(words, ours, theirs));
}
