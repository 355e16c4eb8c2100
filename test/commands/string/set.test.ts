import t from 'tap';
import { FakeCollection } from '../../keyspace/fake-collection.ts';
import { Harness } from '../harness.ts';

const SYNTAX = { error: 'ERR syntax error' };
const WRONG_TYPE = {
  error: 'WRONGTYPE Operation against a key holding the wrong kind of value',
};

t.test('SET sets a value that GET returns', async (t) => {
  const { call } = bound();
  t.equal(call('SET', 'k', 'Hello'), 'OK');
  t.equal(call('GET', 'k'), 'Hello');
  t.equal(call('set', 'k', ''), 'OK');
  t.equal(call('GET', 'k'), '');
});

t.test('SET holds bytes as they are, short and long', async (t) => {
  const { call } = bound();
  const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
  for (const value of [bytes, bytes.repeat(100), '007', '-0', '9223372036854775808', '12']) {
    call('SET', bytes, value);
    t.equal(call('GET', bytes), value);
  }
});

t.test('SET NX sets an absent key only, SET XX a present one only', async (t) => {
  const { call } = bound();
  t.equal(call('SET', 'k', '1', 'XX'), null);
  t.equal(call('EXISTS', 'k'), 0);
  t.equal(call('SET', 'k', '1', 'nx'), 'OK');
  t.equal(call('SET', 'k', '2', 'NX'), null);
  t.equal(call('GET', 'k'), '1');
  t.equal(call('SET', 'k', '3', 'xx'), 'OK');
  t.equal(call('GET', 'k'), '3');
});

t.test('SET GET returns the old value whether or not it sets the new one', async (t) => {
  const { call } = bound();
  t.equal(call('SET', 'k', '1', 'GET'), null);
  t.equal(call('SET', 'k', '2', 'GET'), '1');
  t.equal(call('SET', 'k', '3', 'NX', 'GET'), '2');
  t.equal(call('GET', 'k'), '2');
  t.equal(call('SET', 'other', '3', 'XX', 'GET'), null);
  t.equal(call('EXISTS', 'other'), 0);
});

t.test('SET takes times to live in four units', async (t) => {
  const { harness, call } = bound();
  const now = harness.now;
  call('SET', 'k', 'v', 'EX', '10');
  t.equal(call('PEXPIRETIME', 'k'), now + 10_000);
  call('SET', 'k', 'v', 'PX', '10');
  t.equal(call('PEXPIRETIME', 'k'), now + 10);
  call('SET', 'k', 'v', 'EXAT', '4000000000');
  t.equal(call('PEXPIRETIME', 'k'), 4_000_000_000_000);
  call('SET', 'k', 'v', 'PXAT', '4000000000001');
  t.equal(call('PEXPIRETIME', 'k'), 4_000_000_000_001);
  call('SET', 'k', 'v', 'EX', '10', 'EX', '20');
  t.equal(call('TTL', 'k'), 20, 'the last of the same unit counts');
});

t.test('SET takes the time to live away unless KEEPTTL is given', async (t) => {
  const { call } = bound();
  call('SET', 'k', '1', 'EX', '10');
  call('SET', 'k', '2', 'KEEPTTL');
  t.equal(call('TTL', 'k'), 10);
  call('SET', 'k', '3');
  t.equal(call('TTL', 'k'), -1);
});

t.test('SET with a time in the past makes a key that is gone', async (t) => {
  const { harness, call } = bound();
  t.equal(call('SET', 'k', 'v', 'PXAT', '1'), 'OK');
  t.equal(call('GET', 'k'), null);
  harness.pass(1);
  t.equal(call('DBSIZE'), 0);
  t.equal(harness.keyspace.expired, 1);
});

t.test('SET on an expired key finds it absent', async (t) => {
  const { harness, call } = bound();
  call('SET', 'k', '1', 'PX', '10');
  harness.pass(10);
  t.equal(call('SET', 'k', '2', 'XX'), null);
  t.equal(call('SET', 'k', '2', 'NX', 'GET'), null);
  t.equal(call('GET', 'k'), '2');
  t.equal(call('TTL', 'k'), -1);
});

t.test('SET refuses options that do not go together', async (t) => {
  const { call } = bound();
  const wrong = [
    'NX XX',
    'EX 10 PX 10',
    'EX 10 KEEPTTL',
    'KEEPTTL EX 10',
    'EX',
    'PERSIST',
    'foo',
    'EX 10 foo',
  ];
  for (const options of wrong)
    t.same(call('SET', 'k', 'v', ...options.split(' ')), SYNTAX, options);
  t.equal(call('EXISTS', 'k'), 0);
});

t.test('SET refuses times that are no positive integers of 64 bits', async (t) => {
  const { call } = bound();
  const invalid = { error: "ERR invalid expire time in 'set' command" };
  const integer = { error: 'ERR value is not an integer or out of range' };
  t.same(call('SET', 'k', 'v', 'EX', '0'), invalid);
  t.same(call('SET', 'k', 'v', 'PXAT', '-5'), invalid);
  t.same(call('SET', 'k', 'v', 'EX', '9223372036854775807'), invalid);
  t.same(call('SET', 'k', 'v', 'PX', '9223372036854775807'), invalid);
  t.same(call('SET', 'k', 'v', 'EX', '9223372036854775808'), integer);
  t.same(call('SET', 'k', 'v', 'EX', '1.5'), integer);
});

t.test('SET overwrites other types, but SET GET does not', async (t) => {
  const { harness, call } = bound();
  harness.keyspace.database(0).set('list', new FakeCollection(['a']));
  t.same(call('SET', 'list', 'v', 'GET'), WRONG_TYPE);
  t.same(call('GETSET', 'list', 'v'), WRONG_TYPE);
  t.equal(call('SETNX', 'list', 'v'), 0);
  t.equal(call('SET', 'list', 'v', 'XX'), 'OK');
  t.equal(call('TYPE', 'list'), 'string');
});

t.test('SETEX and PSETEX set a value with a time to live', async (t) => {
  const { call } = bound();
  t.equal(call('SETEX', 'k', '10', 'Hello'), 'OK');
  t.equal(call('TTL', 'k'), 10);
  t.equal(call('PSETEX', 'k', '1000', 'Hello'), 'OK');
  t.equal(call('PTTL', 'k'), 1000);
  t.equal(call('GET', 'k'), 'Hello');
  t.same(call('SETEX', 'k', '0', 'v'), { error: "ERR invalid expire time in 'setex' command" });
  t.same(call('PSETEX', 'k', '-1', 'v'), { error: "ERR invalid expire time in 'psetex' command" });
});

t.test('SETNX tells by 1 and 0 whether it set the key', async (t) => {
  const { call } = bound();
  t.equal(call('SETNX', 'k', 'Hello'), 1);
  t.equal(call('SETNX', 'k', 'World'), 0);
  t.equal(call('GET', 'k'), 'Hello');
});

t.test('GETSET returns the old value and takes the time to live away', async (t) => {
  const { call } = bound();
  t.equal(call('GETSET', 'k', 'Hello'), null);
  call('EXPIRE', 'k', '10');
  t.equal(call('GETSET', 'k', 'World'), 'Hello');
  t.equal(call('TTL', 'k'), -1);
});

function bound(): { harness: Harness; call: Harness['call'] } {
  const harness = new Harness();
  return { harness, call: (...words) => harness.call(...words) };
}
