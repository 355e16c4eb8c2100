import type { LocalCommand } from '../command.ts';

const MICROSECONDS = 1_000_000;

/** The clock of this node, which is not the clock that keys expire by. */
export const time: LocalCommand = {
  kind: 'local',
  name: 'time',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  group: 'server',
  since: '2.6.0',
  summary: 'Tells the time of day: seconds of the epoch, and microseconds.',
  complexity: 'O(1)',
  syntax: '',
  tips: ['nondeterministic_output'],
  run({ node }) {
    const microseconds = Math.floor(node.wallClock() * 1000);
    return [String(Math.floor(microseconds / MICROSECONDS)), String(microseconds % MICROSECONDS)];
  },
};
