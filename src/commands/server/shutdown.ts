import { OK } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { DEFERRED } from '../local.ts';

/** A node that stops answers nothing: its connections close. It answers when it is told not to. */
export const shutdown: LocalCommand = {
  kind: 'local',
  name: 'shutdown',
  arity: -1,
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'allow_busy'],
  group: 'server',
  since: '1.0.0',
  summary: 'Hands leadership over and stops this node.',
  complexity: 'O(1); with SAVE O(N) with N keys',
  syntax: '[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]',
  run(context, args) {
    const { node } = context;
    const given = new Set<string>();
    for (let i = 1; i < args.count; i++) {
      const word = WORDS.find((each) => args.is(i, each));
      if (word === undefined) return SYNTAX_ERROR;
      given.add(word);
    }
    if (given.has('ABORT')) {
      return given.size > 1 ? SYNTAX_ERROR : (node.abortShutdown() ?? OK);
    }
    if (given.has('SAVE') && given.has('NOSAVE')) return SYNTAX_ERROR;
    const mode = { save: given.has('SAVE'), now: given.has('NOW'), force: given.has('FORCE') };
    node.shutdown(mode, context.defer());
    return DEFERRED;
  },
};

const WORDS: readonly string[] = ['NOSAVE', 'SAVE', 'NOW', 'FORCE', 'ABORT'];
