import t from 'tap';
import { Harness } from '../harness.ts';

const NO_STREAM = {
  error:
    'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use ' +
    'the MKSTREAM option to create an empty stream automatically.',
};

function wrongUse(name: string): { error: string } {
  return {
    error: `ERR unknown subcommand or wrong number of arguments for '${name}'. Try XGROUP HELP.`,
  };
}

function withStream(): Harness {
  const h = new Harness();
  for (const id of ['1', '2', '3']) h.call('XADD', 's', id, 'f', 'v');
  return h;
}

/** Last id, entries read and lag of the only group. */
function state(h: Harness): unknown {
  const reply = h.call('XINFO', 'GROUPS', 's');
  if (!Array.isArray(reply)) return reply;
  const [group] = reply;
  return [group[7], group[9], group[11]];
}

t.test('XGROUP CREATE begins a group behind an id or at the end', async (t) => {
  const h = withStream();
  t.equal(h.call('XGROUP', 'CREATE', 's', 'g', '2'), 'OK');
  t.same(state(h), ['2-0', null, null]);
  h.call('XGROUP', 'DESTROY', 's', 'g');
  h.call('XGROUP', 'CREATE', 's', 'g', '$');
  t.same(state(h), ['3-0', null, 0]);
  t.same(h.call('XGROUP', 'CREATE', 's', 'g', '0'), {
    error: 'BUSYGROUP Consumer Group name already exists',
  });
});

t.test('XGROUP CREATE MKSTREAM makes an empty stream', async (t) => {
  const h = new Harness();
  t.same(h.call('XGROUP', 'CREATE', 's', 'g', '$'), NO_STREAM);
  t.equal(h.call('XGROUP', 'CREATE', 's', 'g', '$', 'mkstream'), 'OK');
  t.equal(h.call('XLEN', 's'), 0);
  t.equal(h.call('TYPE', 's'), 'stream');
  t.match(h.call('XGROUP', 'CREATE', 'u', 'g', 'x', 'MKSTREAM'), {
    error: /^ERR Invalid stream ID/,
  });
  t.equal(h.call('EXISTS', 'u'), 0);
});

t.test('XGROUP CREATE and SETID take how many entries were read', async (t) => {
  const h = withStream();
  h.call('XGROUP', 'CREATE', 's', 'g', '2', 'ENTRIESREAD', '2');
  t.same(state(h), ['2-0', 2, 1]);
  h.call('XGROUP', 'SETID', 's', 'g', '1', 'ENTRIESREAD', '1');
  t.same(state(h), ['1-0', 1, 2]);
  h.call('XGROUP', 'SETID', 's', 'g', '1', 'ENTRIESREAD', '100');
  t.same(state(h), ['1-0', 3, 0]);
  h.call('XGROUP', 'SETID', 's', 'g', '$');
  t.same(state(h), ['3-0', null, 0]);
  h.call('XGROUP', 'SETID', 's', 'g', '-');
  t.same(state(h), ['0-0', null, 3]);
});

t.test('XGROUP checks options, then the key, then the id', async (t) => {
  const h = withStream();
  h.call('SET', 'string', 'x');
  const create = (...words: string[]) => h.call('XGROUP', 'Create', ...words);
  t.same(create('string', 'g', 'x', 'foo'), wrongUse('Create'));
  t.same(create('string', 'g', 'x', 'ENTRIESREAD'), wrongUse('Create'));
  t.same(create('string', 'g', 'x', 'ENTRIESREAD', '-2'), {
    error: 'ERR value for ENTRIESREAD must be positive or -1',
  });
  t.match(create('string', 'g', 'x'), { error: /^WRONGTYPE/ });
  t.same(create('none', 'g', 'x'), NO_STREAM);
  t.match(create('s', 'g', '-'), { error: /^ERR Invalid stream ID/ });
  t.same(create('s', 'g', '$', ...Array(4).fill('MKSTREAM')), wrongUse('Create'));
  t.same(h.call('XGROUP', 'SETID', 's', 'g', '0', 'MKSTREAM'), wrongUse('SETID'));
  t.same(h.call('XGROUP', 'SETID', 's', 'g', 'x'), {
    error: "NOGROUP No such consumer group 'g' for key name 's'",
  });
});

t.test('XGROUP CREATECONSUMER and DELCONSUMER say what they did', async (t) => {
  const h = withStream();
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  t.equal(h.call('XGROUP', 'CREATECONSUMER', 's', 'g', 'a'), 1);
  t.equal(h.call('XGROUP', 'CREATECONSUMER', 's', 'g', 'a'), 0);
  h.call('XREADGROUP', 'GROUP', 'g', 'a', 'COUNT', '2', 'STREAMS', 's', '>');
  t.equal(h.call('XGROUP', 'DELCONSUMER', 's', 'g', 'a'), 2);
  t.equal(h.call('XGROUP', 'DELCONSUMER', 's', 'g', 'a'), 0);
  t.match(h.call('XPENDING', 's', 'g'), [0]);
  t.match(h.call('XGROUP', 'DELCONSUMER', 's', 'none', 'a'), { error: /^NOGROUP/ });
  t.same(h.call('XGROUP', 'CREATECONSUMER', 'none', 'g', 'a'), NO_STREAM);
});

t.test('XGROUP DESTROY deletes a group', async (t) => {
  const h = withStream();
  h.call('XGROUP', 'CREATE', 's', 'g', '0');
  t.equal(h.call('XGROUP', 'DESTROY', 's', 'g'), 1);
  t.equal(h.call('XGROUP', 'DESTROY', 's', 'g'), 0);
  t.same(h.call('XINFO', 'GROUPS', 's'), []);
  t.same(h.call('XGROUP', 'DESTROY', 'none', 'g'), NO_STREAM);
});

t.test('a change of a group is one of the key', async (t) => {
  const h = withStream();
  const db = h.keyspace.database(0);
  const changes = [
    ['XGROUP', 'CREATE', 's', 'g', '0'],
    ['XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>'],
    ['XACK', 's', 'g', '1'],
    ['XCLAIM', 's', 'g', 'b', '0', '2'],
    ['XAUTOCLAIM', 's', 'g', 'a', '0', '0'],
    ['XGROUP', 'SETID', 's', 'g', '0'],
    ['XGROUP', 'CREATECONSUMER', 's', 'g', 'c'],
    ['XGROUP', 'DELCONSUMER', 's', 'g', 'c'],
    ['XGROUP', 'DESTROY', 's', 'g'],
  ];
  for (const words of changes) {
    const before = db.version('s');
    h.call(...words);
    t.ok(db.version('s') > before, words.join(' '));
  }
});
