import type { Command } from '../command.ts';
import { blmove, blmpop, blpop, brpop, brpoplpush } from './blocking.ts';
import { linsert, lrem, ltrim } from './edit.ts';
import { lindex, llen, lset } from './element.ts';
import { lmove, rpoplpush } from './move.ts';
import { lmpop, lpop, rpop } from './pop.ts';
import { lpush, lpushx, rpush, rpushx } from './push.ts';
import { lpos, lrange } from './range.ts';

export const listCommands: readonly Command[] = [
  blmove,
  blmpop,
  blpop,
  brpop,
  brpoplpush,
  lindex,
  linsert,
  llen,
  lmove,
  lmpop,
  lpop,
  lpos,
  lpush,
  lpushx,
  lrange,
  lrem,
  lset,
  ltrim,
  rpop,
  rpoplpush,
  rpush,
  rpushx,
];
