import { Chaos } from './chaos.ts';
import type { Sabotage } from './sim-node.ts';

const MAX_SEEDS = 1500;

/** A bug to plant: in the shell, or in a method of the core. */
export interface PlantedBug {
  readonly name: string;
  readonly sabotage?: Sabotage;
  readonly patch?: {
    readonly prototype: object;
    readonly key: string;
    readonly by: PropertyDescriptor;
  };
}

/** What the random runs say of a bug; null: they do not find it. */
export function findBug({ sabotage = {}, patch }: PlantedBug): string | null {
  if (patch === undefined) return firstFailure(sabotage);
  const { prototype, key, by } = patch;
  const original = Object.getOwnPropertyDescriptor(prototype, key);
  if (original === undefined) throw new Error(`There is no ${key}`);
  Object.defineProperty(prototype, key, { ...by, configurable: true });
  try {
    return firstFailure(sabotage);
  } finally {
    Object.defineProperty(prototype, key, original);
  }
}

function firstFailure(sabotage: Sabotage): string | null {
  for (let seed = 1; seed <= MAX_SEEDS; seed++) {
    try {
      new Chaos(seed, { sabotage }).run();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return `seed ${seed}: ${text.slice(0, 100)}`;
    }
  }
  return null;
}
