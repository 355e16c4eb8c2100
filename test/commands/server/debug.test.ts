import t from 'tap';
import { asLogIndex, asMilliseconds, type Milliseconds } from '../../../src/base/ids.ts';
import { Keyspace } from '../../../src/keyspace/keyspace.ts';
import { ErrorReply } from '../../../src/resp/reply.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

const NOW: Milliseconds = asMilliseconds(1_700_000_000_000);

/** A node whose dataset has two strings in database 0. */
function filled(): FakeContext {
  const context = new FakeContext();
  const keyspace = new Keyspace();
  keyspace.advance(NOW, asLogIndex(1));
  keyspace.database(0).set('a', 'hello');
  keyspace.database(0).set('b', 'hello');
  keyspace.database(0).set('n', 12);
  context.node.keyspace = keyspace;
  return context;
}

function syntax(name: string): string {
  return `-ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.\r\n`;
}

t.test('DEBUG is refused where it is not allowed, HELP too', async (t) => {
  const context = new FakeContext();
  context.node.debugAllowed = false;
  for (const line of ['DEBUG HELP', 'DEBUG SLEEP 0', 'DEBUG foo', 'DEBUG SEGFAULT']) {
    t.equal(
      context.wire(line),
      '-ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can ' +
        'run it from a local connection, otherwise you need to set this option in the configuration ' +
        'file, and then restart the server.\r\n',
    );
  }
});

t.test('DEBUG checks the number of arguments of its sub-commands', async (t) => {
  const context = filled();
  t.equal(context.wire('DEBUG'), "-ERR wrong number of arguments for 'debug' command\r\n");
  t.equal(context.wire('DEBUG foo'), syntax('foo'));
  t.equal(context.wire('DEBUG sleep'), syntax('sleep'));
  t.equal(context.wire('DEBUG DIGEST x'), syntax('DIGEST'));
  t.equal(context.wire('DEBUG POPULATE'), syntax('POPULATE'));
  t.equal(context.wire('DEBUG POPULATE 1 a b c'), syntax('POPULATE'));
});

t.test('DEBUG HELP names every sub-command', async (t) => {
  const text = new FakeContext().wire('DEBUG HELP');
  for (const name of ['DIGEST-VALUE', 'POPULATE', 'RELOAD', 'SLEEP seconds', 'HELP']) {
    t.ok(text.includes(`+${name}`), name);
  }
});

t.test('DEBUG DIGEST-VALUE tells equal values from others', async (t) => {
  const context = filled();
  t.match(context.wire('DEBUG DIGEST'), /^\+[0-9a-f]{40}\r\n$/);
  const lines = context.wire('DEBUG DIGEST-VALUE a b n none').split('\r\n');
  t.equal(lines[0], '*4');
  t.equal(lines[1], lines[2]);
  t.not(lines[1], lines[3]);
  t.equal(lines[4], `+${'0'.repeat(40)}`);
  t.equal(context.wire('DEBUG DIGEST-VALUE'), '*0\r\n');
});

t.test('DEBUG OBJECT tells about a value', async (t) => {
  const context = filled();
  t.match(context.wire('DEBUG OBJECT a'), / encoding:embstr serializedlength:6 lru:0 lru_sec/);
  t.match(context.wire('DEBUG OBJECT n'), / encoding:int serializedlength:2 /);
  t.equal(context.wire('DEBUG OBJECT none'), '-ERR no such key\r\n');
});

t.test('DEBUG looks at the database that is selected', async (t) => {
  const context = filled();
  context.session.db = 1;
  t.equal(context.wire('DEBUG OBJECT a'), '-ERR no such key\r\n');
});

t.test('DEBUG RELOAD answers OK if every value comes back', async (t) => {
  t.equal(filled().wire('DEBUG RELOAD'), '+OK\r\n');
});

t.test('DEBUG about the dataset says why there is none', async (t) => {
  const context = new FakeContext();
  context.node.admin.state = new ErrorReply('NOCLUSTER No Raft Cluster');
  for (const line of ['DEBUG DIGEST', 'DEBUG RELOAD', 'DEBUG OBJECT a', 'DEBUG DIGEST-VALUE a']) {
    t.equal(context.wire(line), '-NOCLUSTER No Raft Cluster\r\n', line);
  }
});

t.test('DEBUG SLEEP holds up its own client, but not for ever', async (t) => {
  for (const [seconds, milliseconds] of [
    ['0.5', 500],
    ['0', 0],
    ['1000000', 60_000],
  ] as const) {
    const context = new FakeContext();
    t.equal(context.wire(`DEBUG SLEEP ${seconds}`), '(later)');
    const [planned] = context.node.later;
    t.equal(planned?.[0], milliseconds);
    t.same(context.later, []);
    planned?.[1]();
    t.equal(context.later.length, 1);
  }
  t.equal(
    new FakeContext().wire('DEBUG SLEEP x'),
    '-ERR value is not a valid number of seconds\r\n',
  );
});

t.test('DEBUG POPULATE goes through the log', async (t) => {
  const context = new FakeContext();
  context.wire('DEBUG POPULATE 5 p 10');
  t.same(context.logged, ['debug-populate 5 p 10']);
});

t.test('DEBUG STRINGMATCH-LEN matches patterns', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('DEBUG STRINGMATCH-LEN a* abc'), ':1\r\n');
  t.equal(context.wire('DEBUG stringmatch-len b* abc'), ':0\r\n');
});

t.test('DEBUG SET-ACTIVE-EXPIRE switches the deleting of what is due', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('DEBUG SET-ACTIVE-EXPIRE 0'), '+OK\r\n');
  t.equal(context.node.activeExpire, false);
  t.equal(context.wire('DEBUG SET-ACTIVE-EXPIRE 1'), '+OK\r\n');
  t.equal(context.node.activeExpire, true);
});

t.test('DEBUG ERROR answers with an error of choice', async (t) => {
  t.equal(new FakeContext().wire('DEBUG ERROR OOPS'), '-OOPS\r\n');
});

t.test('DEBUG refuses what would harm the node, with the reason', async (t) => {
  const context = new FakeContext();
  for (const name of ['SEGFAULT', 'panic', 'JMAP', 'RESTART', 'OOM', 'LOADAOF']) {
    t.match(context.wire(`DEBUG ${name}`), /^-ERR DEBUG [A-Z]+ is refused: \w/, name);
  }
});
