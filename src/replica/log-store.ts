import type { Base, HardState, Log } from '../../raftlog/index.ts';
import {
  RECORD_HEADER_BYTES,
  recordBytes,
  recordChain,
  recordKind,
  recordTerm,
  sealRecord,
} from '../../raftlog/index.ts';
import { assert } from '../base/assert.ts';
import { asLogIndex, asNodeId, asTerm, type LogIndex, type Term } from '../base/ids.ts';
import type { Persist } from '../raft/effects.ts';
import type { ConfigurationAt, LogSizes, Restored } from '../raft/setup.ts';
import type { ImagePoint } from '../raft/snapshot.ts';
import { TermIndex } from '../raft/term-index.ts';
import type { Args } from '../resp/args.ts';
import { commandBytes, writeCommand } from '../resp/command-encoder.ts';
import { COMMAND_HEAD_BYTES, ENTRY_COMMAND, ENTRY_CONFIGURATION, TIME_BYTES } from './entry.ts';
import { EntryCache } from './entry-cache.ts';
import { configurationOf, type ReceivedBody } from './received.ts';

export interface LogStart {
  readonly base: Base;
  readonly hardState: HardState;
}
export type ReplaceLog = (start: LogStart) => Log;

const READ_BYTES = 4 * 1024 * 1024;

/** What all nodes have is evicted down to so many bytes. */
const KEPT_CACHE_BYTES: number = 4 * 1024 * 1024;

/** Receives one entry: the record stands at `start`..`end` of `buffer`. */
export type EntryVisitor = (index: number, buffer: Buffer, start: number, end: number) => void;

/**
 * The entries' bytes: encodes own ones, takes foreign ones, gives them to the disk, the peers and the
 * applier. The newest are in memory, the others are read through the log's index.
 */
export class LogStore implements LogSizes {
  #log: Log;
  #cache: EntryCache;
  readonly #replace: ReplaceLog;
  /** Chain of the newest entry. */
  #chain: number;
  #last: number;

  /** `replace` puts a new, empty log in the place of the one in use. */
  constructor(log: Log, replace: ReplaceLog) {
    this.#log = log;
    this.#replace = replace;
    this.#cache = new EntryCache(asLogIndex(log.lastIndex));
    this.#chain = log.chain;
    this.#last = log.lastIndex;
  }

  get log(): Log {
    return this.#log;
  }
  get cache(): EntryCache {
    return this.#cache;
  }

  /**
   * An image takes the place of all entries: the log begins behind it. Durable when this returns. Steps
   * that were on their way to the old log get no answer.
   */
  replaceLog(start: LogStart): void {
    const old = this.#log;
    this.#log = this.#replace(start);
    old.abandon();
    this.#cache = new EntryCache(asLogIndex(start.base.index));
    this.#chain = start.base.chain;
    this.#last = start.base.index;
  }

  /** The newest entry. */
  get last(): number {
    return this.#last;
  }

  /**
   * What the core starts from: terms and configurations of the log on disk, behind the entry that an
   * image is of, if there is one.
   */
  restore(image: ImagePoint | null): Restored {
    const { log } = this;
    const first = log.firstIndex;
    const base = asLogIndex(first - 1);
    const terms = new TermIndex(base, asTerm(log.term(base)));
    const configurations: ConfigurationAt[] = image === null ? [] : [image.configuration];
    const known = image?.index ?? 0;
    let runEnd = 0;
    let runTerm = log.term(base);
    this.visit(first, log.lastIndex, (index, buffer, start, end) => {
      const term = recordTerm(buffer, start);
      if (term !== runTerm && runEnd > 0) terms.append(asLogIndex(runEnd), asTerm(runTerm));
      runTerm = term;
      runEnd = index;
      if (index > known && recordKind(buffer, start) === ENTRY_CONFIGURATION) {
        configurations.push(configurationOf(index, buffer, start, end));
      }
    });
    if (runEnd > 0) terms.append(asLogIndex(runEnd), asTerm(runTerm));
    return {
      hardState: { term: asTerm(log.hardState.term), vote: asNodeId(log.hardState.vote) },
      log: terms,
      configurations,
      commit: image?.index ?? base,
    };
  }

  /** Encodes the entry after the last one: time, then `payload`. */
  append(
    head: { index: LogIndex; term: Term; kind: number; time: number },
    payload: Uint8Array,
  ): void {
    const payloadBytes = TIME_BYTES + payload.length;
    const size = RECORD_HEADER_BYTES + payloadBytes;
    const chunk = this.cache.room(size);
    const at = this.cache.openEnd;
    chunk.writeDoubleLE(head.time, at + RECORD_HEADER_BYTES);
    chunk.set(payload, at + RECORD_HEADER_BYTES + TIME_BYTES);
    this.#seal(chunk, at, head.index, head.term, head.kind, payloadBytes);
  }

  /** The hot path of {@link append}: a command, copied as it came. Returns the record's bytes. */
  appendCommand(index: LogIndex, term: Term, time: number, db: number, args: Args): number {
    const raw = args.rawStart >= 0;
    const commandLength = raw ? args.rawEnd - args.rawStart : commandBytes(args, 0);
    const payloadBytes = COMMAND_HEAD_BYTES + commandLength;
    const size = RECORD_HEADER_BYTES + payloadBytes;
    const chunk = this.cache.room(size);
    const at = this.cache.openEnd;
    const payload = at + RECORD_HEADER_BYTES;
    chunk.writeDoubleLE(time, payload);
    chunk[payload + TIME_BYTES] = db;
    if (raw) args.buffer.copy(chunk, payload + COMMAND_HEAD_BYTES, args.rawStart, args.rawEnd);
    else writeCommand(args, 0, chunk, payload + COMMAND_HEAD_BYTES);
    this.#seal(chunk, at, index, term, ENTRY_COMMAND, payloadBytes);
    return size;
  }

