import t from 'tap';
import { ErrorReply, OK } from '../../../src/resp/reply.ts';
import { FakeContext } from '../../support/fake-local-context.ts';

const ARITY = "-ERR wrong number of arguments for 'raft.backup' command\r\n";
const BAD_SIZE = '-ERR max-bytes must be a whole number above 0\r\n';

t.test('RAFT.BACKUP begins, goes on and ends for its connection', async (t) => {
  const context = new FakeContext();
  t.equal(context.wire('RAFT.BACKUP BEGIN'), '(later)');
  t.equal(context.wire('raft.backup next'), '(later)');
  t.equal(context.wire('RAFT.BACKUP NEXT 1000'), '(later)');
  t.equal(context.wire('RAFT.BACKUP e'), '+OK\r\n');
  t.same(context.later, [OK, null, null]);
  t.same(context.node.saving.backups.calls, [
    'begin 7',
    `next 7 ${Number.MAX_SAFE_INTEGER}`,
    'next 7 1000',
    'end 7',
  ]);
});

t.test('RAFT.BACKUP checks what it is given', async (t) => {
  const context = new FakeContext();
  for (const line of ['', ' BEGIN x', ' NEXT 1 2', ' END x']) {
    t.equal(context.wire(`RAFT.BACKUP${line}`), ARITY, line);
  }
  for (const size of ['0', '-1', 'x', '1.5']) {
    t.equal(context.wire(`RAFT.BACKUP NEXT ${size}`), BAD_SIZE, size);
  }
  t.equal(context.wire('RAFT.BACKUP foo'), '-ERR RAFT.BACKUP supports BEGIN / NEXT / END only\r\n');
  t.same(context.node.saving.backups.calls, []);
});

t.test('RAFT.BACKUP BEGIN needs a node with data', async (t) => {
  const context = new FakeContext();
  context.node.admin.state = new ErrorReply('LOADING Raft module is loading data');
  t.equal(context.wire('RAFT.BACKUP BEGIN'), '-LOADING Raft module is loading data\r\n');
  t.equal(context.wire('RAFT.BACKUP BEGIN x'), ARITY, 'what is wrong with it comes first');
  t.same(context.node.saving.backups.calls, []);
});
