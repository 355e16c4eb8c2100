import t from 'tap';
import { Harness } from '../harness.ts';

function withEntries(): Harness {
  const h = new Harness();
  for (const id of ['1-1', '1-2', '2-1', '3-1', '3-2']) h.call('XADD', 's', id, 'id', id);
  return h;
}

/** The ids of entries, after it was checked that their field is the id. */
function ids(reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply;
  return reply.map(([id, fields]) => (fields[0] === 'id' && fields[1] === id ? id : 'wrong'));
}

t.test('XRANGE returns entries between two ids, both included', async (t) => {
  const h = withEntries();
  t.same(ids(h.call('XRANGE', 's', '-', '+')), ['1-1', '1-2', '2-1', '3-1', '3-2']);
  t.same(ids(h.call('XRANGE', 's', '1-2', '3-1')), ['1-2', '2-1', '3-1']);
  t.same(ids(h.call('XRANGE', 's', '1', '2')), ['1-1', '1-2', '2-1']);
  t.same(ids(h.call('XRANGE', 's', '3', '2')), []);
  t.same(h.call('XRANGE', 'none', '-', '+'), []);
});

t.test('XRANGE leaves out ids behind a parenthesis', async (t) => {
  const h = withEntries();
  t.same(ids(h.call('XRANGE', 's', '(1-1', '(3-2')), ['1-2', '2-1', '3-1']);
  t.same(ids(h.call('XRANGE', 's', '(1', '+')), ['1-1', '1-2', '2-1', '3-1', '3-2']);
  t.same(h.call('XRANGE', 's', '(18446744073709551615-18446744073709551615', '+'), {
    error: 'ERR invalid start ID for the interval',
  });
  t.same(h.call('XRANGE', 's', '-', '(0-0'), {
    error: 'ERR invalid end ID for the interval',
  });
  t.match(h.call('XRANGE', 's', '(-', '+'), { error: /^ERR Invalid stream ID/ });
});

t.test('XREVRANGE goes backwards and names the end first', async (t) => {
  const h = withEntries();
  t.same(ids(h.call('XREVRANGE', 's', '+', '-')), ['3-2', '3-1', '2-1', '1-2', '1-1']);
  t.same(ids(h.call('XREVRANGE', 's', '3', '(1-2', 'COUNT', '2')), ['3-2', '3-1']);
  t.same(ids(h.call('XREVRANGE', 's', '-', '+')), []);
});

t.test('COUNT limits, and one that is not positive means null', async (t) => {
  const h = withEntries();
  t.same(ids(h.call('XRANGE', 's', '-', '+', 'COUNT', '2')), ['1-1', '1-2']);
  t.match(h.call('XRANGE', 's', '-', '+', 'COUNT', '9223372036854775807'), { length: 5 });
  t.equal(h.call('XRANGE', 's', '-', '+', 'COUNT', '0'), null);
  t.equal(h.call('XREVRANGE', 's', '+', '-', 'COUNT', '-3'), null);
  t.same(h.call('XRANGE', 'none', '-', '+', 'COUNT', '0'), []);
  t.same(h.call('XRANGE', 's', '-', '+', 'COUNT'), { error: 'ERR syntax error' });
  t.same(h.call('XRANGE', 's', '-', '+', 'COUNT', 'x'), {
    error: 'ERR value is not an integer or out of range',
  });
});

t.test('ranges of other types are refused', async (t) => {
  const h = new Harness();
  h.call('SET', 'string', 'x');
  t.match(h.call('XRANGE', 'string', '-', '+'), { error: /^WRONGTYPE/ });
  t.match(h.call('XLEN', 'string'), { error: /^WRONGTYPE/ });
});
