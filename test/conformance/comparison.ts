import type { Decoded } from './decode.ts';
import type { Words } from './generator.ts';
import { ALL } from './shared.ts';

/** Moments and spans of time, of which the servers see slightly different ones, in milliseconds. */
const TIME = 'time';
const TOLERANCE_MS = 60_000;
/** Deadlines beyond 2^53 are held as 2^53. */
const FAR_MS = 2 ** 52;

/** Distances, which differ in their last digits where the sines of two machines do. */
const DISTANCE = 'distance';
const ALLOWANCE = 1e-11;
/** A key for scores that are distances. */
export const DISTANCES = 'distances';

/** A key for values that have come from a dump. */
export const RESTORED = 'restored';

type Form = (reply: Decoded, words: Words) => Decoded;

/**
 * Whether two replies to a command say the same: equal but for the order where that has no meaning,
 * for what is drawn at random, and for a minute of time.
 */
export function sameReply(words: Words, ours: Decoded, theirs: Decoded): boolean {
  if (ours.type === '-' || theirs.type === '-') return equal(ours, theirs);
  const form = formOf(words);
  return form === undefined ? equal(ours, theirs) : equal(form(ours, words), form(theirs, words));
}

function equal(ours: Decoded, theirs: Decoded): boolean {
  if (ours.type !== theirs.type) return false;
  if (ours.type === TIME) return nearly(Number(ours.text), Number(theirs.text));
  if (ours.type === DISTANCE) return aboutTheSame(Number(ours.text), Number(theirs.text));
  if (ours.items === undefined) return ours.text === theirs.text && theirs.items === undefined;
  const other = theirs.items;
  return (
    other !== undefined &&
    other.length === ours.items.length &&
    ours.items.every((item, i) => equal(item, other[i] as Decoded))
  );
}

function nearly(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE_MS || (a > FAR_MS && b > FAR_MS);
}

function formOf(words: Words): Form | undefined {
  const name = (words[0] ?? '').toUpperCase();
  const of = FORMS[`${name} ${(words[1] ?? '').toUpperCase()}`] ?? FORMS[name];
  return of;
}

const FORMS: Readonly<Record<string, Form>> = {
  SMEMBERS: sorted,
  SUNION: sorted,
  SINTER: sorted,
  SDIFF: sorted,
  KEYS: sorted,
  HKEYS: sorted,
  HVALS: sorted,
  HGETALL: sortedPairs,
  SCAN: (reply, words) => scanned(reply, words, sorted),
  SSCAN: (reply, words) => scanned(reply, words, sorted),
  HSCAN: (reply, words) => scanned(reply, words, sortedPairs),
  ZSCAN: (reply, words) => scanned(reply, words, sortedPairs),
  SORT: sortedIfFree,
  SORT_RO: sortedIfFree,
  GEODIST: distances,
  GEOSEARCH: found,
  GEORADIUS: found,
  GEORADIUS_RO: found,
  GEORADIUSBYMEMBER: found,
  GEORADIUSBYMEMBER_RO: found,
  TTL: (reply) => timeSpan(reply, 1000),
  PTTL: (reply) => timeSpan(reply, 1),
  EXPIRETIME: (reply) => timeSpan(reply, 1000),
  PEXPIRETIME: (reply) => timeSpan(reply, 1),
  SPOP: shape,
  SRANDMEMBER: shape,
  HRANDFIELD: shape,
  ZRANDMEMBER: shape,
  RANDOMKEY: shape,
  DUMP: shape,
  'MEMORY USAGE': shape,
  'OBJECT IDLETIME': shape,
  'OBJECT REFCOUNT': shape,
  [`ZRANGE ${DISTANCES.toUpperCase()}`]: distances,
  [`ZRANGE ${RESTORED.toUpperCase()}`]: withoutMinusZero,
  XADD: (reply, words) => (words.includes('*') ? shape(reply) : reply),
  XPENDING: pending,
  'XINFO CONSUMERS': information,
  'XINFO STREAM': information,
};

/** The kinds of its parts, without what they hold. */
function shape({ type, text, items }: Decoded): Decoded {
  if (items !== undefined) return { type, items: items.map(shape) };
  return text === undefined ? { type } : { type, text: '' };
}

function aboutTheSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(a, b) * ALLOWANCE;
}

function distances(reply: Decoded): Decoded {
  const { type, text, items } = reply;
  if (items !== undefined) return { type, items: items.map(distances) };
  if (text === undefined || !/^\d+\.\d+(e[+-]\d+)?$/.test(text)) return reply;
  return { type: DISTANCE, text };
}

