import type { KeySpec } from '../command.ts';

/** The key of a command that hands out members. */
export const READ: readonly KeySpec[] = [
  { first: 1, last: 1, step: 1, access: 'RO', effects: ['access'] },
];

/** The key of a command that looks without handing out members. */
export const LOOKED_AT: readonly KeySpec[] = [{ first: 1, last: 1, step: 1, access: 'RO' }];

/** All arguments are sets that are read. */
export const ALL_READ: readonly KeySpec[] = [
  { first: 1, last: -1, step: 1, access: 'RO', effects: ['access'] },
];

/** The sets behind a destination. */
export const REST_READ: KeySpec = {
  first: 2,
  last: -1,
  step: 1,
  access: 'RO',
  effects: ['access'],
};
