import type { CommandGroup } from './command.ts';

/** Commands of Redis 7.0 that are not in the table, for one reason. */
export interface Missing {
  readonly group: CommandGroup;
  readonly names: readonly string[];
  /** Begins with `Not yet:` or `No sense here:`. */
  readonly reason: string;
}

export const MISSING: readonly Missing[] = [];
