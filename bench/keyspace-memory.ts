import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { asLogIndex, asMilliseconds } from '../src/base/ids.ts';
import { Keyspace } from '../src/keyspace/keyspace.ts';

/**
 * Memory of a million keys of 16 bytes with values of 64, and the time of one lookup, beside what one
 * would write first: a Map from the key to a small object. Each in a process of its own, because
 * memory that was used once stays resident. `node dist/bench/keyspace-memory.js [keys]`
 */
const KEYS = Number(process.argv[2] ?? 1_000_000);
const LOOKUPS = 200_000;
const ROUNDS = 9;

const scratch = Buffer.alloc(64, 'v');

/** A new string each time, as the parser makes them. */
function key(i: number): string {
  scratch.latin1Write(`key:${String(i).padStart(12, '0')}`, 0);
  return scratch.latin1Slice(0, 16);
}

function value(): string {
  return scratch.latin1Slice(0, 64);
}

interface Subject {
  set(key: string, value: string): void;
  get(key: string): unknown;
}

function balsa(withDeadlines: boolean): Subject {
  const keyspace = new Keyspace();
  keyspace.advance(asMilliseconds(1_700_000_000_000), asLogIndex(1));
  const database = keyspace.database(0);
  return {
    set: (name, text) => {
      database.set(name, text);
      if (withDeadlines) database.expireAt(name, 1_800_000_000_000 + database.size);
    },
    get: (name) => database.read(name, keyspace.clock),
  };
}

class Entry {
  type = 0;
  version = 1;
  touchedAt = 1_700_000_000;
  readonly data: string;
  constructor(data: string) {
    this.data = data;
  }
}

function map(): Subject {
  const entries = new Map<string, Entry>();
  return {
    set: (name, text) => {
      entries.set(name, new Entry(text));
    },
    get: (name) => entries.get(name)?.data,
  };
}

function measure(subject: Subject): void {
  const collect = globalThis.gc ?? (() => {});
  collect();
  const before = process.memoryUsage();
  const start = performance.now();
  for (let i = 0; i < KEYS; i++) subject.set(key(i), value());
  const load = ((performance.now() - start) * 1e6) / KEYS;
  collect();
  const after = process.memoryUsage();
  let lookup = Number.POSITIVE_INFINITY;
  let random = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const names: string[] = [];
    for (let i = 0; i < LOOKUPS; i++) {
      random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
      names.push(key(random % KEYS));
    }
    const from = performance.now();
    let found = 0;
    for (const name of names) if (subject.get(name) !== undefined) found++;
    lookup = Math.min(lookup, ((performance.now() - from) * 1e6) / LOOKUPS);
    if (found !== LOOKUPS) throw new Error(`${found} of ${LOOKUPS} keys were found`);
  }
  const used = after.heapUsed + after.external - before.heapUsed - before.external;
  const result = {
    resident: after.rss / 1e6,
    bytesPerKey: used / KEYS,
    load,
    lookup,
  };
  process.stdout.write(JSON.stringify(result));
}

function run(name: string): Record<string, number> {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, ['--expose-gc', script, String(KEYS), name], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

const subjects: Record<string, () => Subject> = {
  balsa: () => balsa(false),
  'balsa, each with a deadline': () => balsa(true),
  'Map of objects': map,
};

const subject = subjects[process.argv[3] ?? ''];
if (subject !== undefined) {
  measure(subject());
} else {
  const peer = run('Map of objects');
  for (const name of Object.keys(subjects)) {
    const result = name === 'Map of objects' ? peer : run(name);
    const ratio = (result['resident'] ?? 0) / (peer['resident'] ?? 1);
    console.log(
      `${name}: ${result['resident']?.toFixed(0)} MB resident (${ratio.toFixed(2)} of a Map), ` +
        `${result['bytesPerKey']?.toFixed(0)} bytes a key, ` +
        `set ${result['load']?.toFixed(0)} ns, lookup ${result['lookup']?.toFixed(0)} ns`,
    );
  }
}
