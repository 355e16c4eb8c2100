import t from 'tap';
import { keySlot } from '../../src/commands/key-slot.ts';

function slot(key: string): number {
  const bytes = Buffer.from(`xx${key}yy`, 'latin1');
  return keySlot(bytes, 2, bytes.length - 2);
}

t.test('slots are those of Redis Cluster', async (t) => {
  t.equal(slot('123456789'), 0x31c3);
  t.equal(slot('foo'), 12182);
  t.equal(slot('bar'), 5061);
  t.equal(slot(''), 0);
  t.equal(slot('user:1000'), 1649);
});

t.test('a hash tag decides if it is not empty', async (t) => {
  t.equal(slot('{foo}bar'), slot('foo'));
  t.equal(slot('a{foo}'), slot('foo'));
  t.equal(slot('{foo}{bar}'), slot('foo'));
  t.equal(slot('foo{{bar}}zap'), slot('{bar'));
  t.not(slot('{}foo'), slot('foo'));
  t.not(slot('{foo'), slot('foo'));
  t.not(slot('foo}'), slot('foo'));
});
