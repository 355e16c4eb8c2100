import t from 'tap';
import { inspectLog, tornTail } from '../../raftlog/inspect.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { appendNow, closeNow, newLog, PATH } from './log-fixture.ts';

function sample(): FaultyFiles {
  const files = new FaultyFiles();
  const log = newLog(files);
  appendNow(files, log, { term: 1, texts: ['one', 'two'] });
  appendNow(files, log, { term: 1, first: 3, texts: ['three'] });
  closeNow(files, log);
  return files;
}

t.test('a sound log is described, and the index beside it', async (t) => {
  inspectLog(sample(), PATH, (inspection) => {
    const { error, log, found } = inspection;
    t.equal(error, null);
    t.equal(log?.scan.table.last, 3);
    t.equal(log?.header.clusterId, 'cluster-1');
    t.equal(log?.index, 'complete');
    t.equal(found.row.label, 'R7');
    t.equal(tornTail(inspection), null);
  });
});

t.test('a damaged log is described as far as it can be read', async (t) => {
  const files = sample();
  const bytes = files.bytes(PATH);
  const at = bytes.indexOf('two');
  bytes[at] = 0;
  files.put(PATH, bytes);
  inspectLog(files, PATH, ({ error, log }) => {
    t.match(error, { code: 'RAFTLOG_CORRUPT', index: 2, file: PATH });
    t.equal(log?.scan.table.last, 0, 'a batch counts whole or not at all');
  });
  files.put(PATH, Buffer.from('something else'));
  inspectLog(files, PATH, ({ error, log }) => {
    t.match(error, { code: 'RAFTLOG_HEADER' });
    t.equal(log, null);
  });
});

t.test('a torn end is told of, and an index that is of no use', async (t) => {
  const files = sample();
  files.put(PATH, Buffer.concat([files.bytes(PATH), Buffer.from('torn')]));
  files.put(`${PATH}.idx`, Buffer.from('torn'));
  inspectLog(files, PATH, (inspection) => {
    t.equal(inspection.error, null);
    t.match(tornTail(inspection), /4 bytes from offset \d+ will be cut at the next start/);
    t.equal(inspection.log?.index, 'damaged or of another log');
  });
  files.remove(`${PATH}.idx`);
  t.equal(
    inspectLog(files, PATH, ({ log }) => log?.index),
    'absent',
  );
});
