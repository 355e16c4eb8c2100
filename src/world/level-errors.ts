/** What the system says in LevelDB's messages, and the name of that error. */
const SYSTEM_TEXTS: readonly (readonly [text: string, code: string])[] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Input/output error', 'EIO'],
  ['Read-only file system', 'EROFS'],
  ['Permission denied', 'EACCES'],
  ['Too many open files', 'EMFILE'],
  ['File too large', 'EFBIG'],
];

/**
 * An image store that failed. `code` is that of the system (`ENOSPC`, `EIO` …), `CORRUPT` if the
 * files are not what was written, `LOCKED` if somebody has the store open, or empty.
 */
export class ImageStoreError extends Error {
  override readonly name = 'ImageStoreError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** The same error in words for a person; `path` is the folder of the store. */
export function imageStoreError(path: string, thrown: unknown): ImageStoreError {
  if (thrown instanceof ImageStoreError) return thrown;
  const error = innermost(thrown);
  const code = codeOf(error);
  const what = error instanceof Error ? error.message : String(error);
  if (code === 'LOCKED') {
    const message = `the image store in ${path} is in use, by another process or by this one (${what})`;
    return new ImageStoreError(code, message, thrown);
  }
  const damaged = code === 'CORRUPT' ? 'is damaged' : 'failed';
  return new ImageStoreError(code, `the image store in ${path} ${damaged}: ${what}`, thrown);
}

/** What an error was caused by in the end: the reason stands there, not in what wraps it. */
function innermost(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof Error && error.cause !== undefined) error = error.cause;
  return error;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'LEVEL_LOCKED') return 'LOCKED';
  if (code === 'LEVEL_CORRUPTION') return 'CORRUPT';
  if (code !== '' && !code.startsWith('LEVEL_')) return code;
  // A file that LevelDB counts on is gone: it opens none that it does not know of.
  if (error.message.includes('No such file or directory')) return 'CORRUPT';
  return SYSTEM_TEXTS.find(([text]) => error.message.includes(text))?.[1] ?? '';
}