/** Whether -0 stays depends on the form of a sorted set, which a dump may change. */
export function withoutMinusZero({ type, text, items }: Decoded): Decoded {
  if (items !== undefined) return { type, items: items.map(withoutMinusZero) };
  if (text === undefined) return { type };
  return { type, text: text === '-0' ? '0' : text };
}

function keyOf(reply: Decoded): string {
  return JSON.stringify(reply, (_key, value) => (value?.type === DISTANCE ? DISTANCE : value));
}

function inOrder(items: readonly (readonly Decoded[])[]): Decoded[] {
  const keyed = items.map((item) => ({ item, key: item.map(keyOf).join() }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.flatMap(({ item }) => item);
}

function sorted({ type, text, items }: Decoded): Decoded {
  if (items === undefined) return text === undefined ? { type } : { type, text };
  return { type, items: inOrder(items.map((item) => [item])) };
}

function sortedPairs(reply: Decoded): Decoded {
  const { type, items } = reply;
  if (items === undefined) return reply;
  const pairs: Decoded[][] = [];
  for (let i = 0; i < items.length; i += 2) pairs.push(items.slice(i, i + 2));
  return { type, items: inOrder(pairs) };
}

function scanned(reply: Decoded, words: Words, form: (items: Decoded) => Decoded): Decoded {
  const [cursor, found] = reply.items ?? [];
  if (cursor === undefined || found === undefined) return reply;
  // A call that does not go to the end finds whatever comes first.
  if (!words.includes(ALL))
    return { type: reply.type, items: [shape(cursor), { type: found.type }] };
  return { type: reply.type, items: [cursor, form(found)] };
}

/** SORT has an order, unless none is asked for. */
function sortedIfFree(reply: Decoded, words: Words): Decoded {
  const upper = words.map((word) => word.toUpperCase());
  const by = upper.lastIndexOf('BY');
  const sorts = (words[by + 1] ?? '*').includes('*');
  // Elements of equal weight have no order if they are sorted as text.
  if (by === -1 || (sorts && !upper.includes('ALPHA'))) return reply;
  return upper.includes('LIMIT') ? counted(reply) : sorted(reply);
}

/** Some of what might have come as well: only how much it is. */
function counted({ type, items }: Decoded): Decoded {
  return { type, items: (items ?? []).map(() => ({ type: 'any' })) };
}

/** What a search of places finds has an order if one is asked for. */
function found({ type, text, items }: Decoded, words: Words): Decoded {
  if (items === undefined) return text === undefined ? { type } : { type, text };
  const isOrdered = words.some((word) => /^(ASC|DESC|COUNT)$/i.test(word));
  // Each is a name, or a name and what was asked for about it, of which the distance stands alone.
  const reply = {
    type,
    items: items.map((item) => (item.items === undefined ? item : place(item))),
  };
  return isOrdered ? reply : sorted(reply);
}

function place({ type, items = [] }: Decoded): Decoded {
  return {
    type,
    items: items.map((item, i) => (i === 1 && item.items === undefined ? distances(item) : item)),
  };
}

function timeSpan(reply: Decoded, unit: number): Decoded {
  const value = Number(reply.text);
  return value < 0 ? reply : { type: TIME, text: String(value * unit) };
}

function timeAt(entry: Decoded, position: number): Decoded {
  if (entry.items === undefined) return entry;
  const items = entry.items.map((item, i) => (i === position ? { ...item, type: TIME } : item));
  return { type: entry.type, items };
}

/** Each entry is an ID, a consumer, for how long it has been idle, how often it was delivered. */
function pending(reply: Decoded): Decoded {
  if (reply.items?.[0]?.items === undefined) return reply;
  return { type: reply.type, items: reply.items.map((entry) => timeAt(entry, 2)) };
}

const TIMES: readonly string[] = ['idle', 'inactive', 'seen-time', 'active-time'];
const INNER: readonly string[] = ['radix-tree-keys', 'radix-tree-nodes'];

/** What XINFO tells, but the numbers of nodes in memory. */
function information(reply: Decoded): Decoded {
  const { type, items } = reply;
  if (items === undefined) return reply;
  const out: Decoded[] = items.map((item, i) => {
    const name = items[i - 1]?.text ?? '';
    if (INNER.includes(name)) return { type: ':', text: '' };
    if (TIMES.includes(name)) return { ...item, type: TIME };
    // An entry that was delivered: with the consumer's name in a group's list, without in a consumer's.
    if ((name === 'pel' || name === 'pending') && item.items !== undefined) {
      const entries = item.items.map((one) => timeAt(one, (one.items?.length ?? 0) - 2));
      return { type: item.type, items: entries };
    }
    return information(item);
  });
  return { type, items: out };
}
