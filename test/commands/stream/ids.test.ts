import t from 'tap';
import {
  readEnd,
  readId,
  readIds,
  readStart,
  readTimeId,
} from '../../../src/commands/stream/ids.ts';
import { MAX_ID, MAX_UINT64, MIN_ID } from '../../../src/keyspace/stream-id.ts';
import { Args } from '../../../src/resp/args.ts';
import { isError } from '../../../src/resp/reply.ts';

function idOf(text: string): unknown {
  const id = readId(Args.of([text]), 0);
  return isError(id) ? 'invalid' : id;
}

t.test('an id is a time and a number, or a time alone', async (t) => {
  t.same(idOf('1-2'), { ms: 1, seq: 2 });
  t.same(idOf('17'), { ms: 17, seq: 0 });
  t.same(readId(Args.of(['17']), 0, MAX_UINT64), { ms: 17, seq: MAX_UINT64 });
  t.same(idOf('123456789012345-123456789012345'), {
    ms: 123456789012345,
    seq: 123456789012345,
  });
  t.same(idOf('9007199254740993-9007199254740991'), {
    ms: 9007199254740993n,
    seq: 9007199254740991,
  });
  t.same(idOf('18446744073709551615-18446744073709551615'), MAX_ID);
});

// As `strtoull` reads numbers.
t.test('parts of an id may begin with blanks, a plus or zeros', async (t) => {
  t.same(idOf(' 5-\t6'), { ms: 5, seq: 6 });
  t.same(idOf('+5-+6'), { ms: 5, seq: 6 });
  t.same(idOf('007-0006'), { ms: 7, seq: 6 });
  t.same(idOf('5\x00junk'), { ms: 5, seq: 0 });
  t.same(idOf('1- -1'), { ms: 1, seq: MAX_UINT64 });
  t.same(idOf('1--01'), { ms: 1, seq: MAX_UINT64 });
});

t.test('anything else is no id', async (t) => {
  const texts = ['', '-', '+', '1-', '-1', '1--1', '1-2-3', 'x', '1-x', '5 ', '1.5', '0x10'];
  for (const text of [...texts, '18446744073709551616', '1'.repeat(128), '\x00']) {
    t.equal(idOf(text), 'invalid', text);
  }
});

t.test('one bad id spoils them all', async (t) => {
  t.same(readIds(Args.of(['x', '1', '2-3']), 1), [
    { ms: 1, seq: 0 },
    { ms: 2, seq: 3 },
  ]);
  t.ok(isError(readIds(Args.of(['1', 'x', '2']), 0)));
});

t.test('a range begins and ends at ids, signs for the ends, or behind a parenthesis', async (t) => {
  const args = Args.of(['-', '+', '5', '(5', '(5-1']);
  t.same([readStart(args, 0), readEnd(args, 1)], [MIN_ID, MAX_ID]);
  t.same(
    [readStart(args, 2), readEnd(args, 2)],
    [
      { ms: 5, seq: 0 },
      { ms: 5, seq: MAX_UINT64 },
    ],
  );
  t.same(readStart(args, 3), { ms: 5, seq: 1 });
  t.same(readEnd(args, 3), { ms: 5, seq: MAX_UINT64 - 1n });
  t.same(
    [readStart(args, 4), readEnd(args, 4)],
    [
      { ms: 5, seq: 2 },
      { ms: 5, seq: 0 },
    ],
  );
});

t.test('a time with a star leaves the number open', async (t) => {
  const args = Args.of(['5-*', '5', '*', '-*', 'x-*', '18446744073709551615-*']);
  t.same(
    [0, 1, 2, 3, 4, 5].map((i) => readTimeId(args, i)),
    [5, undefined, undefined, undefined, undefined, MAX_UINT64],
  );
});
