import type { Command } from '../command.ts';
import { copy, move, swapdb } from './copy.ts';
import { del, unlink } from './delete.ts';
import { dump, restore, restoreAsking } from './dump.ts';
import { exists, touch, type } from './exists.ts';
import { expire, expireat, pexpire, pexpireat } from './expire.ts';
import { dbsize, flushall, flushdb } from './flush.ts';
import { memory } from './memory.ts';
import { object } from './object.ts';
import { rename, renamenx } from './rename.ts';
import { keys, randomkey, scan } from './scan.ts';
import { sort, sortRo } from './sort.ts';
import { expiretime, persist, pexpiretime, pttl, ttl } from './ttl.ts';

export const keyCommands: readonly Command[] = [
  copy,
  dbsize,
  del,
  dump,
  exists,
  expire,
  expireat,
  expiretime,
  flushall,
  flushdb,
  keys,
  memory,
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
  restore,
  restoreAsking,
  scan,
  sort,
  sortRo,
  swapdb,
  touch,
  ttl,
  type,
  unlink,
];
