import t from 'tap';
import { KeyHash } from '../../src/keyspace/key-hash.ts';
import { SetTable } from '../../src/keyspace/set-table.ts';

const hash = new KeyHash({ high: 1, low: 2 });

function tableOf(...members: readonly string[]): SetTable {
  const table = new SetTable(hash);
  for (const member of members) table.add(member);
  return table;
}

function membersOf(table: SetTable): string[] {
  const members: string[] = [];
  table.every((member) => members.push(member) > 0);
  return members;
}

t.test('the last member takes the place of one that is removed', async (t) => {
  const table = tableOf('a', 'b', 'c', 'd');
  t.equal(table.remove(1), 3);
  t.same(membersOf(table), ['a', 'd', 'c']);
  t.equal(table.find('d'), 1);
});

t.test('members are asked in order until one fails', async (t) => {
  const asked: string[] = [];
  const table = tableOf('a', 'b', 'c');
  t.notOk(table.every((member) => asked.push(member) < 2));
  t.same(asked, ['a', 'b']);
  t.ok(table.every(() => true));
});

t.test('a copy has the same order and is independent', async (t) => {
  const table = tableOf('a', 'b', 'c');
  table.remove(0);
  const copy = table.copy(hash);
  table.remove(0);
  t.same(membersOf(copy), ['c', 'b']);
  t.same(membersOf(table), ['b']);
});
