import t from 'tap';
import { FakeContext } from '../../support/fake-local-context.ts';

t.test('PING answers PONG or its message', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('PING'), '+PONG\r\n');
  t.equal(context.wire('ping hi'), '$2\r\nhi\r\n');
  t.equal(context.wire('PING a b'), "-ERR wrong number of arguments for 'ping' command\r\n");
});

t.test('PING answers bytes as they are, and none', async (t) => {
  const context = new FakeContext();
  t.equal(context.encode(context.call('PING', '\xff\0\r\n')), '$4\r\n\xff\0\r\n\r\n');
  t.equal(context.encode(context.call('PING', '')), '$0\r\n\r\n');
});

t.test('ECHO answers its message', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('ECHO hello'), '$5\r\nhello\r\n');
  t.equal(context.wire('ECHO'), "-ERR wrong number of arguments for 'echo' command\r\n");
});
