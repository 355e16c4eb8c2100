import t from 'tap';
import { checkBackup } from '../../src/admin/backup-reader.ts';
import { BackupWriter } from '../../src/admin/backup-writer.ts';
import { joinEntries } from '../../src/replica/image/transfer-frames.ts';
import { NODE_ID, type Sample, sample } from '../support/admin-fixture.ts';
import { FaultyFiles } from '../support/faulty-files.ts';

const PATH = '/backups/file';
let made: Sample;

t.before(async () => {
  made = await sample();
});

/** Writes a backup; false if that fails, and then it was taken away if that could be done. */
function write(files: FaultyFiles): boolean {
  let writer: BackupWriter | null = null;
  try {
    writer = new BackupWriter(files, PATH, { nodeId: NODE_ID, stored: made.stored });
    const { entries } = made;
    for (let at = 0; at < entries.length; at += 20) {
      const some = entries.slice(at, at + 20);
      writer.add(some.length, joinEntries(some));
    }
    writer.finish();
    return true;
  } catch {
    writer?.abort();
    return false;
  }
}

t.test('what is written can be read', async (t) => {
  const files = new FaultyFiles();
  t.equal(write(files), true);
  t.same(checkBackup(files, PATH, () => {}).damages, []);
  t.same(files.list('/backups'), ['file']);
});

t.test('after a power cut there is a whole backup of that name, or none', async (t) => {
  for (let changes = 0, isDone = false; !isDone; changes++) {
    const files = new FaultyFiles();
    files.stopAfter(changes);
    isDone = write(files);
    for (const fate of ['kept', 'lost'] as const) {
      const after = files.afterPowerCut(() => fate);
      const isThere = after.exists(PATH);
      if (isThere) t.same(checkBackup(after, PATH, () => {}).damages, [], `${changes} ${fate}`);
      else t.equal(isDone, false, `${changes} ${fate}`);
    }
  }
});

t.test('after a failure nothing is left', async (t) => {
  for (const fail of ['failWrite', 'failSync', 'failRename'] as const) {
    const files = new FaultyFiles();
    files[fail] = new Error('the disk is gone');
    t.equal(write(files), false);
    t.same(files.list('/backups'), [], fail);
  }
});

t.test('the backup that was there stays until the new one is whole', async (t) => {
  const files = new FaultyFiles();
  files.put(PATH, Buffer.from('the old one'));
  files.failSync = new Error('the disk is gone');
  t.equal(write(files), false);
  t.equal(files.bytes(PATH).toString(), 'the old one');
  files.failSync = null;
  t.equal(write(files), true);
  t.same(checkBackup(files, PATH, () => {}).damages, []);
});
