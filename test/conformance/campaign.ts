import { Prng } from '../../src/base/prng.ts';
import { isHere } from './balsa-side.ts';
import { type Decoded, shown } from './decode.ts';
import type { Step } from './generator.ts';
import type { RedisSide } from './redis-side.ts';
import { randomSteps } from './sequence.ts';
import { quoted, shrink } from './shrink.ts';
import { compare, type Finding, type Mode, runOurs, runTrial, type Trial } from './trial.ts';

/** Sequences that are sent to Redis at once. */
const ROUND = 12;
/** Part of the sequences whose values are dumped and restored. */
const DUMPS = 0.3;
/** Of a reply as it is shown. */
const SHOWN_CHARS = 1500;

export interface CampaignOptions {
  readonly seed: number;
  /** Commands to run at least. */
  readonly commands: number;
  /** The sequence to begin with. */
  readonly first: number;
  /** Different faults to find before it stops. */
  readonly faults: number;
  readonly families?: readonly string[];
}

export interface CampaignResult {
  readonly commands: number;
  readonly sequences: number;
  /** Each with all that is needed to repeat it, in several lines. */
  readonly faults: readonly string[];
}

interface Planned {
  readonly number: number;
  readonly mode: Mode;
  readonly trial: Trial;
}

/** Compares balsa with a Redis over many sequences, each of which depends on the seed and its number. */
export async function runCampaign(
  redis: RedisSide,
  options: CampaignOptions,
): Promise<CampaignResult> {
  const faults = new Map<string, string>();
  let commands = 0;
  let number = options.first;
  let waiting = plan(options, number);
  while (faults.size < options.faults) {
    const round = waiting;
    number += ROUND;
    commands += round.reduce((sum, { trial }) => sum + trial.commands.length, 0);
    const done = commands >= options.commands;
    const answered = redis.batch(round.flatMap(({ trial }) => trial.commands));
    // While Redis works, balsa does its part of the next round.
    waiting = done ? [] : plan(options, number);
    const theirs = await answered;
    let at = 0;
    for (const planned of round) {
      const { finding, next } = compare(planned.trial, theirs, at);
      at = next;
      if (finding === undefined) continue;
      const kind = kindOf(finding);
      if (faults.has(kind) || faults.size >= options.faults) continue;
      faults.set(kind, await report(planned, finding, redis, options.seed));
    }
    if (done) break;
  }
  return { commands, sequences: number - options.first, faults: [...faults.values()] };
}

function plan(options: CampaignOptions, first: number): Planned[] {
  const round: Planned[] = [];
  for (let number = first; number < first + ROUND; number++) {
    const random = new Prng(options.seed, number);
    const mode: Mode = { protocol: random.chance(0.5) ? 2 : 3, dumps: random.chance(DUMPS) };
    const steps = randomSteps(random, {
      steps: 100 + random.below(400),
      comparable: true,
      has: isHere,
      ...(options.families === undefined ? {} : { families: options.families }),
    });
    round.push({ number, mode, trial: runOurs(steps, mode) });
  }
  return round;
}

/** Findings of one kind most likely have one cause. */
function kindOf({ words, ours, theirs }: Finding): string {
  const name = (words[0] ?? '').toUpperCase();
  return [
    name,
    ...[ours, theirs].map((side) => (typeof side === 'string' ? '' : gist(side))),
  ].join();
}

function gist({ type, text }: Decoded): string {
  return type === '-' ? (text ?? '') : type;
}

async function report(
  { number, mode, trial }: Planned,
  found: Finding,
  redis: RedisSide,
  seed: number,
): Promise<string> {
  const kind = kindOf(found);
  let finding = found;
  const fails = async (steps: readonly Step[]): Promise<boolean> => {
    const again = await runTrial(steps, mode, redis);
    if (again === undefined || kindOf(again) !== kind) return false;
    finding = again;
    return true;
  };
  const again = await fails(trial.steps);
  const steps = again ? await shrink(trial.steps, fails) : trial.steps;
  const lines = again ? steps.flatMap(({ commands }) => commands.map(quoted)) : ['not repeatable'];
  return [
    `SEED=${seed} SEQUENCE=${number} (RESP${mode.protocol})`,
    ...lines.map((line) => `  ${line.slice(0, SHOWN_CHARS)}`),
    `${finding.inState ? 'then ' : ''}${quoted(finding.words).slice(0, SHOWN_CHARS)}`,
    `  balsa: ${side(finding.ours)}`,
    `  Redis: ${side(finding.theirs)}`,
  ].join('\n');
}

function side(reply: Decoded | string): string {
  return (typeof reply === 'string' ? reply : shown(reply)).slice(0, SHOWN_CHARS);
}
