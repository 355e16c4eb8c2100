import t from 'tap';
import { dataCommands } from '../../src/commands/data-commands.ts';
import { localCommands } from '../../src/commands/local-commands.ts';
import { type Argument, parseSyntax } from '../../src/commands/syntax.ts';

/** An argument on one line: `TOKEN name:type`, `?` if optional, `*` if multiple, parts in brackets. */
function brief(argument: Argument): string {
  const { token, name, type, optional, multiple, parts } = argument;
  const inner = parts.length > 0 ? `(${parts.map(brief).join(' ')})` : '';
  const before = token === undefined ? '' : `${token}=`;
  return `${before}${name}:${type}${inner}${optional ? '?' : ''}${multiple ? '*' : ''}`;
}

function parsed(syntax: string): string {
  return parseSyntax(syntax).map(brief).join(', ');
}

t.test('words stand for values, capitals for themselves', async (t) => {
  t.equal(parsed(''), '');
  t.equal(parsed('key start'), 'key:key, start:integer');
  t.equal(parsed('[LEN] [DB destination-db]'), 'LEN=len:pure-token?, DB=destination-db:integer?');
  t.equal(parsed('<ON | OFF>'), 'on-or-off:oneof(ON=on:pure-token OFF=off:pure-token)');
});

t.test('signs stand for themselves', async (t) => {
  t.equal(parsed('[= | ~]'), '=-or-~:oneof(===:pure-token ~=~:pure-token)?');
  t.equal(parsed('<* | id>'), '*-or-id:oneof(*=*:pure-token id:string)');
});

t.test('alternatives may have values', async (t) => {
  t.equal(
    parsed('[EX seconds | PERSIST]'),
    'seconds-or-persist:oneof(EX=seconds:integer PERSIST=persist:pure-token)?',
  );
  t.equal(
    parsed('[TYPE <NORMAL | MASTER>]'),
    'TYPE=normal-or-master:oneof(NORMAL=normal:pure-token MASTER=master:pure-token)?',
  );
  t.equal(
    parsed('[AUTH username password]'),
    'AUTH=username_password:block(username:string password:string)?',
  );
});

t.test('what is named again with dots may be repeated', async (t) => {
  t.equal(parsed('key [key ...]'), 'key:key*');
  t.equal(parsed('[name [name ...]]'), 'name:string?*');
  t.equal(parsed('command [arg ...]'), 'command:string, arg:string?*');
  t.equal(parsed('key value [key value ...]'), 'key_value:block(key:key value:string)*');
  t.equal(parsed('[PREFIX prefix [PREFIX prefix ...]]'), 'PREFIX=prefix:string?*');
});

t.test('a line that is not closed is read to its end', async (t) => {
  t.equal(parsed('[a | b'), 'a-or-b:oneof(a:string b:string)?');
});

t.test('every argument of every command has a name, and every group has parts', async (t) => {
  const unnamed: string[] = [];
  const check = (command: string, list: readonly Argument[]): void => {
    for (const argument of list) {
      const group = argument.type === 'oneof' || argument.type === 'block';
      if (argument.name === '' || (group && argument.parts.length === 0)) unnamed.push(command);
      check(command, argument.parts);
    }
  };
  for (const command of [...dataCommands, ...localCommands]) {
    check(command.name, parseSyntax(command.syntax));
    if (command.kind !== 'container') continue;
    for (const sub of command.subcommands) check(sub.name, parseSyntax(sub.syntax));
  }
  t.same(unnamed, [], 'redis-cli crashes on a group without parts');
});
