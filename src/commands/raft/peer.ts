import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { raftCommand } from './facts.ts';

export const raftPeer: LocalCommand = raftCommand({
  name: 'raft.peer',
  summary: 'Makes this connection a link between nodes; nodes send it to each other.',
  syntax: 'hello',
  run({ node }, args) {
    if (args.count !== 2) return wrongArity('raft.peer');
    // JSON, which is UTF-8, unlike everything else that arguments are.
    return node.admin.acceptPeer(args.buffer.utf8Slice(args.start(1), args.end(1)));
  },
});
