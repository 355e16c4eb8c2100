import t from 'tap';
import { ImageStoreError, imageStoreError } from '../../src/world/level-errors.ts';

function levelError(code: string, message: string): Error {
  const cause = Object.assign(new Error(message), { code });
  return Object.assign(new Error('Database failed to open', { cause }), {
    code: 'LEVEL_DATABASE_NOT_OPEN',
  });
}

t.test('errors of LevelDB get the code of what caused them', async (t) => {
  const cases: readonly (readonly [code: string, message: string, expected: string])[] = [
    ['LEVEL_IO_ERROR', 'IO error: /d/000005.log: No space left on device', 'ENOSPC'],
    ['LEVEL_IO_ERROR', 'IO error: /d/000005.ldb: Input/output error', 'EIO'],
    ['LEVEL_IO_ERROR', 'IO error: /d/LOG: Read-only file system', 'EROFS'],
    ['LEVEL_IO_ERROR', 'IO error: /d/MANIFEST-000004: No such file or directory', 'CORRUPT'],
    ['LEVEL_IO_ERROR', 'IO error: /d/000005.ldb: something new', ''],
    ['LEVEL_CORRUPTION', 'Corruption: bad block contents', 'CORRUPT'],
    ['LEVEL_LOCKED', 'IO error: lock /d/LOCK: Resource temporarily unavailable', 'LOCKED'],
    ['ENOSPC', 'ENOSPC: no space left on device, mkdir', 'ENOSPC'],
  ];
  for (const [code, message, expected] of cases) {
    const error = imageStoreError('/d', levelError(code, message));
    t.equal(error.code, expected, message);
    t.ok(error.message.includes('/d') && error.message.includes(message), error.message);
  }
});

t.test('an error that is in words already stays', async (t) => {
  const error = new ImageStoreError('CORRUPT', 'said');
  t.equal(imageStoreError('/d', error), error);
  t.equal(
    imageStoreError('/d', 'no error at all').message,
    'the image store in /d failed: no error at all',
  );
});
