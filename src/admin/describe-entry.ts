import { quoteWord } from '../config/words.ts';
import {
  COMMAND_HEAD_BYTES,
  ENTRY_COMMAND,
  ENTRY_CONFIGURATION,
  ENTRY_NOOP,
  ENTRY_TIME,
  ENTRY_UNBLOCK,
  readTime,
  TIME_BYTES,
  unpackConfiguration,
  unpackUnblock,
} from '../replica/entry.ts';
import { Args } from '../resp/args.ts';
import { parseCommand } from '../resp/command-parser.ts';

/** What is shown of a command: so many words, of each so many bytes. */
const MOST_WORDS = 20;
const MOST_BYTES = 64;
/** The greatest time that a date can be made of. */
const LAST_TIME = 8.64e15;

/** For `raftlog --help`: what a line of dump ends with. */
export const ENTRY_HELP: string = `what the entry is: noop, configuration, command, time or unblock; when it happens; and
of a command its database and its words (at most ${MOST_WORDS}, and ${MOST_BYTES} bytes of each).
`;

/** An entry of balsa's log on one line. `payload` is what the record holds. */
export function describeEntry(kind: number, payload: Buffer): string {
  try {
    if (payload.length < TIME_BYTES) throw new Error('no time');
    const [name, text] = describe(kind, payload);
    const time = timeText(readTime(payload, 0));
    return text === '' ? `${name} ${time}` : `${name} ${time} ${text}`;
  } catch (error) {
    return `unreadable (${error instanceof Error ? error.message : String(error)})`;
  }
}

function describe(kind: number, payload: Buffer): readonly [name: string, text: string] {
  const body = payload.subarray(TIME_BYTES);
  switch (kind) {
    case ENTRY_NOOP:
      return ['noop', ''];
    case ENTRY_TIME:
      return ['time', ''];
    case ENTRY_CONFIGURATION:
      return ['configuration', configurationText(body)];
    case ENTRY_COMMAND:
      return ['command', commandText(payload)];
    case ENTRY_UNBLOCK: {
      const { id, how } = unpackUnblock(body);
      return ['unblock', `entry ${id}, ${how}`];
    }
    default:
      throw new Error(`kind ${kind} is not known`);
  }
}

function timeText(time: number): string {
  return Math.abs(time) <= LAST_TIME ? new Date(time).toISOString() : `at ${time} ms`;
}

function configurationText(body: Buffer): string {
  const { change, members, databases } = unpackConfiguration(body);
  const what = change === null ? '' : `${change.kind} ${change.id}: `;
  const nodes = members.map(
    ({ id, host, port, voting }) => `${id} ${host}:${port}${voting ? '' : ' learner'}`,
  );
  const count = databases === undefined ? '' : `, ${databases} databases`;
  return `${what}${nodes.join(', ') || 'no nodes'}${count}`;
}

function commandText(payload: Buffer): string {
  const args = new Args();
  const end = parseCommand(payload, COMMAND_HEAD_BYTES, payload.length, args);
  if (end !== payload.length) throw new Error('no whole command');
  const words: string[] = [];
  for (let i = 0; i < Math.min(args.count, MOST_WORDS); i++) {
    const word = args.string(i);
    const quoted = quoteWord(word.slice(0, MOST_BYTES));
    words.push(word.length > MOST_BYTES ? `${quoted}...(${word.length} bytes)` : quoted);
  }
  if (args.count > MOST_WORDS) words.push(`...(${args.count} words)`);
  return `db${payload[TIME_BYTES]} ${words.join(' ')}`;
}
