import { typeName, type Value } from '../../src/keyspace/value.ts';
import type { BalsaSide } from './balsa-side.ts';
import { isHere } from './balsa-side.ts';
import type { Words } from './generator.ts';

/** Databases that commands are drawn for. */
const DATABASES = 3;

/** Commands whose replies are all there is to see of the dataset, in all databases. */
export function stateCommands(balsa: BalsaSide): Words[] {
  const commands: Words[] = [['DISCARD']];
  for (const database of balsa.keyspace.databases()) {
    if (database.index >= DATABASES && database.size === 0) continue;
    commands.push(['SELECT', String(database.index)], ['DBSIZE'], ['KEYS', '*']);
    database.forEach((key, value) => {
      commands.push(['TYPE', key], ['PEXPIRETIME', key], ...contentOf(key, value));
      commands.push(['OBJECT', 'ENCODING', key]);
    });
  }
  return commands;
}

function contentOf(key: string, value: Value): Words[] {
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
        ...(isHere('xinfo|stream') ? [['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']] : []),
      ];
  }
}
