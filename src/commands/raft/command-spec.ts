import type { Command } from '../command.ts';

/** The bits of RedisRaft's masks of commands, as far as they are used here. */
const READ = 2;
const WRITE = 4;
const LOCAL = 16;
export const SORTED_IN_SCRIPTS = 32;
const RANDOM = 64;
const SCRIPT = 128;
const BLOCKING = 256;
const TRANSACTION = 512;
const SUBCOMMANDS = 1024;

/** Masks that say more than what kind of command it is, or something else. */
const NAMES_BY_MASK: readonly (readonly [number, string])[] = [
  [LOCAL | SUBCOMMANDS, 'client'],
  [LOCAL | SORTED_IN_SCRIPTS, 'command'],
  [LOCAL | RANDOM, 'time'],
  [RANDOM, 'info lastsave migrate spop xack xadd xautoclaim xclaim xtrim'],
  [READ | SORTED_IN_SCRIPTS, 'hgetall hkeys hvals keys sdiff sinter smembers sunion'],
  [READ | RANDOM, 'dump hpttl hrandfield hscan httl pttl randomkey scan srandmember'],
  [READ | RANDOM, 'sscan ttl xpending zrandmember zscan'],
  [SCRIPT, 'eval evalsha fcall'],
  [READ | SCRIPT, 'eval_ro evalsha_ro fcall_ro'],
  [BLOCKING, 'blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin'],
  [TRANSACTION, 'multi'],
  [READ, 'lolwut publish pubsub spublish'],
];

const MASKS: ReadonlyMap<string, number> = new Map(
  NAMES_BY_MASK.flatMap(([mask, names]) =>
    names.split(' ').map((name): [string, number] => [name, mask]),
  ),
);

/** How RedisRaft treats the command; for what RedisRaft refuses, how this server treats it. */
export function commandSpec(command: Command): number {
  return MASKS.get(command.name) ?? maskOfKind(command.kind);
}

function maskOfKind(kind: Command['kind']): number {
  if (kind === 'read') return READ;
  return kind === 'write' ? WRITE : LOCAL;
}
