import { asLogIndex, asMilliseconds } from '../src/base/ids.ts';
import { Prng } from '../src/base/prng.ts';
import type { RunContext } from '../src/commands/command.ts';
import { CommandTable } from '../src/commands/command-table.ts';
import { dataCommands } from '../src/commands/data-commands.ts';
import { Keyspace } from '../src/keyspace/keyspace.ts';
import { Args } from '../src/resp/args.ts';
import { isError } from '../src/resp/reply.ts';

/**
 * What the hot commands cost from parsed arguments to a reply value, over a million keys, beside a
 * bare `Map` of strings that is asked for the same keys. `node dist/bench/commands.js [keys]`
 */
const KEYS = Number(process.argv[2] ?? 1_000_000);
const COMMANDS = 200_000;
const ROUNDS = 4;

const table = new CommandTable(dataCommands);
const keyspace = new Keyspace();
const random = new Prng(1, 1);
keyspace.advance(asMilliseconds(1_700_000_000_000), asLogIndex(1));
const context: RunContext = {
  keyspace,
  db: keyspace.database(0),
  now: keyspace.clock,
  random: () => random,
};

function key(i: number): string {
  return `key:${String(i).padStart(12, '0')}`;
}

/** Commands as the parser leaves them, all in one buffer. */
function commands(make: (key: string) => string[]): Args[] {
  const all: Args[] = [];
  for (let i = 0; i < COMMANDS; i++) all.push(Args.of(make(key(random.below(KEYS)))));
  const buffer = Buffer.concat(all.map((args) => args.buffer));
  let at = 0;
  for (const args of all) {
    const length = args.buffer.length;
    for (let i = 0; i < 2 * args.count; i++) args.bounds[i] = (args.bounds[i] ?? 0) + at;
    args.buffer = buffer;
    at += length;
  }
  return all;
}

/** Commands between two looks at the clock: few, so that most slices are not interrupted. */
const SLICE = 1000;

/** Median over slices of the time for one command, in ns. The first round only warms up. */
function median(list: readonly Args[], work: (args: Args) => unknown): number {
  const times: number[] = [];
  let results = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = 0; at + SLICE <= list.length; at += SLICE) {
      const slice = list.slice(at, at + SLICE);
      const start = performance.now();
      for (const args of slice) if (work(args) !== undefined) results++;
      if (round > 0) times.push(((performance.now() - start) * 1e6) / SLICE);
    }
  }
  if (results !== COMMANDS * ROUNDS) throw new Error('every command has a result');
  times.sort((a, b) => a - b);
  return times[times.length >>> 1] ?? 0;
}

function execute(args: Args): unknown {
  const command = table.lookup(args);
  if (command === undefined || command.kind === 'local' || command.kind === 'container') return;
  const request = command.parse(args);
  return isError(request) ? request : command.run(context, request);
}

const peer = new Map<string, string>();
for (let i = 0; i < KEYS; i++) {
  const text = 'v'.repeat(64);
  context.db.set(key(i), text);
  peer.set(key(i), text);
}

const map = median(
  commands((name) => ['get', name]),
  (args) => peer.get(args.string(1)),
);
const find = median(
  commands((name) => ['get', name]),
  (args) => context.db.peek(args.string(1)),
);
console.log(`the same in this keyspace: ${find.toFixed(0)} ns`);
console.log(`Map.get and a string for the key: ${map.toFixed(0)} ns`);

const cases: Record<string, (key: string) => string[]> = {
  GET: (name) => ['GET', name],
  SET: (name) => ['SET', name, 'v'.repeat(64)],
  'SET EX': (name) => ['SET', name, 'v'.repeat(64), 'EX', String(1000 + random.below(9000))],
  'GET, keys with deadlines': (name) => ['GET', name],
  DEL: (name) => ['DEL', `${name}:none`],
  INCR: (name) => ['INCR', `n${name.slice(-6)}`],
};

for (const [name, make] of Object.entries(cases)) {
  const list = commands(make);
  const lookup = median(list, (args) => table.lookup(args));
  const whole = median(list, execute);
  console.log(
    `${name}: ${whole.toFixed(0)} ns (${(whole / map).toFixed(2)} of that Map), ` +
      `finding the command ${lookup.toFixed(0)} ns of it`,
  );
}
