import t from 'tap';
import { Harness } from '../harness.ts';

function withEntries(count: number): Harness {
  const h = new Harness();
  for (let i = 1; i <= count; i++) h.call('XADD', 's', `${i}`, 'f', 'v');
  return h;
}

function error(text: string): { error: string } {
  return { error: `ERR ${text}` };
}

t.test('XTRIM MAXLEN leaves the last entries', async (t) => {
  const h = withEntries(10);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '4'), 6);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '=', '4'), 0);
  t.same(h.call('XRANGE', 's', '-', '+', 'COUNT', '1'), [['7-0', ['f', 'v']]]);
  t.equal(h.call('XTRIM', 'none', 'MAXLEN', '4'), 0);
});

t.test('XTRIM MINID leaves the entries from an id on', async (t) => {
  const h = withEntries(10);
  t.equal(h.call('XTRIM', 's', 'MINID', '4-1'), 4);
  t.equal(h.call('XTRIM', 's', 'MINID', '100'), 6);
  t.equal(h.call('EXISTS', 's'), 1);
});

t.test('XTRIM ~ removes whole nodes only, within its limit', async (t) => {
  const h = withEntries(950);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '~', '900'), 0);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '~', '850'), 100);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '~', '0', 'LIMIT', '250'), 200);
  t.equal(h.call('XTRIM', 's', 'MINID', '~', '500', 'LIMIT', '0'), 100);
  t.equal(h.call('XTRIM', 's', 'MINID', '~', '500', 'LIMIT', '10'), 0);
});

t.test('XTRIM ~ without LIMIT stops at 10000 entries', async (t) => {
  const h = withEntries(10_500);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '~', '0'), 10_000);
  t.equal(h.call('XTRIM', 's', 'MAXLEN', '~', '0'), 500);
});

t.test('XTRIM checks its options in the order of Redis', async (t) => {
  const h = new Harness();
  const both = 'syntax error, MAXLEN and MINID options at the same time are not compatible';
  t.same(h.call('XTRIM', 's', 'MAXLEN', '5', 'MINID', 'x'), error(both));
  t.same(h.call('XTRIM', 's', 'MAXLEN', '5', 'MAXLEN', '5'), error(both));
  t.same(h.call('XTRIM', 's', 'MAXLEN', '-5'), error('The MAXLEN argument must be >= 0.'));
  t.same(
    h.call('XTRIM', 's', 'MAXLEN', '~', '5', 'LIMIT', '-5'),
    error('The LIMIT argument must be >= 0.'),
  );
  t.same(
    h.call('XTRIM', 's', 'LIMIT', '5'),
    error('syntax error, LIMIT cannot be used without specifying a trimming strategy'),
  );
  t.same(
    h.call('XTRIM', 's', 'LIMIT', '0'),
    error('syntax error, XTRIM must be called with either MAXLEN or MINID'),
  );
  t.same(
    h.call('XTRIM', 's', 'MAXLEN', '5', 'LIMIT', '5'),
    error('syntax error, LIMIT cannot be used without the special ~ option'),
  );
  t.same(h.call('XTRIM', 's', 'MAXLEN', '~'), error('value is not an integer or out of range'));
  t.same(h.call('XTRIM', 's', 'MAXLEN', '5', 'foo'), error('syntax error'));
});

t.test('XTRIM counts as a change only if something went', async (t) => {
  const h = withEntries(3);
  const db = h.keyspace.database(0);
  const version = db.version('s');
  h.call('XTRIM', 's', 'MAXLEN', '3');
  t.equal(db.version('s'), version);
  h.call('XTRIM', 's', 'MAXLEN', '2');
  t.ok(db.version('s') > version);
});
