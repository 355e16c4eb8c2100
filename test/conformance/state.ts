import { asLogIndex } from '../../src/base/ids.ts';
import { digest } from '../../src/keyspace/digest.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { typeName, type Value } from '../../src/keyspace/value.ts';
import type { BalsaSide } from './balsa-side.ts';
import { RESTORED, sameReply } from './comparison.ts';
import { decode } from './decode.ts';
import type { Words } from './generator.ts';
import { ofBothVersions } from './known-differences.ts';

/** Databases that commands are drawn for. */
const DATABASES = 3;
/** The version of RDB that Redis 7.0 writes and reads. */
const READABLE_VERSION = 10;
const FOOTER_BYTES = 10;

/**
 * Commands whose replies are all there is to see of the dataset, in all databases. With `dumps`, what
 * is dumped here is restored there too.
 */
export function stateCommands(balsa: BalsaSide, dumps: boolean): Words[] {
  const commands: Words[] = [['DISCARD']];
  for (const database of balsa.keyspace.databases()) {
    if (database.index >= DATABASES && database.size === 0) continue;
    const selected = ['SELECT', String(database.index)];
    commands.push(selected, ['DBSIZE'], ['KEYS', '*']);
    balsa.send(['DISCARD']);
    balsa.send(selected);
    database.forEach((key, value) => {
      commands.push(['TYPE', key], ['PEXPIRETIME', key], ...contentOf(key, value));
      if (dumps) commands.push(...restoredElsewhere(balsa, key, value));
    });
  }
  return commands;
}

function contentOf(key: string, value: Value): Words[] {
  return [...elementsOf(key, value), ['OBJECT', 'ENCODING', key]];
}

function elementsOf(key: string, value: Value): Words[] {
  switch (typeName(value)) {
    case 'string':
      return [['GET', key]];
    case 'hash':
      return [
        ['HLEN', key],
        ['HGETALL', key],
      ];
    case 'list':
      return [
        ['LLEN', key],
        ['LRANGE', key, '0', '-1'],
      ];
    case 'set':
      return [
        ['SCARD', key],
        ['SMEMBERS', key],
      ];
    case 'zset':
      return [
        ['ZCARD', key],
        ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
      ];
    case 'stream':
      return [
        ['XLEN', key],
        ['XRANGE', key, '-', '+'],
        ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0'],
      ];
  }
}

function restoredElsewhere(balsa: BalsaSide, key: string, value: Value): Words[] {
  const payload = decode(balsa.send(['DUMP', key]), 0).reply.text ?? '';
  const version = payload.charCodeAt(payload.length - FOOTER_BYTES);
  const restored =
    version <= READABLE_VERSION
      ? [['RESTORE', RESTORED, '0', payload], ...elementsOf(RESTORED, value), ['DEL', RESTORED]]
      : [];
  return [...restored, ['DUMP', key]];
}

/** What is wrong with `payload`, another server's dump of the key, if it is; no key is left behind. */
export function problemOfDump(
  balsa: BalsaSide,
  { db, key, payload }: { readonly db: number; readonly key: string; readonly payload: string },
): string | undefined {
  balsa.send(['SELECT', String(db)]);
  const reply = balsa.send(['RESTORE', RESTORED, '0', payload]).toString('latin1');
  if (reply !== '+OK\r\n') return `RESTORE of its dump answers ${reply}`;
  const same = haveSameContent(balsa, db, key);
  balsa.send(['DEL', RESTORED]);
  return same ? undefined : 'RESTORE of its dump gives another value';
}

function haveSameContent(balsa: BalsaSide, db: number, key: string): boolean {
  const database = balsa.keyspace.database(db);
  const [original, restored] = [database.peek(key), database.peek(RESTORED)];
  if (original === undefined || restored === undefined) return false;
  if (typeName(original) === 'zset') {
    const all = ['ZRANGE', RESTORED, '0', '-1', 'WITHSCORES'];
    const [one, other] = [key, RESTORED].map((name) => decode(balsa.send(all.with(1, name)), 0));
    return one !== undefined && other !== undefined && sameReply(all, one.reply, other.reply);
  }
  if (typeName(original) !== 'stream') return alone(original) === alone(restored);
  // A dump of 7.0 does not say when consumers of a stream were active, and counts otherwise.
  const information = ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0'];
  const [one, other] = [key, RESTORED].map((name) =>
    decode(balsa.send(information.with(2, name)), 0),
  );
  if (one === undefined || other === undefined) return false;
  return sameReply(information, ofBothVersions(one.reply), ofBothVersions(other.reply));
}

/** The digest of a keyspace that holds nothing but `value`. */
function alone(value: Value): string {
  const keyspace = new Keyspace();
  keyspace.advance(keyspace.clock, asLogIndex(1));
  keyspace.database(0).set('key', value);
  return digest(keyspace);
}
