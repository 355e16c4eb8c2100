import type { Command } from '../command.ts';
import { copy, move, swapdb } from './copy.ts';
import { del, unlink } from './delete.ts';
import { exists, touch, type } from './exists.ts';
import { expire, expireat, pexpire, pexpireat } from './expire.ts';
import { dbsize, flushall, flushdb } from './flush.ts';
import { object } from './object.ts';
import { rename, renamenx } from './rename.ts';
import { keys, randomkey, scan } from './scan.ts';
import { expiretime, persist, pexpiretime, pttl, ttl } from './ttl.ts';

export const keyCommands: readonly Command[] = [
  copy,
  dbsize,
  del,
  exists,
  expire,
  expireat,
  expiretime,
  flushall,
  flushdb,
  keys,
  move,
  object,
  persist,
  pexpire,
  pexpireat,
  pexpiretime,
  pttl,
  randomkey,
  rename,
  renamenx,
  scan,
  swapdb,
  touch,
  ttl,
  type,
  unlink,
];
