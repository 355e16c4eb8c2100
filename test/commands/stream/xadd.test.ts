import t from 'tap';
import { asMilliseconds } from '../../../src/base/ids.ts';
import { Harness } from '../harness.ts';

const SMALL = {
  error: 'ERR The ID specified in XADD is equal or smaller than the target stream top item',
};
const INVALID = { error: 'ERR Invalid stream ID specified as stream command argument' };
const ARITY = { error: "ERR wrong number of arguments for 'xadd' command" };

t.test('XADD * takes the time in whole milliseconds, never below the last id', async (t) => {
  const h = new Harness();
  h.now = asMilliseconds(1_700_000_000_000.75);
  t.equal(h.call('XADD', 's', '*', 'f', 'v'), '1700000000000-0');
  t.equal(h.call('XADD', 's', '*', 'f', 'v'), '1700000000000-1');
  h.now = asMilliseconds(1_700_000_000_003);
  t.equal(h.call('XADD', 's', '*', 'f', 'v'), '1700000000003-0');
  t.equal(h.call('XADD', 's', '1800000000000-7', 'f', 'v'), '1800000000000-7');
  t.equal(h.call('XADD', 's', '*', 'f', 'v'), '1800000000000-8');
});

t.test(
  'XADD takes ids that are given whole, in part, or with their number left open',
  async (t) => {
    const h = new Harness();
    t.equal(h.call('XADD', 's', '5', 'f', 'v'), '5-0');
    t.equal(h.call('XADD', 's', '5-3', 'f', 'v'), '5-3');
    t.equal(h.call('XADD', 's', '5-*', 'f', 'v'), '5-4');
    t.equal(h.call('XADD', 's', '6-*', 'f', 'v'), '6-0');
    t.same(h.call('XADD', 's', '5-*', 'f', 'v'), SMALL);
    t.same(h.call('XADD', 's', '6-0', 'f', 'v'), SMALL);
    t.equal(h.call('XADD', 't', '0-*', 'f', 'v'), '0-1');
  },
);

t.test('XADD refuses ids that are none', async (t) => {
  const h = new Harness();
  for (const id of ['x', '-', '+', '1-', '-1', '1-x', '1-*x', '*-1', '18446744073709551616', '']) {
    t.same(h.call('XADD', 's', id, 'f', 'v'), INVALID, id);
  }
  t.same(h.call('XADD', 's', '0-0', 'f', 'v'), {
    error: 'ERR The ID specified in XADD must be greater than 0-0',
  });
  t.equal(h.call('EXISTS', 's'), 0);
});

t.test('XADD stops at the end of all ids', async (t) => {
  const h = new Harness();
  h.call('XADD', 's', '18446744073709551615-18446744073709551614', 'f', 'v');
  t.equal(h.call('XADD', 's', '*', 'f', 'v'), '18446744073709551615-18446744073709551615');
  t.same(h.call('XADD', 's', '*', 'f', 'v'), {
    error: 'ERR The stream has exhausted the last possible ID, unable to add more items',
  });
  h.call('XADD', 't', '7-18446744073709551615', 'f', 'v');
  t.same(h.call('XADD', 't', '7-*', 'f', 'v'), SMALL);
});

t.test('XADD needs an id and pairs', async (t) => {
  const h = new Harness();
  t.same(h.call('XADD', 's', '*', 'f', 'v', 'g'), ARITY);
  t.same(h.call('XADD', 's', 'NOMKSTREAM', '*', 'f'), ARITY);
  t.same(h.call('XADD', 's', 'MAXLEN', '5', '*'), ARITY);
  t.same(h.call('XADD', 's', 'MAXLEN', '5', 'NOMKSTREAM'), ARITY);
});

t.test('XADD NOMKSTREAM adds only to a stream that is there', async (t) => {
  const h = new Harness();
  t.equal(h.call('XADD', 's', 'NOMKSTREAM', '1', 'f', 'v'), null);
  t.equal(h.call('EXISTS', 's'), 0);
  h.call('XADD', 's', '1', 'f', 'v');
  t.equal(h.call('XADD', 's', 'nomkstream', '2', 'f', 'v'), '2-0');
});

t.test('XADD trims to a length or an id', async (t) => {
  const h = new Harness();
  for (let i = 1; i <= 5; i++) h.call('XADD', 's', `${i}`, 'f', 'v');
  h.call('XADD', 's', 'MAXLEN', '=', '3', '6', 'f', 'v');
  t.equal(h.call('XLEN', 's'), 3);
  h.call('XADD', 's', 'MINID', '6', '7', 'f', 'v');
  t.same(h.call('XRANGE', 's', '-', '+'), [
    ['6-0', ['f', 'v']],
    ['7-0', ['f', 'v']],
  ]);
  t.equal(h.call('XADD', 's', 'MAXLEN', '0', '8', 'f', 'v'), '8-0');
  t.equal(h.call('XLEN', 's'), 0);
  t.equal(h.call('EXISTS', 's'), 1);
});

t.test('XADD keeps names and values of any bytes and any length', async (t) => {
  const h = new Harness();
  const parts = ['', '\x00\r\n\xff', 'f', 'x'.repeat(100_000), 'f', '12'];
  h.call('XADD', 's', '1', ...parts);
  t.same(h.call('XRANGE', 's', '-', '+'), [['1-0', parts]]);
});

t.test('XADD of other types is refused, and counts as a change of a stream', async (t) => {
  const h = new Harness();
  h.call('SET', 'string', 'x');
  t.match(h.call('XADD', 'string', '1', 'f', 'v'), { error: /^WRONGTYPE/ });
  h.call('XADD', 's', '1', 'f', 'v');
  h.call('EXPIRE', 's', '10');
  const db = h.keyspace.database(0);
  const version = db.version('s');
  h.call('XADD', 's', '2', 'f', 'v');
  t.ok(db.version('s') > version);
  t.equal(h.call('TTL', 's'), 10);
  t.equal(h.call('OBJECT', 'ENCODING', 's'), 'stream');
  t.equal(h.call('TYPE', 's'), 'stream');
});
