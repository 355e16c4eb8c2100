import t from 'tap';
import { FakeContext } from '../../support/fake-local-context.ts';

t.test('SELECT chooses a database', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('SELECT 15'), '+OK\r\n');
  t.equal(context.session.db, 15);
});

t.test('SELECT refuses what is no database and stays where it is', async (t) => {
  const context = new FakeContext();
  context.wire('SELECT 3');
  t.equal(context.wire('SELECT 16'), '-ERR DB index is out of range\r\n');
  t.equal(context.wire('SELECT -1'), '-ERR DB index is out of range\r\n');
  t.equal(context.wire('SELECT x'), '-ERR value is not an integer or out of range\r\n');
  t.equal(
    context.wire('SELECT 2147483648'),
    '-ERR value is out of range, value must between -2147483648 and 2147483647\r\n',
  );
  t.equal(context.session.db, 3);
});

t.test('READONLY, READWRITE and ASKING are always granted', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('READONLY'), '+OK\r\n');
  t.equal(context.session.readOnly, true);
  t.equal(context.wire('READWRITE'), '+OK\r\n');
  t.equal(context.session.readOnly, false);
  t.equal(context.wire('ASKING'), '+OK\r\n');
});
