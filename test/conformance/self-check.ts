import { digest } from '../../src/keyspace/digest.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { copyOf, typeName } from '../../src/keyspace/value.ts';
import type { BalsaSide } from './balsa-side.ts';
import { isHere } from './balsa-side.ts';
import { type Decoded, decode, simplified } from './decode.ts';
import type { Words } from './generator.ts';
import type { Finding } from './trial.ts';

/** Calls that a scan may take before it is held to be endless. */
const MOST_CALLS = 20_000;

/** What can be checked without another server: scans, copies, digests. */
export function problemInside(balsa: BalsaSide): Finding | undefined {
  return problemOfScans(balsa) ?? problemOfCopies(balsa);
}

/** A copy of every key in another keyspace, put there backwards, has the same digest. */
function problemOfCopies(balsa: BalsaSide): Finding | undefined {
  const other = new Keyspace();
  other.advance(balsa.keyspace.clock, balsa.index);
  for (const database of balsa.keyspace.databases()) {
    const keys: string[] = [];
    database.forEach((key) => {
      keys.push(key);
    });
    for (const key of keys.reverse()) {
      const value = database.peek(key);
      if (value === undefined) continue;
      const deadline = database.deadline(key);
      const copy = other.database(database.index);
      copy.set(key, copyOf(value));
      if (deadline !== undefined) copy.expireAt(key, deadline);
    }
  }
  if (digest(other) === digest(balsa.keyspace)) return undefined;
  const ours = 'a keyspace of copies has another digest';
  return { words: ['COPY'], ours, theirs: '', inState: true };
}

/** Scans in small steps find what there is. */
function problemOfScans(balsa: BalsaSide): Finding | undefined {
  for (const database of balsa.keyspace.databases()) {
    if (database.size === 0) continue;
    balsa.send(['SELECT', String(database.index)]);
    const found = scan(balsa, ['SCAN'], 1);
    const keys: [string, Words, Words, number][] = [];
    database.forEach((key, value) => {
      const type = typeName(value);
      if (type === 'hash') keys.push([key, ['HSCAN', key], ['HGETALL', key], 2]);
      if (type === 'set') keys.push([key, ['SSCAN', key], ['SMEMBERS', key], 1]);
      if (type === 'zset') {
        keys.push([key, ['ZSCAN', key], ['ZRANGE', key, '0', '-1', 'WITHSCORES'], 2]);
      }
    });
    const wrong = [
      differs(['SCAN'], found, parts(ask(balsa, ['KEYS', '*']), 1)),
      ...keys
        .filter(([, [name = '']]) => isHere(name.toLowerCase()))
        .map(([, words, all, size]) => {
          return differs(words, scan(balsa, words, size), parts(ask(balsa, all), size));
        }),
    ].find((one) => one !== undefined);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function differs(
  words: Words,
  found: ReadonlySet<string> | string,
  all: readonly string[],
): Finding | undefined {
  const problem = (ours: string): Finding => ({ words, ours, theirs: '', inState: true });
  if (typeof found === 'string') return problem(found);
  const missed = all.filter((one) => !found.has(one));
  if (missed.length > 0) return problem(`a scan misses ${JSON.stringify(missed.slice(0, 5))}`);
  if (found.size > all.length) return problem('a scan finds what is not there');
  return undefined;
}

/** What a whole scan finds; a text if it does not come to an end. */
function scan(balsa: BalsaSide, words: Words, size: number): ReadonlySet<string> | string {
  const found = new Set<string>();
  let cursor = '0';
  for (let calls = 0; calls < MOST_CALLS; calls++) {
    const reply = ask(balsa, [...words, cursor, 'COUNT', '3']);
    const [next, items] = reply.items ?? [];
    if (next?.text === undefined || items === undefined) return `a scan fails: ${reply.text}`;
    for (const part of parts(items, size)) found.add(part);
    if (next.text === '0') return found;
    cursor = next.text;
  }
  return 'a scan does not end';
}

function ask(balsa: BalsaSide, words: Words): Decoded {
  return decode(balsa.send(words), 0).reply;
}

/** Members of a reply, those in pairs as one text. */
function parts(reply: Decoded, size: number): string[] {
  const flat = [simplified(reply)].flat(3).map(String);
  const out: string[] = [];
  for (let i = 0; i < flat.length; i += size) {
    const [name, value] = flat.slice(i, i + size);
    // ZSCAN prints scores in another form than ZRANGE.
    const number = Number(value);
    out.push(JSON.stringify([name, Number.isNaN(number) ? value : number]));
  }
  return out;
}
