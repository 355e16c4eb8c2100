import { mergeRegisters } from '../../keyspace/hyperloglog.ts';
import { HyperloglogEdit } from '../../keyspace/hyperloglog-edit.ts';
import { isDense, REGISTERS } from '../../keyspace/hyperloglog-format.ts';
import type { Args } from '../../resp/args.ts';
import { isError, OK, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { CORRUPT, findHyperloglog } from './lookup.ts';

interface PfmergeRequest {
  readonly destination: string;
  readonly sources: readonly string[];
}

/** Registers of what is merged, one byte each. */
const registers: Uint8Array = new Uint8Array(REGISTERS);

function parsePfmerge(args: Args): PfmergeRequest {
  return { destination: args.string(1), sources: readStrings(args, 2) };
}

/** The result is dense as soon as one of the HyperLogLogs is, the destination included. */
function runPfmerge({ db }: RunContext, { destination, sources }: PfmergeRequest): Reply {
  const target = findHyperloglog(db, destination);
  if (isError(target)) return target;
  registers.fill(0);
  let dense = false;
  for (const key of [destination, ...sources]) {
    const source = findHyperloglog(db, key);
    if (isError(source)) return source;
    if (source === undefined) continue;
    if (isDense(source)) dense = true;
    if (!mergeRegisters(source.view(), registers)) return CORRUPT;
  }
  const edit = new HyperloglogEdit(target);
  if (dense) {
    if (!edit.setAll(registers)) return CORRUPT;
  } else {
    for (let i = 0; i < REGISTERS; i++) {
      const rank = registers[i] as number;
      if (rank > 0 && edit.raise(i, rank) === 'corrupt') return CORRUPT;
    }
  }
  edit.spoilCardinality();
  db.update(destination, edit.finish());
  return OK;
}

export const pfmerge: DataCommand = dataCommand<PfmergeRequest>({
  name: 'pfmerge',
  kind: 'write',
  arity: -2,
  flags: ['write', 'denyoom'],
  keys: [
    { first: 1, last: 1, step: 1, access: 'RW', effects: ['access', 'insert'] },
    { first: 2, last: -1, step: 1, access: 'RO', effects: ['access'] },
  ],
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Adds what several HyperLogLogs have seen to one of them.',
  complexity: 'O(N) for N keys, each with all its registers',
  syntax: 'destkey [sourcekey [sourcekey ...]]',
  parse: parsePfmerge,
  run: runPfmerge,
});
