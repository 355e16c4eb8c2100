import { mergeRegisters } from '../../keyspace/hyperloglog.ts';
import { HyperloglogEdit } from '../../keyspace/hyperloglog-edit.ts';
import { forEachRun, isDense, MAX_ZERO_RUN, REGISTERS } from '../../keyspace/hyperloglog-format.ts';
import type { RawString } from '../../keyspace/raw-string.ts';
import { ErrorReply, isError, type Reply, SimpleString } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { CORRUPT, findHyperloglog } from './lookup.ts';

interface PfdebugRequest {
  readonly subcommand: string;
  readonly key: string;
}

const NO_KEY: ErrorReply = new ErrorReply('ERR The specified key does not exist');
const NOT_SPARSE: ErrorReply = new ErrorReply('ERR HLL encoding is not sparse');

/** Which sub-command there is, Redis asks only when it has looked at the key. */
function runPfdebug(context: RunContext, { subcommand, key }: PfdebugRequest): Reply {
  const value = findHyperloglog(context.db, key);
  if (value === undefined) return NO_KEY;
  if (isError(value)) return value;
  switch (subcommand.toLowerCase()) {
    case 'getreg':
      return getRegisters(context, key, value);
    case 'decode':
      return decode(value);
    case 'encoding':
      return new SimpleString(isDense(value) ? 'dense' : 'sparse');
    case 'todense':
      return toDense(context, key, value);
    default:
      return new ErrorReply(`ERR Unknown PFDEBUG subcommand '${subcommand}'`);
  }
}

/** All registers, for which the HyperLogLog becomes dense. */
function getRegisters(context: RunContext, key: string, value: RawString): Reply {
  const registers = new Uint8Array(REGISTERS);
  if (!mergeRegisters(value.view(), registers)) return CORRUPT;
  const changed = toDense(context, key, value);
  return isError(changed) ? changed : Array.from(registers);
}

/** 1 if it was sparse. */
function toDense({ db }: RunContext, key: string, value: RawString): Reply {
  if (isDense(value)) return 0;
  const edit = new HyperloglogEdit(value);
  if (!edit.toDense()) return CORRUPT;
  db.update(key, edit.finish());
  return 1;
}

/** The runs of a sparse one: `z:` short and `Z:` long ones of zeros, `v:value,length` others. */
function decode(value: RawString): Reply {
  if (isDense(value)) return NOT_SPARSE;
  const runs: string[] = [];
  forEachRun(value.view(), (rank, _from, length) => {
    if (rank > 0) runs.push(`v:${rank},${length}`);
    else runs.push(`${length > MAX_ZERO_RUN ? 'Z' : 'z'}:${length}`);
  });
  return runs.join(' ');
}

export const pfdebug: DataCommand = dataCommand<PfdebugRequest>({
  name: 'pfdebug',
  kind: 'write',
  arity: 3,
  flags: ['write', 'denyoom', 'admin'],
  keys: [{ first: 2, last: 2, step: 1, access: 'RW', effects: ['access'] }],
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Looks into a HyperLogLog or makes it dense.',
  complexity: 'O(N) for N registers',
  syntax: 'subcommand key',
  parse: (args) => ({ subcommand: args.string(1), key: args.string(2) }),
  run: runPfdebug,
});
