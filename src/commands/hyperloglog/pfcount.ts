import {
  countElements,
  countRegisters,
  keptCardinality,
  mergeRegisters,
} from '../../keyspace/hyperloglog.ts';
import { REGISTERS } from '../../keyspace/hyperloglog-format.ts';
import type { RawString } from '../../keyspace/raw-string.ts';
import { type ErrorReply, isError, type Reply } from '../../resp/reply.ts';
import { readStrings } from '../args.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { CORRUPT, readHyperloglog } from './lookup.ts';

/** Registers of what is merged, one byte each. */
const registers: Uint8Array = new Uint8Array(REGISTERS);

function runPfcount(context: RunContext, keys: readonly string[]): Reply {
  const [key = ''] = keys;
  if (keys.length === 1) {
    const only = readHyperloglog(context, key);
    return isError(only) ? only : only === undefined ? 0 : countOf(only);
  }
  registers.fill(0);
  for (const key of keys) {
    const source = readHyperloglog(context, key);
    if (isError(source)) return source;
    if (source !== undefined && !mergeRegisters(source.view(), registers)) return CORRUPT;
  }
  return countRegisters(registers);
}

/**
 * A read must not write the count into the head, as Redis does, so it is remembered beside the value,
 * on this node alone.
 */
function countOf(value: RawString): number | bigint | ErrorReply {
  if (value.memo !== undefined) return value.memo;
  const bytes = value.view();
  const kept = keptCardinality(bytes);
  if (kept !== undefined) return kept;
  const count = countElements(bytes);
  if (typeof count === 'number') value.memo = count;
  return count ?? CORRUPT;
}

export const pfcount: DataCommand = dataCommand<readonly string[]>({
  name: 'pfcount',
  kind: 'read',
  arity: -2,
  flags: ['readonly'],
  keys: [
    {
      first: 1,
      last: -1,
      step: 1,
      access: 'RW',
      effects: ['access'],
      notes: 'RW because Redis keeps the count in the value',
    },
  ],
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Returns about how many different elements HyperLogLogs have seen together.',
  complexity: 'O(1) for one key, and no more than a look-up if it has not changed; O(N) for N keys',
  syntax: 'key [key ...]',
  parse: (args) => readStrings(args, 1),
  run: runPfcount,
});
