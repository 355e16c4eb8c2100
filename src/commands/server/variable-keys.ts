import type { Args } from '../../resp/args.ts';
import type { KeySpec } from '../command.ts';

type Access = Pick<KeySpec, 'access' | 'effects'>;

/** What is done to the keys of commands whose options decide it, by the name of the command. */
const BY_NAME: Readonly<Record<string, (args: Args) => Access>> = {
  set: (args) =>
    has(args, 3, 'GET')
      ? { access: 'RW', effects: ['access', 'update'] }
      : { access: 'OW', effects: ['update'] },
  bitfield: (args) =>
    has(args, 2, 'SET') || has(args, 2, 'INCRBY')
      ? { access: 'RW', effects: ['access', 'update'] }
      : { access: 'RO', effects: ['access'] },
};

/** What a whole command does to its keys; null if its key specs say so for all options. */
export function accessOf(name: string, args: Args): Access | null {
  return BY_NAME[name]?.(args) ?? null;
}

function has(args: Args, from: number, word: string): boolean {
  for (let i = from; i < args.count; i++) if (args.is(i, word)) return true;
  return false;
}
