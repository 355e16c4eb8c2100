import type { Command } from '../command.ts';
import { append, setrange } from './append.ts';
import { get, getrange, mget, strlen, substr } from './get.ts';
import { getdel, getex } from './getex.ts';
import { decr, decrby, incr, incrby } from './incr.ts';
import { incrbyfloat } from './incrbyfloat.ts';
import { lcs } from './lcs.ts';
import { mset, msetnx } from './mset.ts';
import { getset, psetex, set, setex, setnx } from './set.ts';

export const stringCommands: readonly Command[] = [
  append,
  decr,
  decrby,
  get,
  getdel,
  getex,
  getrange,
  getset,
  incr,
  incrby,
  incrbyfloat,
  lcs,
  mget,
  mset,
  msetnx,
  psetex,
  set,
  setex,
  setnx,
  setrange,
  strlen,
  substr,
];
