import type { StringValue } from '../../keyspace/value.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, OK, type Reply } from '../../resp/reply.ts';
import { readStrings, readValue } from '../args.ts';
import { type DataCommand, dataCommand, type KeySpec, type RunContext } from '../command.ts';
import { wrongArity } from '../errors.ts';

interface MsetRequest {
  readonly keys: readonly string[];
  /** As many as keys. */
  readonly values: readonly StringValue[];
}

function parseMset(args: Args, name: string): MsetRequest | ErrorReply {
  if (args.count % 2 === 0) return wrongArity(name);
  const values: StringValue[] = [];
  for (let i = 2; i < args.count; i += 2) values.push(readValue(args, i));
  return { keys: readStrings(args, 1, 2), values };
}

function setAll(context: RunContext, request: MsetRequest): void {
  request.values.forEach((value, i) => {
    context.db.set(request.keys[i] as string, value);
  });
}

function runMset(context: RunContext, request: MsetRequest): Reply {
  setAll(context, request);
  return OK;
}

/** All or none: nothing is set if one of the keys exists. */
function runMsetnx(context: RunContext, request: MsetRequest): Reply {
  for (const key of request.keys) {
    if (context.db.find(key) !== undefined) return 0;
  }
  setAll(context, request);
  return 1;
}

function keysWith(effect: 'update' | 'insert'): readonly KeySpec[] {
  return [{ first: 1, last: -1, step: 2, access: 'OW', effects: [effect] }];
}

export const mset: DataCommand = dataCommand<MsetRequest>({
  name: 'mset',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: keysWith('update'),
  group: 'string',
  since: '1.0.1',
  summary: 'Sets several keys to string values at once.',
  complexity: 'O(N) for N keys',
  syntax: 'key value [key value ...]',
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  parse: (args) => parseMset(args, 'mset'),
  run: runMset,
});

export const msetnx: DataCommand = dataCommand<MsetRequest>({
  name: 'msetnx',
  kind: 'write',
  arity: -3,
  flags: ['write', 'denyoom'],
  keys: keysWith('insert'),
  group: 'string',
  since: '1.0.1',
  summary: 'Sets several keys to string values at once if none of them exists.',
  complexity: 'O(N) for N keys',
  syntax: 'key value [key value ...]',
  tips: ['request_policy:multi_shard', 'response_policy:agg_min'],
  parse: (args) => parseMset(args, 'msetnx'),
  run: runMsetnx,
});