  #seal(
    chunk: Buffer,
    at: number,
    index: LogIndex,
    term: Term,
    kind: number,
    payloadBytes: number,
  ): void {
    assert(index === this.#last + 1, 'entries are encoded in order');
    this.#chain = sealRecord(chunk, at, index, term, kind, payloadBytes, this.#chain);
    this.cache.commitRoom(RECORD_HEADER_BYTES + payloadBytes);
    this.#last = index;
  }

  /** Queues one step of the core to the disk. */
  persist(step: Persist, done: (error: Error | null) => void): void {
    if (step.batch !== null) this.#takeBatch(step);
    const pieces: Uint8Array[] = [];
    const count = step.last - step.first + 1;
    let bytes = 0;
    if (count > 0) {
      this.cache.pieces(step.first, step.last, pieces);
      for (const piece of pieces) bytes += piece.length;
    }
    const { log } = this;
    log.append(
      {
        hardState: { term: step.hardState.term, vote: step.hardState.vote },
        truncateFrom: step.truncateFrom,
        first: count > 0 ? step.first : 0,
        count: Math.max(count, 0),
        pieces,
        bytes,
      },
      // What an image has made void needs no answer.
      (error) => {
        if (this.#log === log) done(error);
      },
    );
  }

  #takeBatch(step: Persist): void {
    const batch = step.batch;
    assert(batch !== null, 'a foreign step has its batch');
    const body = batch.body as ReceivedBody;
    const offset = step.first - batch.first;
    const startOf = (i: number): number => body.starts[i] as number;
    const batchChain =
      offset === 0 ? body.previousChain : recordChain(body.buffer, startOf(offset - 1));
    const ownChain = this.chainAt(step.first - 1);
    // Equal index and term must mean an equal log from the beginning on (log matching, SPEC L1).
    assert(batchChain === ownChain, 'the log up to here equals the leader’s');
    if (step.truncateFrom !== 0) this.cache.truncate(step.truncateFrom);
    for (let i = offset; i < body.starts.length; i++) {
      const end = i + 1 < body.starts.length ? startOf(i + 1) : body.buffer.length;
      this.cache.push(body.buffer, startOf(i), end);
    }
    this.#last = step.last;
    this.#chain = recordChain(body.buffer, startOf(body.starts.length - 1));
  }

  /** Chain of any entry up to the last. */
  chainAt(index: number): number {
    if (index === this.#last) return this.#chain;
    if (this.cache.has(index)) return recordChain(this.cache.chunk(index), this.cache.start(index));
    return this.log.chainAt(index);
  }

  reach(first: LogIndex, maxBytes: number): { last: LogIndex; bytes: number } {
    if (!this.cache.has(first)) {
      // What has left the cache is written; what is in it may not be yet.
      let end = first as number;
      let size = this.log.entryBytes(end);
      while (end + 1 < this.cache.first && size + this.log.entryBytes(end + 1) <= maxBytes) {
        end++;
        size += this.log.entryBytes(end);
      }
      return { last: asLogIndex(end), bytes: size };
    }
    let last = first as number;
    let bytes = this.cache.end(last) - this.cache.start(last);
    while (last < this.#last) {
      const size = this.cache.end(last + 1) - this.cache.start(last + 1);
      if (bytes + size > maxBytes) break;
      bytes += size;
      last++;
    }
    return { last: asLogIndex(last), bytes };
  }

  /** The records `first` to `last`, in memory or read from the disk, for a peer. */
  pieces(first: number, last: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let from = first;
    while (from <= last && !this.cache.has(from)) {
      const read = this.log.read(from, Math.min(last, this.cache.first - 1), READ_BYTES);
      pieces.push(read.buffer);
      from = read.last + 1;
    }
    if (from <= last) this.cache.pieces(from, last, pieces);
    return pieces;
  }

  /** Calls `visitor` for each entry in order. */
  visit(first: number, last: number, visitor: EntryVisitor): void {
    let index = first;
    while (index <= last && !this.cache.has(index)) {
      const until = this.cache.count > 0 ? Math.min(last, this.cache.first - 1) : last;
      const { buffer, last: reached } = this.log.read(index, until, READ_BYTES);
      let at = 0;
      for (; index <= reached; index++) {
        const end = at + recordBytes(buffer, at);
        visitor(index, buffer, at, end);
        at = end;
      }
    }
    for (; index <= last; index++) {
      visitor(index, this.cache.chunk(index), this.cache.start(index), this.cache.end(index));
    }
  }

  /** Entries up to `base` are in no log any more. */
  forget(base: LogIndex): void {
    this.cache.evict(0, base);
  }

  /**
   * Bounds the cache to `limit` bytes (0: no bound); entries after `applied` stay. What the `others`
   * have as well is kept only for a while, because memory that is used again is quicker than more.
   */
  evict(limit: number, applied: LogIndex, others: Iterable<{ readonly match: LogIndex }>): void {
    const done = Math.min(applied, this.log.writtenIndex);
    if (this.cache.bytes > KEPT_CACHE_BYTES) {
      let everywhere = done;
      for (const { match } of others) everywhere = Math.min(everywhere, match);
      this.cache.evict(
        limit === 0 ? KEPT_CACHE_BYTES : Math.min(limit, KEPT_CACHE_BYTES),
        everywhere,
      );
    }
    // What is written can be read again, if it must be; so the cache is bounded also while nothing is
    // applied.
    if (limit > 0) this.cache.evict(limit, this.log.writtenIndex);
  }
}
