import { Packr, Unpackr } from 'msgpackr';
import { unreachable } from '../base/assert.ts';
import { asLogIndex, asNodeId, asTerm } from '../base/ids.ts';
import type { EntryBatch, Message } from '../raft/message.ts';

/**
 * Messages between cores as msgpack arrays: kind, from, to, term, then the fields of the kind in the
 * order of their type. An append's entries follow the header as raw records.
 */
const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false });

const KINDS: readonly Message['kind'][] = [
  'vote-request',
  'vote-response',
  'append',
  'append-response',
  'heartbeat',
  'heartbeat-response',
  'timeout-now',
];

/** `previousChain`: the chain of the record before an append's entries. */
export function encodeMessage(message: Message, previousChain: number): Buffer {
  return packr.pack([
    KINDS.indexOf(message.kind),
    message.from,
    message.to,
    message.term,
    ...fieldsOf(message, previousChain),
  ]);
}

function fieldsOf(message: Message, previousChain: number): (number | boolean)[] {
  switch (message.kind) {
    case 'vote-request':
      return [message.preVote, message.transfer, message.lastIndex, message.lastTerm];
    case 'vote-response':
      return [message.preVote, message.granted];
    case 'append':
      return [
        message.previousIndex,
        message.previousTerm,
        message.commit,
        message.first,
        message.last,
        previousChain,
      ];
    case 'append-response':
      return [message.success, message.match, message.refused, message.hintIndex, message.hintTerm];
    case 'heartbeat':
      return [message.commit, message.readSequence];
    case 'heartbeat-response':
      return [message.readSequence, message.lastIndex];
    case 'timeout-now':
      return [];
    default:
      return unreachable(message);
  }
}

export interface MessageHead {
  readonly kind: Message['kind'];
  /** All numbers and flags (as 0 and 1) of the message, in order. */
  readonly fields: readonly number[];
}

const FIELD_COUNTS: Readonly<Record<Message['kind'], number>> = {
  'vote-request': 4,
  'vote-response': 2,
  append: 6,
  'append-response': 5,
  heartbeat: 2,
  'heartbeat-response': 2,
  'timeout-now': 0,
};

/** null: not a message that {@link encodeMessage} wrote. */
export function decodeHead(bytes: Uint8Array): MessageHead | null {
  let value: unknown;
  try {
    value = unpackr.unpack(bytes);
  } catch {
    return null;
  }
  if (!Array.isArray(value)) return null;
  const kind = KINDS[Number(value[0])];
  if (kind === undefined || value.length !== 4 + FIELD_COUNTS[kind]) return null;
  const fields: number[] = [];
  for (let i = 1; i < value.length; i++) {
    const field: unknown = value[i];
    if (typeof field === 'boolean') fields.push(field ? 1 : 0);
    else if (typeof field === 'number' && Number.isSafeInteger(field) && field >= 0)
      fields.push(field);
    else return null;
  }
  return { kind, fields };
}

/** The message of a checked head; `entries` for an append. */
export function buildMessage(head: MessageHead, entries: EntryBatch | null): Message {
  const f = (i: number): number => head.fields[i] ?? 0;
  const envelope = { from: asNodeId(f(0)), to: asNodeId(f(1)), term: asTerm(f(2)) };
  switch (head.kind) {
    case 'vote-request':
      return {
        kind: 'vote-request',
        ...envelope,
        preVote: f(3) === 1,
        transfer: f(4) === 1,
        lastIndex: asLogIndex(f(5)),
        lastTerm: asTerm(f(6)),
      };
    case 'vote-response':
      return { kind: 'vote-response', ...envelope, preVote: f(3) === 1, granted: f(4) === 1 };
    case 'append':
      return {
        kind: 'append',
        ...envelope,
        previousIndex: asLogIndex(f(3)),
        previousTerm: asTerm(f(4)),
        commit: asLogIndex(f(5)),
        first: asLogIndex(f(6)),
        last: asLogIndex(f(7)),
        entries,
      };
    case 'append-response':
      return {
        kind: 'append-response',
        ...envelope,
        success: f(3) === 1,
        match: asLogIndex(f(4)),
        refused: asLogIndex(f(5)),
        hintIndex: asLogIndex(f(6)),
        hintTerm: asTerm(f(7)),
      };
    case 'heartbeat':
      return { kind: 'heartbeat', ...envelope, commit: asLogIndex(f(3)), readSequence: f(4) };
    case 'heartbeat-response':
      return {
        kind: 'heartbeat-response',
        ...envelope,
        readSequence: f(3),
        lastIndex: asLogIndex(f(4)),
      };
    case 'timeout-now':
      return { kind: 'timeout-now', ...envelope };
    default:
      return unreachable(head.kind);
  }
}

/** The chain that an append's head gives for the record before its entries. */
export function previousChainOf(head: MessageHead): number {
  return head.fields[8] ?? 0;
}
