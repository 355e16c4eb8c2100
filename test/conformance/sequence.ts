import type { Prng } from '../../src/base/prng.ts';
import { bitmapCommands } from './bitmap-commands.ts';
import {
  blockingListCommands,
  blockingSortedSetCommands,
  blockingStreamCommands,
} from './blocking-commands.ts';
import { Draw } from './draw.ts';
import { type Generator, isStep, type Step, type Words } from './generator.ts';
import { geoCommands } from './geo-commands.ts';
import { hashCommands } from './hash-commands.ts';
import { hyperloglogCommands } from './hyperloglog-commands.ts';
import { keyCommands } from './key-commands.ts';
import { listCommands } from './list-commands.ts';
import { setCommands } from './set-commands.ts';
import { sortedSetCommands } from './sorted-set-commands.ts';
import { spoilt } from './spoil.ts';
import { streamCommands } from './stream-commands.ts';
import { stringCommands } from './string-commands.ts';
import { transaction, transactionCommands } from './transaction-commands.ts';

/** Generators by family. Those of keys are in every sequence. */
const FAMILIES: Readonly<Record<string, readonly Generator[]>> = {
  string: stringCommands,
  bitmap: bitmapCommands,
  geo: geoCommands,
  hash: hashCommands,
  hyperloglog: hyperloglogCommands,
  list: [...listCommands, ...blockingListCommands],
  set: setCommands,
  'sorted-set': [...sortedSetCommands, ...blockingSortedSetCommands],
  stream: [...streamCommands, ...blockingStreamCommands],
};

export const generators: readonly Generator[] = [
  ...Object.values(FAMILIES).flat(),
  ...keyCommands,
  ...transactionCommands,
];

/** How often a command is made wrong on purpose. */
const SPOILT = 0.06;
/** How often a command is about keys of any type. */
const ABOUT_KEYS = 0.2;

/** How often a transaction begins, and how often a part of one comes alone. */
const IN_TRANSACTION = 0.02;
const ABOUT_TRANSACTIONS = 0.01;

export interface SequenceOptions {
  /** Number of steps, each of which is one command or a few; 300 if not given. */
  readonly steps?: number;
  /** Only what a Redis 7.0 does exactly like another server; otherwise all there is. */
  readonly comparable?: boolean;
  /** Whether to use a command, by its name (`object|encoding`); all if not given. */
  readonly has?: (name: string) => boolean;
  /** Families to draw from; a random choice if not given. */
  readonly families?: readonly string[];
}

/**
 * Commands on a few keys, drawn by `random`: valid ones and wrong ones, of all types, on small
 * collections and large ones. They need no more than a connection: databases 0 to 2 are selected,
 * nothing blocks, and times to live are over or far away unless `comparable` is off.
 */
export function randomSequence(random: Prng, options: SequenceOptions = {}): string[][] {
  return randomSteps(random, options).flatMap(({ commands }) =>
    commands.map((words) => [...words]),
  );
}

export function randomSteps(random: Prng, options: SequenceOptions = {}): Step[] {
  const { steps = 300, comparable = false, has = () => true } = options;
  const draw = new Draw(random, comparable);
  const usable = (generator: Generator) =>
    has(generator.name) && !(comparable && generator.only !== undefined);
  const names = options.families ?? someFamilies(draw);
  const chosen = names.flatMap((name) => weighted((FAMILIES[name] ?? []).filter(usable)));
  const aboutKeys = weighted(keyCommands.filter(usable));
  const aboutTransactions = weighted(transactionCommands.filter(usable));
  const one = (inside: boolean): Step => {
    const from = chosen.length === 0 || draw.chance(ABOUT_KEYS) ? aboutKeys : chosen;
    const generator = draw.pick(from);
    const step = makeStep(draw, generator);
    if (inside || generator.breaksWatch !== true) return step;
    return { ...step, commands: [['UNWATCH'], ...step.commands] };
  };
  const made: Step[] = [];
  while (made.length < steps) {
    const kind = has('multi') ? draw.random.float() : 1;
    if (kind < IN_TRANSACTION) {
      made.push(...transaction(draw, (inside) => alone(one(inside))).map(oneCommand));
    } else if (kind < IN_TRANSACTION + ABOUT_TRANSACTIONS) {
      made.push(makeStep(draw, draw.pick(aboutTransactions)));
    } else {
      made.push(one(false));
    }
  }
  return made;
}

/** Commands that belong together have no place between others. */
function alone({ commands }: Step): readonly Words[] {
  return commands.length === 1 ? commands : [];
}

function someFamilies(draw: Draw): string[] {
  const names = Object.keys(FAMILIES);
  if (draw.chance(0.15)) return names;
  return draw.several(draw.chance(0.5) ? 1 : 3, () => draw.pick(names));
}

function weighted(from: readonly Generator[]): Generator[] {
  return from.flatMap((generator) => new Array<Generator>(generator.weight ?? 1).fill(generator));
}

function makeStep(draw: Draw, generator: Generator): Step {
  const made = generator.make(draw);
  if (isStep(made)) return made;
  const { spoil } = generator;
  if (spoil === 'nothing' || !draw.chance(SPOILT)) return oneCommand(made);
  return oneCommand(spoilt(draw, made, spoil ?? 'words'));
}

function oneCommand(words: Words): Step {
  return { commands: [words] };
}
