import t from 'tap';
import { Harness } from '../harness.ts';

t.test('PFSELFTEST finds nothing wrong', async (t) => {
  t.equal(new Harness().call('PFSELFTEST'), 'OK');
});
