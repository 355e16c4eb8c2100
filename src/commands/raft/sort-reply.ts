import {
  ErrorReply,
  isError,
  MapReply,
  type Reply,
  SetReply,
  SimpleString,
} from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { commandSpec, SORTED_IN_SCRIPTS } from './command-spec.ts';
import { raftCommand } from './facts.ts';

const NOT_SORTABLE: ErrorReply = new ErrorReply('ERR not a sortable command');
const UNKNOWN_TYPE: ErrorReply = new ErrorReply('ERR unknown type to sort');
const FAILED: ErrorReply = new ErrorReply('ERR failed to generate sorted reply');

export const raftSortReply: LocalCommand = raftCommand({
  name: 'raft._sort_reply',
  summary: 'Runs a command on this node whose reply has no order, and orders the reply.',
  complexity: 'O(N*log(N)) with N elements of the reply',
  syntax: 'command [arg ...]',
  run({ table, node }, args) {
    if (args.count === 1) return wrongArity('raft._sort_reply');
    const command = table.lookup(args, 1);
    if (command === undefined || (commandSpec(command) & SORTED_IN_SCRIPTS) === 0) {
      return NOT_SORTABLE;
    }
    const reply = node.admin.executeLocally(args.rest(1));
    return isError(reply) ? FAILED : sorted(reply);
  },
});

/** What a script gets for a command that would answer differently on another node. */
export const raftRejectRandomCommand: LocalCommand = raftCommand({
  name: 'raft._reject_random_command',
  summary: 'Answers that a command has no place in a script.',
  syntax: '[arg ...]',
  run: () => new ErrorReply('Cannot run a command with random results in this context'),
});

function sorted(reply: Reply): Reply {
  if (reply instanceof MapReply) {
    const pairs = sortedBy(reply.pairs, ([key]) => key);
    return pairs === undefined ? UNKNOWN_TYPE : new MapReply(pairs);
  }
  if (reply instanceof SetReply) {
    const items = sortedBy(reply.items, (item) => item);
    return items === undefined ? UNKNOWN_TYPE : new SetReply(items);
  }
  if (!isArray(reply)) return UNKNOWN_TYPE;
  return sortedBy(reply, (item) => item) ?? UNKNOWN_TYPE;
}

function isArray(reply: Reply): reply is readonly Reply[] {
  return Array.isArray(reply);
}

/** Undefined if one of the keys has no order. */
function sortedBy<T>(items: readonly T[], keyOf: (item: T) => Reply): readonly T[] | undefined {
  const keyed: { readonly key: string; readonly item: T }[] = [];
  for (const item of items) {
    const key = bytesOf(keyOf(item));
    if (key === undefined) return undefined;
    keyed.push({ key, item });
  }
  keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
  return keyed.map(({ item }) => item);
}

/** The text of an element as latin1, which compares like its bytes. */
function bytesOf(reply: Reply): string | undefined {
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number' || typeof reply === 'bigint') return String(reply);
  if (reply instanceof Uint8Array) return Buffer.from(reply).latin1Slice();
  return reply instanceof SimpleString ? reply.text : undefined;
}
