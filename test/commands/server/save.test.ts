import t from 'tap';
import { ErrorReply, OK } from '../../../src/resp/reply.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

const NO_CLUSTER = 'NOCLUSTER No Raft Cluster';
const RUNNING = '-ERR Background save already in progress\r\n';

t.test('SAVE answers when the checkpoint is made', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('SAVE'), '(later)');
  t.same(context.later, []);
  context.node.saving.end(null);
  t.same(context.later, [OK]);
  t.same(context.node.saving.calls, ['save']);
});

t.test('SAVE answers why there is no checkpoint', async (t) => {
  const context = new FakeContext();
  context.wire('SAVE');
  context.node.saving.end('ENOSPC: no space left on device');
  t.same(context.later, [new ErrorReply('ERR ENOSPC: no space left on device')]);
});

t.test('SAVE has saved when there is nothing new', async (t) => {
  const context = new FakeContext();
  context.node.saving.outcome = 'nothing';
  t.equal(context.wire('SAVE'), '+OK\r\n');
});

t.test('SAVE is refused while the dataset is being replaced', async (t) => {
  const context = new FakeContext();
  context.node.saving.outcome = 'blocked';
  t.match(context.wire('SAVE'), /^-ERR cannot save now: /);
  t.match(context.wire('BGSAVE'), /^-ERR cannot save now: /);
  t.equal(context.wire('BGSAVE SCHEDULE'), '+Background saving scheduled\r\n');
});

t.test('BGSAVE answers at once', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('BGSAVE'), '+Background saving started\r\n');
  context.node.saving.end('no space');
  t.same(context.later, [], 'how it ends it does not tell');
  context.node.saving.outcome = 'nothing';
  t.equal(context.wire('BGSAVE'), '+Background saving started\r\n');
});

t.test('BGSAVE SCHEDULE tells whether it has begun', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('BGSAVE schedule'), '+Background saving started\r\n');
  context.node.saving.end(null);
  context.node.saving.outcome = 'later';
  t.equal(context.wire('BGSAVE SCHEDULE'), '+Background saving scheduled\r\n');
  context.node.saving.end(null);
  t.equal(context.wire('BGSAVE'), '+Background saving started\r\n');
});

t.test('SAVE and BGSAVE refuse a second one at a time', async (t) => {
  const context = new FakeContext();
  context.wire('BGSAVE');
  t.equal(context.wire('SAVE'), RUNNING);
  t.equal(context.wire('BGSAVE'), RUNNING);
  t.equal(context.wire('BGSAVE SCHEDULE'), RUNNING);
  t.same(context.node.saving.calls, ['save']);
});

t.test('SAVE and BGSAVE need a dataset', async (t) => {
  const context = new FakeContext();
  context.node.admin.state = new ErrorReply(NO_CLUSTER);
  t.equal(context.wire('SAVE'), `-${NO_CLUSTER}\r\n`);
  t.equal(context.wire('BGSAVE'), `-${NO_CLUSTER}\r\n`);
  t.equal(context.wire('LASTSAVE'), ':1700000000\r\n');
});

t.test('SAVE, BGSAVE and LASTSAVE count their arguments', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('SAVE x'), "-ERR wrong number of arguments for 'save' command\r\n");
  t.equal(context.wire('LASTSAVE x'), "-ERR wrong number of arguments for 'lastsave' command\r\n");
  t.equal(context.wire('BGSAVE x'), '-ERR syntax error\r\n');
  t.equal(context.wire('BGSAVE SCHEDULE x'), '-ERR syntax error\r\n');
  t.same(context.node.saving.calls, []);
});
