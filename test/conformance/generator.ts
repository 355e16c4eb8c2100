import type { Draw } from './draw.ts';

/** A command and its arguments as latin1 strings. */
export type Words = readonly string[];

/**
 * Commands that stay together when a sequence is shortened: what one of them answers may be any of
 * many right answers, and the others make sure that the servers agree again behind it.
 */
export interface Step {
  readonly commands: readonly Words[];
  /** Numbers of those commands whose replies depend on what was drawn. */
  readonly free?: readonly number[];
  /** Whether the replies of one server to the commands make sense together; as RESP2 has them. */
  readonly valid?: (replies: readonly unknown[]) => boolean;
}

export interface Generator {
  /** The command's name in the table, e.g. `object|encoding`. */
  readonly name: string;
  /** How often it is chosen, compared with the others; 1 unless said otherwise. */
  readonly weight?: number;
  /**
   * `newer`: Redis 7.0 does not know it. `free`: two servers may do different things that are both
   * right. Neither is used to compare with Redis.
   */
  readonly only?: 'newer' | 'free';
  /**
   * What may be done to the words to make them wrong. `shape`: only leave out words and add some,
   * because another number would make the moment matter, or take too long. `nothing`: no harm.
   */
  readonly spoil?: 'shape' | 'nothing';
  /** A watch of a key notices it here, and in Redis it does not: it comes without one. */
  readonly breaksWatch?: true;
  make(draw: Draw): Words | Step;
}

export function isStep(made: Words | Step): made is Step {
  return 'commands' in made;
}
