import type { Command } from '../command.ts';
import { sadd, smove, srem } from './sadd.ts';
import { sinter, sintercard, sinterstore } from './sinter.ts';
import { scard, sismember, smembers, smismember } from './sismember.ts';
import { spop } from './spop.ts';
import { srandmember } from './srandmember.ts';
import { sscan } from './sscan.ts';
import { sdiff, sdiffstore, sunion, sunionstore } from './sunion.ts';

export const setCommands: readonly Command[] = [
  sadd,
  scard,
  sdiff,
  sdiffstore,
  sinter,
  sintercard,
  sinterstore,
  sismember,
  smembers,
  smismember,
  smove,
  spop,
  srandmember,
  srem,
  sscan,
  sunion,
  sunionstore,
];
