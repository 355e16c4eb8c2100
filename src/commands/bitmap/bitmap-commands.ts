import type { Command } from '../command.ts';
import { bitcount, bitpos } from './bitcount.ts';
import { bitfield, bitfieldRo } from './bitfield.ts';
import { bitop } from './bitop.ts';
import { getbit, setbit } from './setbit.ts';

export const bitmapCommands: readonly Command[] = [
  bitcount,
  bitfield,
  bitfieldRo,
  bitop,
  bitpos,
  getbit,
  setbit,
];
