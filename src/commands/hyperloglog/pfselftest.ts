import { countElements } from '../../keyspace/hyperloglog.ts';
import { HyperloglogEdit } from '../../keyspace/hyperloglog-edit.ts';
import { REGISTERS } from '../../keyspace/hyperloglog-format.ts';
import { placeOf, RANK_SHIFT } from '../../keyspace/hyperloglog-hash.ts';
import { ErrorReply, OK, type Reply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';

const ELEMENTS = 100_000;
/** Six times the standard error of a HyperLogLog with so many registers. */
const TOLERANCE: number = (6 * 1.04) / Math.sqrt(REGISTERS);
const RANK_MASK: number = (1 << RANK_SHIFT) - 1;

/** Counts a growing number of elements, in a sparse HyperLogLog that becomes dense and a dense one. */
export function selfTest(): Reply {
  const places = placesOfIntegers(ELEMENTS);
  const direct = grow(places, true);
  const grown = grow(places, false);
  for (const [i, { elements, count }] of direct.entries()) {
    if (Math.abs(count - elements) > Math.ceil(elements * TOLERANCE)) {
      return new ErrorReply(`TESTFAILED ${elements} elements were counted as ${count}`);
    }
    const other = grown[i]?.count;
    if (other !== count) {
      return new ErrorReply(`TESTFAILED dense ${count} and sparse ${other} counts differ`);
    }
  }
  return OK;
}

function placesOfIntegers(count: number): Int32Array {
  const places = new Int32Array(count);
  const element = Buffer.alloc(8);
  for (let i = 0; i < count; i++) {
    element.writeUInt32LE(i, 0);
    places[i] = placeOf(element, 0, element.length);
  }
  return places;
}

/** The counts at 1, 10, 100, … elements. */
function grow(places: Int32Array, dense: boolean): { elements: number; count: number }[] {
  const edit = new HyperloglogEdit(undefined);
  if (dense) edit.toDense();
  const counts: { elements: number; count: number }[] = [];
  let next = 1;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    edit.raise(place >>> RANK_SHIFT, place & RANK_MASK);
    if (i + 1 === next) {
      counts.push({ elements: next, count: Number(countElements(edit.finish().view())) });
      next *= 10;
    }
  }
  return counts;
}

export const pfselftest: LocalCommand = {
  name: 'pfselftest',
  kind: 'local',
  arity: 1,
  flags: ['admin'],
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Tests whether HyperLogLogs count right.',
  complexity: 'O(1), with a great constant',
  syntax: '',
  run: selfTest,
};
