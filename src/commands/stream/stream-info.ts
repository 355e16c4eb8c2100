import type { Stream } from '../../keyspace/stream.ts';
import { type Consumer, type ConsumerGroup, UNKNOWN_READ } from '../../keyspace/stream-group.ts';
import { MAX_ID, type StreamId } from '../../keyspace/stream-id.ts';
import type { Args } from '../../resp/args.ts';
import { type ErrorReply, isError, MapReply, type Reply } from '../../resp/reply.ts';
import { readNumber } from '../args.ts';
import { subcommandError } from './errors.ts';
import { entryReply, idReply } from './replies.ts';

export interface StreamInfoRequest {
  readonly key: string;
  /** Undefined: only facts. Else everything, with so many elements of each kind at most. */
  readonly full: number | undefined | ErrorReply;
}

const DEFAULT_COUNT = 10;

/** `XINFO STREAM key [FULL [COUNT count]]`; what is wrong with the options counts after the key. */
export function parseStreamInfo(args: Args): StreamInfoRequest {
  return { key: args.string(2), full: readFull(args) };
}

function readFull(args: Args): number | undefined | ErrorReply {
  const options = args.count - 3;
  if (options === 0) return undefined;
  const known = args.is(3, 'FULL') && (options === 1 || (options === 3 && args.is(4, 'COUNT')));
  if (!known) return subcommandError('XINFO', args.string(1));
  if (options === 1) return DEFAULT_COUNT;
  const count = readNumber(args, 5);
  if (isError(count)) return count;
  if (count === 0) return Number.POSITIVE_INFINITY;
  return count < 0 ? DEFAULT_COUNT : count;
}

export function runStreamInfo(stream: Stream, { full }: StreamInfoRequest): Reply {
  if (isError(full)) return full;
  const { entries } = stream;
  const facts: (readonly [Reply, Reply])[] = [
    ['length', stream.size],
    ['radix-tree-keys', entries.nodeCount],
    ['radix-tree-nodes', treeNodes(entries.nodeCount)],
    ['last-generated-id', idReply(stream.lastId)],
    ['max-deleted-entry-id', idReply(stream.maxDeletedId)],
    ['entries-added', stream.entriesAdded],
    ['recorded-first-entry-id', idReply(entries.first)],
  ];
  if (full === undefined) {
    facts.push(['groups', stream.groups.length]);
    facts.push(['first-entry', firstEntry(stream)], ['last-entry', lastEntry(stream)]);
  } else {
    facts.push(['entries', firstEntries(stream, full)]);
    facts.push(['groups', stream.groups.map((group) => groupReply(stream, group, full))]);
  }
  return new MapReply(facts);
}

/**
 * Nodes of Redis's tree over the first ids of `keys` nodes of the stream, if these all part at one
 * place: one for what they have in common, one where they part, and two for each. There is no such
 * tree here, and the true number would have to be counted.
 */
function treeNodes(keys: number): number {
  if (keys < 2) return keys + 1;
  return 2 * keys + 2;
}

function firstEntry(stream: Stream): Reply {
  return firstEntries(stream, 1)[0] ?? null;
}

function lastEntry(stream: Stream): Reply {
  let reply: Reply = null;
  stream.entries.walkBack((entry) => {
    reply = entryReply(entry);
    return false;
  }, MAX_ID);
  return reply;
}

function firstEntries(stream: Stream, count: number): Reply[] {
  const replies: Reply[] = [];
  stream.entries.walk((entry) => replies.push(entryReply(entry)) < count);
  return replies;
}

function groupReply(stream: Stream, group: ConsumerGroup, count: number): Reply {
  const { name, lastId, entriesRead, pending, consumers } = group;
  const shown: Reply[] = [];
  group.forEachPending((id, { consumer, time, count: deliveries }) => {
    return shown.push([idReply(id), consumer.name, time, deliveries]) < count;
  });
  return new MapReply([
    ['name', name],
    ['last-delivered-id', idReply(lastId)],
    ['entries-read', entriesRead === UNKNOWN_READ ? null : entriesRead],
    ['lag', stream.lag(group) ?? null],
    ['pel-count', pending.size],
    ['pending', shown],
    ['consumers', consumers.map((consumer) => consumerReply(group, consumer, count))],
  ]);
}

function consumerReply(group: ConsumerGroup, consumer: Consumer, count: number): Reply {
  const { name, seenTime, activeTime, pending } = consumer;
  const shown: Reply[] = [];
  consumer.forEachPending((id: StreamId) => {
    const entry = group.find(id);
    return entry === undefined || shown.push([idReply(id), entry.time, entry.count]) < count;
  });
  return new MapReply([
    ['name', name],
    ['seen-time', seenTime],
    ['active-time', activeTime],
    ['pel-count', pending.size],
    ['pending', shown],
  ]);
}
