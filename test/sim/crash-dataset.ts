import type { Words } from './sim-client.ts';
import type { SimNode } from './sim-cluster.ts';
import type { Trial } from './trial.ts';

type Transaction = readonly Words[];

const LATER = '99999999999999';
const CUT = /^OK$|^ERR failed to begin compaction$/;

function numbered(count: number, word: (i: number) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, i) => word(i)).flat();
}

/** Values of all types: some with parts of their own, one in several pieces, one that will expire. */
export const FILL: readonly Transaction[] = [
  [
    ['SET', 'plain', 'v'],
    ['SET', 'brief', 'v', 'PXAT', LATER],
    ['SET', 'raw', 'r'.repeat(80_000)],
    ['HSET', 'hash', ...numbered(600, (i) => [`field ${i}`, `value ${i}`])],
  ],
  [
    ['RPUSH', 'list', ...numbered(500, (i) => [`element ${i} ${'e'.repeat(40)}`])],
    ['ZADD', 'zset', ...numbered(200, (i) => [String(i), `member ${i}`])],
    ['SADD', 'set', ...numbered(600, (i) => [`member ${i}`])],
    ['HSET', 'small', 'a', '1', 'wide', 'w'.repeat(140_000)],
  ],
  [
    ...Array.from({ length: 12 }, (_, i) => ['XADD', 'stream', `${i + 1}-1`, 'f', 's'.repeat(400)]),
    ['XGROUP', 'CREATE', 'stream', 'group', '3-1'],
    ['SETBIT', 'bits', '4000', '1'],
  ],
];

/** Changes and deletes some of everything, so that parts are replaced and parts are gone. */
export const CHANGE: readonly Transaction[] = [
  [
    ['HDEL', 'hash', ...numbered(500, (i) => [`field ${i + 50}`])],
    ['LTRIM', 'list', '200', '260'],
    ['ZREMRANGEBYSCORE', 'zset', '20', '180'],
    ['DEL', 'set', 'plain'],
  ],
  [
    ['HSET', 'small', 'wide', 'x'.repeat(135_000)],
    ['SETRANGE', 'raw', '70000', 'changed'],
    ['XTRIM', 'stream', 'MAXLEN', '3'],
    ['RENAME', 'zset', 'other'],
  ],
];

/** Everything goes, and a little comes. */
export const REFILL: readonly Transaction[] = [
  [
    ['FLUSHALL'],
    ['HSET', 'hash', 'only', 'field'],
    ['RPUSH', 'list', 'only', 'elements'],
    ['INCRBY', 'counter', '7'],
  ],
  [['HSET', 'hash', 'another', 'field']],
];

export function steps(trial: Trial, transactions: readonly Transaction[]): void {
  for (const commands of transactions) trial.step(...commands);
}

/** A checkpoint, and the log cut behind it. */
export function compact(trial: Trial, node: SimNode = trial.subject): void {
  trial.askUntil(node, ['RAFT.DEBUG', 'COMPACT'], CUT);
}

export function save(trial: Trial, wanted: RegExp = /^OK$/): void {
  trial.askUntil(trial.subject, ['SAVE'], wanted);
}

export function restart(trial: Trial, kind: 'kill' | 'power' = 'kill'): void {
  trial.stop(trial.subject, kind);
  trial.start(trial.subject);
}

/** No checkpoint begins by itself. */
export const BY_HAND: readonly string[] = ['--raft.log-max-file-size', '0'];
