import t from 'tap';
import type { Command, KeySpec } from '../../src/commands/command.ts';
import { getKeys } from '../../src/commands/key-positions.ts';
import { CommandTable, dataCommands } from '../../src/commands/table.ts';
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
