import { isError, type Reply } from '../../resp/reply.ts';
import { type DataCommand, dataCommand, type RunContext } from '../command.ts';
import { readStream } from './lookup.ts';

function runLength(context: RunContext, key: string): Reply {
  const stream = readStream(context, key);
  if (stream === undefined) return 0;
  return isError(stream) ? stream : stream.size;
}

export const xlen: DataCommand = dataCommand<string>({
  name: 'xlen',
  kind: 'read',
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: [{ first: 1, last: 1, step: 1, access: 'RO' }],
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns the number of entries in a stream.',
  complexity: 'O(1)',
  syntax: 'key',
  parse: (args) => args.string(1),
  run: runLength,
});
