import t from 'tap';
import { Ring } from '../../src/keyspace/list-ring.ts';
import {
  type End,
  type Segment,
  segmentForEach,
  segmentSearch,
} from '../../src/keyspace/list-segment.ts';
import { pack } from '../../src/keyspace/packed.ts';

const ELEMENTS = ['a', 'b', 'a', '', 'a', 'c', 'a'];
const FORMS: readonly [string, Segment][] = [
  ['packed', pack(ELEMENTS)],
  ['open', new Ring(ELEMENTS)],
];

function found(segment: Segment, from: number, to: number, start: End, limit = 99): number[] {
  const numbers: number[] = [];
  segmentSearch(segment, { element: 'a', from, to, start }, (i) => {
    numbers.push(i);
    return numbers.length < limit;
  });
  return numbers;
}

for (const [form, segment] of FORMS) {
  t.test(`a part of a segment that is ${form} is visited in order`, async (t) => {
    const seen: string[] = [];
    segmentForEach(segment, 1, 6, (element) => {
      seen.push(element);
    });
    t.same(seen, ['b', 'a', '', 'a', 'c']);
  });

  t.test(`a segment that is ${form} is searched from either end`, async (t) => {
    t.same(found(segment, 0, 7, 'head'), [0, 2, 4, 6]);
    t.same(found(segment, 0, 7, 'tail'), [6, 4, 2, 0]);
    t.same(found(segment, 1, 6, 'head'), [2, 4]);
    t.same(found(segment, 1, 6, 'tail'), [4, 2]);
  });

  t.test(`a search of a segment that is ${form} ends when it is told to`, async (t) => {
    t.same(found(segment, 0, 7, 'head', 2), [0, 2]);
    t.same(found(segment, 0, 7, 'tail', 2), [6, 4]);
  });
}
