import t from 'tap';
import { nodePaths } from '../../src/admin/paths.ts';
import { UsageError } from '../../src/admin/tools.ts';

t.test('the files of a node have the names that its server gives them', async (t) => {
  t.same(nodePaths('/data'), {
    log: '/data/redisraft.db',
    index: '/data/redisraft.db.idx',
    image: '/data/redisraft.db.image',
  });
  t.equal(nodePaths('data/', 'x').log, 'data/x');
  t.equal(nodePaths('/', 'x').log, '//x');
  t.equal(nodePaths('.', '/var/x').log, '/var/x');
});

t.test('a node that keeps nothing on disk has no files', async (t) => {
  t.throws(() => nodePaths('/data', ''), UsageError);
  t.throws(() => nodePaths(''), UsageError);
});
