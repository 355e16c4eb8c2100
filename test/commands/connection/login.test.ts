import t from 'tap';
import { FakeContext } from '../../support/fake-local-context.ts';

const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';

function withPassword(): FakeContext {
  const context = new FakeContext();
  context.node.password = 'pw';
  context.session.authenticated = false;
  return context;
}

t.test('AUTH without a password set is most likely a mistake', async (t) => {
  const context = new FakeContext();
  t.equal(
    context.wire('AUTH x'),
    '-ERR AUTH <password> called without any password configured for the default user. ' +
      'Are you sure your configuration is correct?\r\n',
  );
  t.equal(context.wire('AUTH default x'), '+OK\r\n');
  t.equal(context.wire('AUTH other x'), WRONGPASS);
  t.equal(context.wire('AUTH a b c'), '-ERR syntax error\r\n');
  t.equal(context.wire('AUTH'), "-ERR wrong number of arguments for 'auth' command\r\n");
});

t.test('AUTH logs in with the password alone or with the user', async (t) => {
  for (const line of ['AUTH pw', 'AUTH default pw']) {
    const context = withPassword();
    t.equal(context.wire('AUTH no'), WRONGPASS);
    t.equal(context.wire('AUTH default no'), WRONGPASS);
    t.equal(context.wire('AUTH other pw'), WRONGPASS);
    t.equal(context.session.authenticated, false);
    t.equal(context.wire(line), '+OK\r\n');
    t.equal(context.session.authenticated, true);
    t.equal(context.wire('AUTH no'), WRONGPASS);
    t.equal(context.session.authenticated, true, 'a failed attempt changes nothing');
  }
});

t.test('HELLO greets in the protocol chosen', async (t) => {
  const context = new FakeContext();
  const fields = (proto: number): string =>
    [
      `$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.4.0\r\n$5\r\nproto\r\n:${proto}\r\n`,
      '$2\r\nid\r\n:7\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n',
      '$7\r\nmodules\r\n*0\r\n',
    ].join('');
  t.equal(context.wire('HELLO'), `*14\r\n${fields(2)}`);
  t.equal(context.wire('HELLO 3'), `%7\r\n${fields(3)}`);
  t.equal(context.wire('HELLO'), `%7\r\n${fields(3)}`, 'no version keeps the protocol');
  t.equal(context.wire('hello 2'), `*14\r\n${fields(2)}`);
});

t.test('HELLO calls every node but the leader a replica', async (t) => {
  const context = new FakeContext();
  context.node.role = 'other';
  t.match(context.wire('HELLO'), '$4\r\nrole\r\n$7\r\nreplica\r\n');
});

t.test('HELLO logs in and names the connection', async (t) => {
  const context = withPassword();
  t.match(context.wire('HELLO 3 AUTH default pw SETNAME me'), '%7\r\n');
  t.equal(context.session.authenticated, true);
  t.equal(context.session.protocol, 3);
  t.equal(context.session.name, 'me');
});

t.test('HELLO that fails changes nothing', async (t) => {
  const context = withPassword();
  t.equal(context.wire('HELLO 3 AUTH default no SETNAME me'), WRONGPASS);
  t.match(context.wire('HELLO 3 SETNAME me'), '-NOAUTH HELLO must be called with the client');
  t.match(context.wire('HELLO'), '-NOAUTH ');
  t.equal(context.wire('HELLO 4'), '-NOPROTO unsupported protocol version\r\n');
  t.same({ ...context.session }, { ...new FakeContext().session, authenticated: false });
});

t.test('HELLO names the option it does not understand', async (t) => {
  const context = new FakeContext();
  const wrong = (option: string): string => `-ERR Syntax error in HELLO option '${option}'\r\n`;
  t.equal(context.wire('HELLO 3 foo'), wrong('foo'));
  t.equal(context.wire('HELLO 3 auth default'), wrong('auth'));
  t.equal(context.wire('HELLO 3 SETNAME'), wrong('SETNAME'));
  t.equal(context.wire('HELLO x'), '-ERR Protocol version is not an integer or out of range\r\n');
  t.equal(
    context.encode(context.call('HELLO', '3', 'SETNAME', 'a b')),
    '-ERR Client names cannot contain spaces, newlines or special characters.\r\n',
  );
  t.equal(context.session.protocol, 2);
});

t.test('QUIT closes the connection after its reply', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('QUIT'), '+OK\r\n');
  t.equal(context.session.closing, true);
});

t.test('RESET makes the connection new', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RESET'), '+RESET\r\n');
  t.equal(context.session.resets, 1);
  t.equal(context.wire('RESET x'), "-ERR wrong number of arguments for 'reset' command\r\n");
});

t.test('commands that come before a login are marked so', async (t) => {
  const { table } = new FakeContext();
  const open = table.list().filter((command) => command.flags.includes('no_auth'));
  t.same(open.map(({ name }) => name).sort(), ['auth', 'hello', 'quit', 'reset']);
});
