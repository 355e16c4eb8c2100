import { ErrorReply, OK, type Reply, SimpleString } from '../../resp/reply.ts';
import type { CommandFlag, LocalCommand } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { DEFERRED } from '../local.ts';

const RUNNING = new ErrorReply('ERR Background save already in progress');
const BLOCKED = new ErrorReply(
  'ERR cannot save now: what another node has sent is taking the place of the dataset',
);
const STARTED = new SimpleString('Background saving started');
const SCHEDULED = new SimpleString('Background saving scheduled');

const FLAGS: readonly CommandFlag[] = ['admin', 'noscript', 'no_async_loading'];
const COMPLEXITY = 'O(N) with N keys that have changed since the last one';

/** Where nothing has changed since the last checkpoint, that one will do. */
export const save: LocalCommand = {
  kind: 'local',
  name: 'save',
  arity: 1,
  flags: [...FLAGS, 'no_multi'],
  group: 'server',
  since: '1.0.0',
  summary: 'Makes a checkpoint of this node and answers once it is on disk; others are served.',
  complexity: COMPLEXITY,
  syntax: '',
  run(context) {
    const { admin, saving } = context.node;
    const error = admin.stateError() ?? (saving.isRunning ? RUNNING : null);
    if (error !== null) return error;
    let reply: (reply: Reply) => void = () => {};
    const outcome = saving.save((failure) =>
      reply(failure === null ? OK : new ErrorReply(`ERR ${failure}`)),
    );
    if (outcome === 'nothing') return OK;
    if (outcome === 'blocked') return BLOCKED;
    reply = context.defer();
    return DEFERRED;
  },
};

/** How it ends is in INFO: a client does not hear of it. */
export const bgsave: LocalCommand = {
  kind: 'local',
  name: 'bgsave',
  arity: -1,
  flags: FLAGS,
  group: 'server',
  since: '1.0.0',
  summary: 'Begins a checkpoint of this node.',
  complexity: COMPLEXITY,
  syntax: '[SCHEDULE]',
  run({ node }, args) {
    const { admin, saving } = node;
    const isScheduled = args.count > 1;
    if (isScheduled && (args.count > 2 || !args.is(1, 'SCHEDULE'))) return SYNTAX_ERROR;
    const error = admin.stateError() ?? (saving.isRunning ? RUNNING : null);
    if (error !== null) return error;
    const outcome = saving.save(() => {});
    if (outcome === 'blocked' && !isScheduled) return BLOCKED;
    // What takes the place of the dataset is an image itself: nothing will be left to save then.
    const isLater = outcome === 'blocked' || outcome === 'later';
    return isScheduled && isLater ? SCHEDULED : STARTED;
  },
};

export const lastsave: LocalCommand = {
  kind: 'local',
  name: 'lastsave',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  group: 'server',
  since: '1.0.0',
  summary: 'Tells when the last checkpoint of this node was made, in seconds of the epoch.',
  complexity: 'O(1)',
  syntax: '',
  categories: ['admin', 'dangerous'],
  tips: ['nondeterministic_output'],
  run({ node }) {
    return node.saving.lastSave;
  },
};
