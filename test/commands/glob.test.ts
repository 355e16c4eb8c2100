import t from 'tap';
import { globMatches } from '../../src/commands/glob.ts';

const CASES: readonly [string, readonly string[], readonly string[]][] = [
  ['hello', ['hello'], ['hell', 'helloo', 'Hello', '']],
  ['h?llo', ['hello', 'hxllo'], ['hllo', 'heello']],
  ['h*llo', ['hllo', 'heeeello'], ['hell', 'xhllo']],
  ['h[ae]llo', ['hello', 'hallo'], ['hillo']],
  ['h[^e]llo', ['hallo', 'hbllo'], ['hello']],
  ['h[a-b]llo', ['hallo', 'hbllo'], ['hcllo']],
  ['h[b-a]llo', ['hallo', 'hbllo'], ['hcllo']],
  ['\\*', ['*'], ['x', '\\*']],
  ['[\\]]', [']'], ['\\']],
  ['a\\', ['a\\'], ['a']],
  ['[', [], ['[', 'a']],
  ['[^', ['a', '['], ['', 'ab']],
  ['[a', ['a'], ['b', '[a']],
  ['*', ['a', 'abc'], ['']],
  ['', [''], ['a']],
  ['a**b*', ['ab', 'axb', 'abc'], ['a', 'ba']],
  ['*a*b', ['ab', 'xaxb', 'aabb'], ['ba', 'abx']],
  ['[a-\xe9]', ['a', 'A', '\xe9'], ['b', '\x80']],
];

t.test('patterns match what Redis matches', async (t) => {
  for (const [pattern, yes, no] of CASES) {
    for (const text of yes) t.equal(globMatches(pattern, text), true, `${pattern} and ${text}`);
    for (const text of no) t.equal(globMatches(pattern, text), false, `${pattern} and ${text}`);
  }
});

t.test('hostile patterns take no longer than pattern times text', async (t) => {
  const start = performance.now();
  t.equal(globMatches(`${'a*'.repeat(500)}b`, 'a'.repeat(20_000)), false);
  t.equal(globMatches(`${'*a'.repeat(1000)}c`, 'a'.repeat(20_000)), false);
  t.ok(performance.now() - start < 2000);
});

t.test('more than a thousand stars match nothing', async (t) => {
  t.equal(globMatches('*a'.repeat(1000), 'a'.repeat(1000)), true);
  t.equal(globMatches('*a'.repeat(1001), 'a'.repeat(1001)), false);
});
