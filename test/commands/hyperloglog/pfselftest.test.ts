import t from 'tap';
import { selfTest } from '../../../src/commands/hyperloglog/pfselftest.ts';
import { OK } from '../../../src/resp/reply.ts';

t.test('PFSELFTEST finds nothing wrong', async (t) => {
  t.equal(selfTest(), OK);
});
