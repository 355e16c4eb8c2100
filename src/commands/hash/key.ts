import type { KeySpec } from '../command.ts';

/** The key of a command that hands out values. */
export const READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

/** The key of a command that looks without handing out values. */
export const LOOKED_AT: readonly KeySpec[] = [{ first: 1, last: 1, step: 1, access: 'RO' }];

/** The key of a command that changes fields. */
export const UPDATED: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RW', effects: ['update'] },
];
