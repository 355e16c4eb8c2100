import { createContext, runInContext } from 'node:vm';
import { asMilliseconds } from '../../src/base/ids.ts';
import { BalsaSide } from './balsa-side.ts';
import { sameReply } from './comparison.ts';
import { type Decoded, decode, simplified } from './decode.ts';
import type { Step, Words } from './generator.ts';
import { knownDifference } from './known-differences.ts';
import type { RedisSide } from './redis-side.ts';
import { problemInside } from './self-check.ts';
import { problemOfDump, stateCommands } from './state.ts';

/** What was found wrong with a sequence. */
export interface Finding {
  readonly words: Words;
  /** As people read it. */
  readonly ours: Decoded | string;
  readonly theirs: Decoded | string;
  /** In the comparison of the whole state behind the sequence. */
  readonly inState: boolean;
}

/** One sequence, run by balsa, to be compared with what Redis makes of it. */
export interface Trial {
  readonly steps: readonly Step[];
  /** What Redis has to run. */
  readonly commands: readonly Words[];
  /** To the commands behind the first {@link skipped}. */
  readonly replies: readonly Buffer[];
  readonly skipped: number;
  /** Number of commands before those that look at the state. */
  readonly stateAt: number;
  /** Something is wrong with balsa by itself. */
  readonly problem: Finding | undefined;
  /** As it is behind the last command. */
  readonly balsa: BalsaSide;
}

export interface Mode {
  readonly protocol: 2 | 3;
  /** Whether values are carried over by DUMP and RESTORE, in both directions. */
  readonly dumps: boolean;
}

/** A sequence that takes longer hangs. */
const TIMEOUT_MS = 8_000;
/** What runs from here can be interrupted, also when it hangs. */
const interruptible = createContext({ run: () => {} }) as { run: () => void };

/** Behind these every connection is as new, and the dataset is empty. */
function preamble(protocol: 2 | 3): Words[] {
  const hello: Words[] = protocol === 3 ? [['HELLO', '3']] : [];
  return [['RESET'], ...hello, ['FLUSHALL']];
}

/** Lets balsa run a sequence, and looks at the state behind it. */
export function runOurs(steps: readonly Step[], { protocol, dumps }: Mode): Trial {
  const balsa = new BalsaSide(protocol, asMilliseconds(Date.now()));
  const replies: Buffer[] = [];
  const commands: Words[] = preamble(protocol);
  const before = commands.length;
  let current: Words = [];
  let problem: Finding | undefined;
  const send = (words: Words): void => {
    current = words;
    commands.push(words);
    replies.push(balsa.send(words));
  };
  const run = (): void => {
    for (const step of steps) {
      const first = replies.length;
      step.commands.forEach(send);
      problem ??= invalid(step, replies.slice(first), 'ours');
    }
    stateCommands(balsa, dumps).forEach(send);
    problem ??= problemInside(balsa);
  };
  try {
    interruptible.run = run;
    runInContext('run()', interruptible, { timeout: TIMEOUT_MS });
  } catch (error) {
    const ours = error instanceof Error ? (error.stack ?? error.message) : String(error);
    problem = { words: current, ours, theirs: '', inState: false };
  }
  const stateAt = before + steps.reduce((sum, step) => sum + step.commands.length, 0);
  return { steps, commands, replies, skipped: before, stateAt, problem, balsa };
}

function invalid(step: Step, replies: readonly Buffer[], whose: string): Finding | undefined {
  if (step.valid === undefined) return undefined;
  const decoded = replies.map((bytes) => decode(bytes, 0).reply);
  if (step.valid(decoded.map(simplified))) return undefined;
  const words = step.commands[0] ?? [];
  const ours = `${whose} make no sense: ${JSON.stringify(decoded.map(simplified))}`;
  return { words, ours, theirs: JSON.stringify(step.commands), inState: false };
}

/** The first difference, if any, between what balsa and Redis answered. */
export function compare(trial: Trial, theirs: Buffer, start: number): Compared {
  let at = start;
  let finding: Finding | undefined = trial.problem;
  const { skipped } = trial;
  const free = freeReplies(trial);
  let queued: Words[] = [];
  let db = 0;
  for (const [i, words] of trial.commands.entries()) {
    const begun = at;
    const ours = i >= skipped ? trial.replies[i - skipped] : undefined;
    if (ours?.equals(QUEUED)) queued.push(words);
    if (ours !== undefined && startsWith(theirs, at, ours)) {
      at += ours.length;
    } else {
      const { reply, next } = decode(theirs, at);
      at = next;
      if (finding !== undefined || ours === undefined || free.has(i - skipped)) continue;
      const mine = decode(ours, 0).reply;
      if (!agree(words, queued, mine, reply)) {
        finding = { words, ours: mine, theirs: reply, inState: i >= trial.stateAt };
      }
    }
    if (i >= trial.stateAt && finding === undefined) {
      if (words[0] === 'SELECT') db = Number(words[1]);
      if (words[0] === 'DUMP')
        finding = carriedOver(trial.balsa, db, words, theirs.subarray(begun));
    }
    if (queued.length > 0 && ENDS.includes(words[0] ?? '')) queued = [];
  }
  return { finding, next: at };
}

/** Restores here what Redis has dumped. */
function carriedOver(
  balsa: BalsaSide,
  db: number,
  words: Words,
  reply: Buffer,
): Finding | undefined {
  const payload = decode(reply, 0).reply.text;
  if (payload === undefined) return undefined;
  const ours = problemOfDump(balsa, { db, key: words[1] ?? '', payload });
  const theirs = Buffer.from(payload, 'latin1').toString('hex');
  return ours === undefined ? undefined : { words, ours, theirs, inState: true };
}

const QUEUED = Buffer.from('+QUEUED\r\n', 'latin1');
const ENDS: readonly string[] = ['EXEC', 'DISCARD'];

/** No reply is the beginning of another one. */
function startsWith(theirs: Buffer, at: number, ours: Buffer): boolean {
  const end = at + ours.length;
  return end <= theirs.length && theirs.compare(ours, 0, ours.length, at, end) === 0;
}

/** Numbers of replies that are not compared. */
function freeReplies({ steps }: Trial): ReadonlySet<number> {
  const free = new Set<number>();
  let first = 0;
  for (const step of steps) {
    for (const i of step.free ?? []) free.add(first + i);
    first += step.commands.length;
  }
  return free;
}

/** EXEC's reply is one of the replies to each of the commands that were queued. */
function agree(words: Words, queued: readonly Words[], ours: Decoded, theirs: Decoded): boolean {
  if (words[0] === 'EXEC' && ours.items !== undefined && theirs.items !== undefined) {
    const { items } = theirs;
    return (
      ours.items.length === items.length &&
      ours.items.every((reply, i) => agree(queued[i] ?? [], [], reply, items[i] as Decoded))
    );
  }
  return sameReply(words, ours, theirs) || knownDifference(words, ours, theirs) !== undefined;
}

export interface Compared {
  readonly finding: Finding | undefined;
  /** Where the replies to the next trial begin. */
  readonly next: number;
}

/** Runs one sequence on both. */
export async function runTrial(
  steps: readonly Step[],
  mode: Mode,
  redis: RedisSide,
): Promise<Finding | undefined> {
  const trial = runOurs(steps, mode);
  const theirs = await redis.batch(trial.commands);
  return compare(trial, theirs, 0).finding;
}
