import t from 'tap';
import { noWords, onlyWord, readOptions, required } from '../../src/admin/options.ts';
import { UsageError } from '../../src/admin/tools.ts';

const KNOWN = { values: ['from', 'to'], flags: ['force'] };

function read(...args: readonly string[]): { values: Record<string, string>; words: string[] } {
  const { values, words } = readOptions(args, KNOWN);
  return { values: Object.fromEntries(values), words: [...words] };
}

t.test('options stand anywhere among the words', async (t) => {
  t.same(read('--from', 'a', 'x', '--to=b=c', '--force', 'y'), {
    values: { from: 'a', to: 'b=c', force: 'yes' },
    words: ['x', 'y'],
  });
  t.same(read('--from', '--to'), { values: { from: '--to' }, words: [] });
  t.same(read('--', '--from', '-'), { values: {}, words: ['--from', '-'] });
  t.same(read('--from='), { values: { from: '' }, words: [] });
});

t.test('what is wrong with an option is said', async (t) => {
  for (const [args, text] of [
    [['--form', 'x'], "unknown option '--form'"],
    [['--form=x'], "unknown option '--form'"],
    [['-f'], "unknown option '-f'"],
    [['from', '-from'], "unknown option '-from'"],
    [['--from'], '--from needs a value'],
    [['--force=yes'], '--force takes no value'],
    [['--from', 'a', '--from=b'], '--from stands there twice'],
  ] as const) {
    t.throws(() => read(...args), new UsageError(text), text);
  }
});

t.test('words and options that must be there are asked for', async (t) => {
  const options = readOptions(['--from', 'a', 'x'], KNOWN);
  t.equal(required(options, 'from', 'WHERE'), 'a');
  t.equal(onlyWord(options, 'file'), 'x');
  t.throws(() => required(options, 'to', 'WHERE'), new UsageError('--to WHERE is missing'));
  t.throws(() => noWords(options), new UsageError("unexpected argument 'x'"));
  t.throws(() => onlyWord(readOptions([], KNOWN), 'file'), new UsageError('no file named'));
  const two = readOptions(['x', 'y'], KNOWN);
  t.throws(() => onlyWord(two, 'file'), new UsageError("unexpected argument 'y'"));
});
