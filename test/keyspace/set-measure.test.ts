import t from 'tap';
import { Entries, MEMBER_WORDS } from '../../src/keyspace/entries.ts';
import { feedMembers, memoryOfTable } from '../../src/keyspace/set-measure.ts';

function sumsOf(members: readonly string[]): number[] {
  const sums: number[] = [];
  const sink = {
    text: () => {},
    bytes: () => {},
    number: (value: number) => {
      sums.push(value);
    },
  };
  feedMembers(sink, {
    size: members.length,
    forEach: (visit) => {
      for (const member of members) visit(member);
    },
  });
  return sums;
}

t.test('members are fed as sums that do not depend on their order', async (t) => {
  t.same(sumsOf(['a', 'b', 'c']), sumsOf(['c', 'a', 'b']));
  t.notSame(sumsOf(['a', 'b']), sumsOf(['a', 'c']));
  t.notSame(sumsOf(['ab', 'c']), sumsOf(['a', 'bc']));
  t.same(sumsOf([]), [0, 0, 0]);
});

t.test('the memory of a table follows from as many members as are looked at', async (t) => {
  const entries = new Entries<null>(MEMBER_WORDS, null);
  for (let i = 0; i < 10; i++) entries.add('x'.repeat(i === 9 ? 1000 : 10), null);
  t.equal(memoryOfTable(entries, 5), 56 + 10 * (32 + 16 + 10));
  t.equal(memoryOfTable(entries, 0), 56 + 10 * (32 + 16) + 1090);
  t.equal(memoryOfTable(entries, 1000), memoryOfTable(entries, 0));
});
