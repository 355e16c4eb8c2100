import type { Args } from '../../resp/args.ts';
import { ErrorReply, type Reply } from '../../resp/reply.ts';
import type { LocalCommand } from '../command.ts';
import { wrongArity } from '../errors.ts';
import { DEFERRED, type Deferred, type HostPort, type LocalContext } from '../local.ts';
import { parseAddress } from './address.ts';
import { INVALID_ADDRESS } from './errors.ts';
import { raftCommand } from './facts.ts';
import { matchSubcommand } from './subcommand.ts';

const CLUSTER_ID_BYTES = 32;
const WRONG_ARITY: ErrorReply = wrongArity('raft.cluster');
const BAD_CLUSTER_ID: ErrorReply = new ErrorReply('ERR cluster id must be 32 characters');
const UNKNOWN: ErrorReply = new ErrorReply('RAFT.CLUSTER supports INIT / JOIN only');

export const raftCluster: LocalCommand = raftCommand({
  name: 'raft.cluster',
  summary: 'Makes this node the first of a new cluster, or a member of an existing one.',
  syntax: '<INIT [cluster-id] | JOIN host:port [host:port ...]>',
  run(context, args) {
    if (args.count === 1) return WRONG_ARITY;
    const refused = context.node.admin.uninitializedError();
    if (refused !== null) return refused;
    switch (matchSubcommand(args, 1, ['INIT', 'JOIN'])) {
      case 'INIT':
        return init(context, args);
      case 'JOIN':
        return join(context, args);
      default:
        return UNKNOWN;
    }
  },
});

function init(context: LocalContext, args: Args): Reply | Deferred {
  if (args.count > 3) return WRONG_ARITY;
  const id = args.count === 3 ? args.string(2) : null;
  if (id !== null && id.length !== CLUSTER_ID_BYTES) return BAD_CLUSTER_ID;
  context.node.admin.init(id, context.defer());
  return DEFERRED;
}

function join(context: LocalContext, args: Args): Reply | Deferred {
  if (args.count < 3) return WRONG_ARITY;
  const addresses: HostPort[] = [];
  for (let i = 2; i < args.count; i++) {
    const address = parseAddress(args.string(i));
    if (address === undefined) return INVALID_ADDRESS;
    addresses.push(address);
  }
  context.node.admin.join(addresses, context.defer());
  return DEFERRED;
}
