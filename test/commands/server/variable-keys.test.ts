import t from 'tap';
import { dataCommands } from '../../../src/commands/data-commands.ts';
import { accessOf } from '../../../src/commands/server/variable-keys.ts';
import { Args } from '../../../src/resp/args.ts';

const READ = { access: 'RO', effects: ['access'] };
const CHANGED = { access: 'RW', effects: ['access', 'update'] };
const OVERWRITTEN = { access: 'OW', effects: ['update'] };

function access(...words: string[]): unknown {
  return accessOf(words[0] ?? '', Args.of(words));
}

t.test('SET reads the key only with GET', async (t) => {
  t.same(access('set', 'k', 'v', 'EX', '10'), OVERWRITTEN);
  t.same(access('set', 'k', 'v', 'EX', '10', 'get'), CHANGED);
  t.same(access('set', 'get', 'get'), OVERWRITTEN);
});

t.test('BITFIELD changes the key unless all it does is GET', async (t) => {
  t.same(access('bitfield', 'k', 'GET', 'u8', '0', 'get', 'u8', '8'), READ);
  t.same(access('bitfield', 'k', 'OVERFLOW', 'SAT', 'GET', 'u8', '0'), READ);
  t.same(access('bitfield', 'k', 'GET', 'u8', '0', 'INCRBY', 'u8', '0', '1'), CHANGED);
  t.same(access('bitfield', 'k', 'GET', 'u8'), CHANGED);
});

t.test('every command whose options decide is known', async (t) => {
  for (const { name, keys } of dataCommands) {
    if (keys?.some(({ variable }) => variable === true) !== true) continue;
    t.not(access(name, 'k'), null, name);
  }
  t.equal(access('get', 'k'), null);
});
