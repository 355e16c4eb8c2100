import {
  asLogIndex,
  asMilliseconds,
  asNodeId,
  asTerm,
  NO_INDEX,
  NO_NODE,
} from '../../../src/base/ids.ts';
import { Prng } from '../../../src/base/prng.ts';
import type { Configuration, Member } from '../../../src/raft/configuration.ts';
import type { Effects } from '../../../src/raft/effects.ts';
import type { EntryBatch, Message, TermRun } from '../../../src/raft/message.ts';
import type { Progress } from '../../../src/raft/progress.ts';
import { Raft } from '../../../src/raft/raft.ts';
import type { ConfigurationAt, RaftOptions } from '../../../src/raft/setup.ts';
import type { ImagePoint } from '../../../src/raft/snapshot.ts';
import { TermIndex } from '../../../src/raft/term-index.ts';

export interface SoloSetup {
  /** Voters 1, 2, 3 if left out; the core under test is node 1. */
  readonly voters?: readonly number[];
  readonly learners?: readonly number[];
  /** Terms of the entries on its disk, from `base` + 1 on; the configuration is entry `base` + 1. */
  readonly log?: readonly number[];
  readonly base?: number;
  readonly term?: number;
  readonly vote?: number;
  readonly raft?: Partial<RaftOptions>;
}

export const TIMEOUT = 100;

export function configurationOf(
  voters: readonly number[],
  learners: readonly number[] = [],
): Configuration {
  const member = (id: number, voting: boolean): Member => ({
    id: asNodeId(id),
    host: 'host',
    port: id,
    voting,
  });
  return {
    change: null,
    members: [...voters.map((id) => member(id, true)), ...learners.map((id) => member(id, false))],
  };
}

/** An image of the state after an entry, with a configuration from before it. */
export function imageOf(
  index: number,
  term: number,
  voters: readonly number[] = [1, 2, 3],
): ImagePoint {
  const configuration = { index: asLogIndex(index - 1), configuration: configurationOf(voters) };
  return { index: asLogIndex(index), term: asTerm(term), configuration };
}

/** Entries `first` and on with these terms, as they would come from a leader. */
export function batch(
  first: number,
  terms: readonly number[],
  configurations: readonly ConfigurationAt[] = [],
): EntryBatch {
  const runs: TermRun[] = terms.map((term, i) => ({
    first: asLogIndex(first + i),
    term: asTerm(term),
  }));
  const last = asLogIndex(first + terms.length - 1);
  return { first: asLogIndex(first), last, runs, configurations, body: null };
}

/** One core, node 1, whose messages, disk and clock the test plays by hand. */
export class Solo {
  readonly raft: Raft;
  now = 0;
  /** Newest step of the disk queue. */
  sequence = 0;

  constructor(setup: SoloSetup = {}) {
    const base = setup.base ?? 0;
    const log = new TermIndex(asLogIndex(base), asTerm(base > 0 ? 1 : 0));
    const terms = setup.log ?? [1];
    terms.forEach((term, i) => {
      log.append(asLogIndex(base + i + 1), asTerm(term));
    });
    this.raft = new Raft({
      self: asNodeId(1),
      options: {
        electionTimeout: TIMEOUT,
        heartbeatInterval: 25,
        maxInflightAppends: 4,
        maxAppendBytes: 10,
        ...setup.raft,
      },
      random: new Prng(1, 2),
      sizes: {
        reach: (first, maxBytes) => ({
          last: asLogIndex(Math.max(first, Math.min(first + maxBytes - 1, this.raft.last))),
          bytes: 1,
        }),
      },
      now: asMilliseconds(0),
      restored: {
        hardState: {
          term: asTerm(setup.term ?? terms.at(-1) ?? 0),
          vote: asNodeId(setup.vote ?? 0),
        },
        log,
        configurations: [
          {
            index: asLogIndex(base + 1),
            configuration: configurationOf(setup.voters ?? [1, 2, 3], setup.learners),
          },
        ],
        commit: asLogIndex(base),
      },
    });
  }

  /** Effects of everything since the last call. */
  take(): Effects {
    const effects = this.raft.takeEffects();
    this.sequence = effects.persists.at(-1)?.sequence ?? this.sequence;
    return effects;
  }

  messages(): readonly Message[] {
    return this.take().messages;
  }

