import type { Command } from '../command.ts';
import { hdel, hgetdel } from './hdel.ts';
import { hexpire, hexpireat, hpexpire, hpexpireat } from './hexpire.ts';
import { hexists, hget, hlen, hmget, hstrlen } from './hget.ts';
import { hgetall, hkeys, hvals } from './hgetall.ts';
import { hgetex } from './hgetex.ts';
import { hincrby, hincrbyfloat } from './hincrby.ts';
import { hrandfield } from './hrandfield.ts';
import { hscan } from './hscan.ts';
import { hmset, hset, hsetnx } from './hset.ts';
import { hsetex } from './hsetex.ts';
import { hexpiretime, hpersist, hpexpiretime, hpttl, httl } from './httl.ts';

export const hashCommands: readonly Command[] = [
  hset,
  hmset,
  hsetnx,
  hget,
  hmget,
  hgetall,
  hdel,
  hexists,
  hlen,
  hkeys,
  hvals,
  hincrby,
  hincrbyfloat,
  hstrlen,
  hrandfield,
  hscan,
  hexpire,
  hpexpire,
  hexpireat,
  hpexpireat,
  httl,
  hpttl,
  hexpiretime,
  hpexpiretime,
  hpersist,
  hgetex,
  hgetdel,
  hsetex,
];
