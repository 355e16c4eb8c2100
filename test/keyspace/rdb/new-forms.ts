import { ListpackWriter } from '../../../src/keyspace/rdb/listpack-writer.ts';
import type { Item } from './old-forms.ts';

/** A listpack, the packed sequence of Redis since 7.0: integers as such, texts as what they spell. */
export function listpackOf(items: readonly Item[]): Buffer {
  const writer = new ListpackWriter();
  for (const item of items) {
    const bytes = Buffer.from(String(item), 'latin1');
    if (typeof item === 'string') writer.text(bytes, 0, bytes.length);
    else writer.integer(item);
  }
  return Buffer.from(writer.finish());
}
