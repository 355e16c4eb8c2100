import { type Milliseconds, NO_INDEX } from '../../base/ids.ts';
import { digest } from '../../keyspace/digest.ts';
import { Keyspace } from '../../keyspace/keyspace.ts';
import { buildValue } from '../../keyspace/rdb/build.ts';
import { dumpValue, hasGoodFooter, readDump } from '../../keyspace/rdb/dump.ts';
import { encodingOf, typeName, type Value } from '../../keyspace/value.ts';

/** Bytes of a payload that are not the value: its type, the version, the checksum. */
const PAYLOAD_BYTES = 11;

/** Digests of values alone: what a keyspace comes to that holds one of them under an empty name. */
export class ValueDigest {
  readonly #keyspace: Keyspace = new Keyspace(1);

  /** `clock`: the logical clock, by which fields are gone or not. */
  constructor(clock: Milliseconds) {
    this.#keyspace.advance(clock, NO_INDEX);
  }

  /** 40 hexadecimal digits. */
  of(value: Value): string {
    const db = this.#keyspace.database(0);
    db.restore('', { value, deadline: undefined, version: NO_INDEX });
    const text = digest(this.#keyspace);
    db.clear();
    return text;
  }
}

/** One line about a key, in the words that Redis's tools look for. A value has no address here. */
export function describe(value: Value, idleSeconds: number): string {
  const payload = dumpValue(value);
  const length = payload === undefined ? 0 : payload.length - PAYLOAD_BYTES;
  return (
    `Value at:0x000000000000 refcount:1 encoding:${encodingOf(value)} ` +
    `serializedlength:${length} lru:0 lru_seconds_idle:${idleSeconds}`
  );
}

/** Saves and restores a copy of every value. Returns what is wrong with the first that differs. */
export function checkRoundTrips(keyspace: Keyspace): string | null {
  const digests = new ValueDigest(keyspace.clock);
  let problem: string | null = null;
  for (const db of keyspace.databases()) {
    db.forEach((key, value) => {
      if (problem !== null) return;
      const payload = dumpValue(value, 'newest');
      // Nothing that large leaves as a payload, so nothing can go wrong with it.
      if (payload === undefined) return;
      const read = hasGoodFooter(payload) ? readDump(payload) : undefined;
      const built = read && buildValue(read, { hash: db.hash, now: keyspace.clock });
      if (built?.kind === 'value' && digests.of(built.value) === digests.of(value)) return;
      problem = `the ${typeName(value)} at '${key}' in database ${db.index} is not restored as it was`;
    });
  }
  return problem;
}
