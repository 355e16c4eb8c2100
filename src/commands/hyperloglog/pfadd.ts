import { HyperloglogEdit } from '../../keyspace/hyperloglog-edit.ts';
import { placeOf, RANK_SHIFT } from '../../keyspace/hyperloglog-hash.ts';
import type { Args } from '../../resp/args.ts';
import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { CORRUPT, findHyperloglog } from './lookup.ts';

interface PfaddRequest {
  readonly key: string;
  /** What each element does, see `placeOf`. */
  readonly places: readonly number[];
}

function parsePfadd(args: Args): PfaddRequest {
  const places: number[] = [];
  for (let i = 2; i < args.count; i++) {
    places.push(placeOf(args.buffer, args.start(i), args.end(i)));
  }
  return { key: args.string(1), places };
}

function runPfadd({ db }: RunContext, { key, places }: PfaddRequest): Reply {
  const found = findHyperloglog(db, key);
  if (isError(found)) return found;
  const edit = new HyperloglogEdit(found);
  let changed = found === undefined;
  for (const place of places) {
    const raised = edit.raise(place >>> RANK_SHIFT, place & ((1 << RANK_SHIFT) - 1));
    if (raised === 'corrupt') return CORRUPT;
    if (raised === 'raised') changed = true;
  }
  if (!changed) return 0;
  edit.spoilCardinality();
  db.update(key, edit.finish());
  return 1;
}

export const pfadd: DataCommand = dataCommand<PfaddRequest>({
  name: 'pfadd',
  kind: 'write',
  arity: -2,
  flags: ['write', 'denyoom', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RW', effects: ['insert'] }],
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Adds elements to a HyperLogLog, which is made if it does not exist.',
  complexity: 'O(N) for N elements given',
  syntax: 'key [element [element ...]]',
  parse: parsePfadd,
  run: runPfadd,
});
