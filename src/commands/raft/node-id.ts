import type { Args } from '../../resp/args.ts';
import { isError } from '../../resp/reply.ts';
import { readInteger } from '../args.ts';

const MAX_NODE_ID = 2 ** 31 - 1;

/** Argument `i` as a number within a node id's 32 bits, which may be negative. */
export function readNodeId(args: Args, i: number): number | undefined {
  const id = readInteger(args, i);
  if (isError(id) || id > MAX_NODE_ID || id < -MAX_NODE_ID - 1) return undefined;
  return Number(id);
}
