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
    onlyReads(args)
      ? { access: 'RO', effects: ['access'] }
      : { access: 'RW', effects: ['access', 'update'] },
};

/** What a whole command does to its keys; null if its key specs say so for all options. */
export function accessOf(name: string, args: Args): Access | null {
  return BY_NAME[name]?.(args) ?? null;
}

function has(args: Args, from: number, word: string): boolean {
  for (let i = from; i < args.count; i++) if (args.is(i, word)) return true;
  return false;
}

/** Whether the operations of BITFIELD are nothing but GET. */
function onlyReads(args: Args): boolean {
  let i = 2;
  while (i < args.count) {
    if (args.is(i, 'GET') && i + 2 < args.count) i += 3;
    else if (args.is(i, 'OVERFLOW') && i + 1 < args.count) i += 2;
    else return false;
  }
  return true;
}