  /** Messages of one kind out of {@link messages}. */
  sent<Kind extends Message['kind']>(kind: Kind): Extract<Message, { kind: Kind }>[] {
    const found: Extract<Message, { kind: Kind }>[] = [];
    for (const message of this.messages()) {
      if (message.kind === kind) found.push(message as Extract<Message, { kind: Kind }>);
    }
    return found;
  }

  /** All that was queued for the disk is durable. */
  persist(): this {
    this.take();
    this.raft.persisted(this.sequence);
    return this;
  }

  wait(time: number): this {
    this.now += time;
    this.raft.advanceTo(asMilliseconds(this.now));
    if (this.now >= this.raft.deadline) this.raft.tick();
    return this;
  }

  step(message: Message): this {
    this.raft.step(message);
    return this;
  }

  #envelope(from: number, term: number): { from: never; to: never; term: never } {
    return { from: asNodeId(from), to: asNodeId(1), term: asTerm(term) } as never;
  }

  askedForVote(
    from: number,
    term: number,
    options: { preVote?: boolean; transfer?: boolean; lastIndex?: number; lastTerm?: number } = {},
  ): this {
    return this.step({
      kind: 'vote-request',
      ...this.#envelope(from, term),
      preVote: options.preVote ?? false,
      transfer: options.transfer ?? false,
      lastIndex: asLogIndex(options.lastIndex ?? 100),
      lastTerm: asTerm(options.lastTerm ?? term),
    });
  }

  voted(from: number, term: number, granted: boolean, preVote = false): this {
    return this.step({ kind: 'vote-response', ...this.#envelope(from, term), granted, preVote });
  }

  appended(
    from: number,
    term: number,
    previous: readonly [index: number, term: number],
    terms: readonly number[],
    options: { commit?: number; configurations?: readonly ConfigurationAt[] } = {},
  ): this {
    const entries = batch(previous[0] + 1, terms, options.configurations);
    return this.step({
      kind: 'append',
      ...this.#envelope(from, term),
      previousIndex: asLogIndex(previous[0]),
      previousTerm: asTerm(previous[1]),
      commit: asLogIndex(options.commit ?? 0),
      first: entries.first,
      last: entries.last,
      entries,
    });
  }

  beaten(from: number, term: number, commit = 0, readSequence = 0): this {
    const head = this.#envelope(from, term);
    return this.step({ kind: 'heartbeat', ...head, commit: asLogIndex(commit), readSequence });
  }

  answered(from: number, term: number, readSequence: number, lastIndex = 0): this {
    const head = this.#envelope(from, term);
    return this.step({
      kind: 'heartbeat-response',
      ...head,
      readSequence,
      lastIndex: asLogIndex(lastIndex),
    });
  }

  acknowledged(from: number, term: number, match: number): this {
    return this.step({
      kind: 'append-response',
      ...this.#envelope(from, term),
      success: true,
      match: asLogIndex(match),
      refused: NO_INDEX,
      hintIndex: NO_INDEX,
      hintTerm: asTerm(0),
    });
  }

  refused(
    from: number,
    term: number,
    refused: number,
    hint: readonly [index: number, term: number],
  ): this {
    return this.step({
      kind: 'append-response',
      ...this.#envelope(from, term),
      success: false,
      match: NO_INDEX,
      refused: asLogIndex(refused),
      hintIndex: asLogIndex(hint[0]),
      hintTerm: asTerm(hint[1]),
    });
  }

  /** Node 1 becomes leader of the next term, with the votes of all others, and proposes its no-op. */
  lead(): this {
    this.raft.campaign();
    this.persist();
    for (const { id, voting } of this.raft.configuration.members) {
      if (voting && id !== this.raft.self && this.raft.role === 'candidate') {
        this.voted(id, this.raft.term, true);
      }
    }
    if (this.raft.needsNoop) this.raft.propose();
    this.take();
    return this;
  }

  /** Leader: everything so far is durable here and at `others`. */
  settle(...others: number[]): this {
    this.persist();
    for (const id of others) this.acknowledged(id, this.raft.term, this.raft.last);
    this.take();
    return this;
  }

  /** Leader: what it knows of another node. */
  progressOf(id: number): Progress | undefined {
    for (const progress of this.raft.progress()) if (progress.id === id) return progress;
    return undefined;
  }

  get role(): string {
    return this.raft.role;
  }

  get leader(): number {
    return this.raft.leader === NO_NODE ? 0 : this.raft.leader;
  }
}
