import t from 'tap';
import { ListpackReader, readListpack } from '../../../src/keyspace/rdb/listpack.ts';
import { ListpackWriter } from '../../../src/keyspace/rdb/listpack-writer.ts';
import { Allowance, Malformed } from '../../../src/keyspace/rdb/malformed.ts';

function read(bytes: Buffer): string[] {
  return readListpack(bytes, new Allowance());
}

function listpack(elements: readonly (string | number | bigint)[]): Buffer {
  const writer = new ListpackWriter();
  for (const element of elements) {
    const bytes = Buffer.from(String(element), 'latin1');
    if (typeof element === 'string') writer.text(bytes, 0, bytes.length);
    else writer.integer(element);
  }
  return writer.finish();
}
