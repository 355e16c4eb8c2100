import t from 'tap';
import { Harness } from '../harness.ts';

function withStream(): Harness {
  const h = new Harness();
  for (const id of ['1', '2', '3']) h.call('XADD', 's', id, 'f', 'v');
  return h;
}

/** Last id, greatest id deleted, and how many were added. */
function state(h: Harness): unknown {
  const reply = h.call('XINFO', 'STREAM', 's');
  return Array.isArray(reply) ? [reply[7], reply[9], reply[11]] : reply;
}

function error(text: string): { error: string } {
  return { error: `ERR ${text}` };
}

t.test('XSETID sets the last id and what a stream remembers', async (t) => {
  const h = withStream();
  t.equal(h.call('XSETID', 's', '9-5'), 'OK');
  t.same(state(h), ['9-5', '0-0', 3]);
  h.call('XSETID', 's', '9-6', 'ENTRIESADDED', '50', 'maxdeletedid', '8');
  t.same(state(h), ['9-6', '8-0', 50]);
  t.equal(h.call('XADD', 's', '9-*', 'f', 'v'), '9-7');
});

t.test('XSETID does not go back behind what is there or was deleted', async (t) => {
  const h = withStream();
  t.same(
    h.call('XSETID', 's', '2'),
    error('The ID specified in XSETID is smaller than the target stream top item'),
  );
  h.call('XDEL', 's', '3');
  t.same(
    h.call('XSETID', 's', '2'),
    error('The ID specified in XSETID is smaller than current max_deleted_entry_id'),
  );
  t.same(
    h.call('XSETID', 's', '5', 'MAXDELETEDID', '6'),
    error('The ID specified in XSETID is smaller than the provided max_deleted_entry_id'),
  );
  t.same(
    h.call('XSETID', 's', '5', 'ENTRIESADDED', '1'),
    error('The entries_added specified in XSETID is smaller than the target stream length'),
  );
  t.same(state(h), ['3-0', '3-0', 3]);
});

t.test('XSETID needs a stream and options that make sense', async (t) => {
  const h = withStream();
  t.same(h.call('XSETID', 'none', '5'), error('no such key'));
  t.match(
    h.call('XSETID', 'none', 'x'),
    error('Invalid stream ID specified as stream command argument'),
  );
  t.same(
    h.call('XSETID', 'none', '5', 'ENTRIESADDED', '-1'),
    error('entries_added must be positive'),
  );
  t.same(h.call('XSETID', 'none', '5', 'FOO', '1'), error('syntax error'));
  t.same(h.call('XSETID', 'none', '5', 'ENTRIESADDED'), error('syntax error'));
});

t.test('a count of entries at the end of 64 bits stays there', async (t) => {
  const h = withStream();
  h.call('XSETID', 's', '5', 'ENTRIESADDED', '9223372036854775807');
  h.call('XADD', 's', '6', 'f', 'v');
  t.same(state(h), ['6-0', '0-0', 9223372036854775807n]);
});
