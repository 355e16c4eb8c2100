import t from 'tap';
import type { Command, KeySpec } from '../../src/commands/command.ts';
import { CommandTable } from '../../src/commands/command-table.ts';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { getKeys, keyUses } from '../../src/commands/key-positions.ts';
import { Args } from '../../src/resp/args.ts';

const table = new CommandTable(dataCommands);

function positions(...words: string[]): number[] {
  const command = table.get(words[0] ?? '');
  if (command === undefined) throw new Error(`${words[0]} is not in the table`);
  return getKeys(command, Args.of(words));
}

t.test('keys are found by first, last and step', async (t) => {
  t.same(positions('get', 'k'), [1]);
  t.same(positions('mget', 'a', 'b', 'c'), [1, 2, 3]);
  t.same(positions('mset', 'a', '1', 'b', '2'), [1, 3]);
  t.same(positions('copy', 'a', 'b', 'DB', '1'), [1, 2]);
  t.same(positions('rename', 'a', 'b'), [1, 2]);
  t.same(positions('lcs', 'a', 'b', 'LEN'), [1, 2]);
  t.same(positions('dbsize'), []);
});

t.test('keys of sub-commands are counted from the container', async (t) => {
  const command = table.get('object|encoding');
  if (command === undefined) throw new Error('OBJECT ENCODING is there');
  t.same(getKeys(command, Args.of(['object', 'encoding', 'k'])), [2]);
});

t.test('counted keys are as many as the arguments say', async (t) => {
  const get = table.get('get');
  if (get === undefined) throw new Error('GET is there');
  const keys: KeySpec[] = [{ countAt: 2, first: 3, step: 1, access: 'RW' }];
  const command: Command = { ...get, keys };
  t.same(getKeys(command, Args.of(['eval', 's', '2', 'a', 'b', 'c'])), [3, 4]);
  t.same(getKeys(command, Args.of(['eval', 's', '0', 'a'])), []);
  t.same(getKeys(command, Args.of(['eval', 's', '3', 'a', 'b'])), []);
  t.same(getKeys(command, Args.of(['eval', 's', '-1', 'a'])), []);
  t.same(getKeys(command, Args.of(['eval', 's', 'x', 'a'])), []);
  t.same(getKeys(command, Args.of(['eval', 's'])), []);
});

t.test('keys behind a keyword are found from the front, or from the end', async (t) => {
  const get = table.get('get');
  if (get === undefined) throw new Error('GET is there');
  const keyword = { keyword: 'STORE', step: 1, access: 'OW' } as const;
  const front: Command = { ...get, keys: [{ ...keyword, startFrom: 1, last: 0, limit: 0 }] };
  t.same(getKeys(front, Args.of(['c', 'x', 'store', 'to', 'y'])), [3]);
  t.same(getKeys(front, Args.of(['c', 'x', 'STORE'])), []);
  t.same(getKeys(front, Args.of(['c', 'x'])), []);
  const half: Command = { ...get, keys: [{ ...keyword, startFrom: 1, last: -1, limit: 2 }] };
  t.same(getKeys(half, Args.of(['c', 'STORE', 'a', 'b', '0', '0'])), [2, 3]);
  const back: Command = { ...get, keys: [{ ...keyword, startFrom: -2, last: 0, limit: 0 }] };
  t.same(getKeys(back, Args.of(['c', 'STORE', 'a', 'STORE', 'b'])), [4]);
});

t.test('uses of keys are none where a spec fits nothing', async (t) => {
  const copy = table.get('copy');
  if (copy === undefined) throw new Error('COPY is there');
  const uses = (...words: string[]) => keyUses(copy, Args.of(words));
  t.same(
    uses('copy', 'a', 'b').map(({ position, spec }) => [position, spec.access]),
    [
      [1, 'RO'],
      [2, 'OW'],
    ],
  );
  t.same(uses('copy', 'a'), []);
});

t.test("what a command's own function finds belongs to the spec without a rule", async (t) => {
  const get = table.get('get');
  if (get === undefined) throw new Error('GET is there');
  const keys: KeySpec[] = [
    { first: 1, last: 1, step: 1, access: 'RO' },
    { unknown: true, access: 'OW' },
  ];
  const command: Command = { ...get, keys, getKeys: () => [1, 3] };
  t.same(
    keyUses(command, Args.of(['c', 'a', 'x', 'b'])).map(({ position, spec }) => [
      position,
      spec.access,
    ]),
    [
      [1, 'RO'],
      [3, 'OW'],
    ],
  );
});
