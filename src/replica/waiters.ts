import { assert } from '../base/assert.ts';
import { Heap } from '../base/heap.ts';
import type { LogIndex, Milliseconds } from '../base/ids.ts';
import type { DataCommand } from '../commands/command.ts';
import type { CommandTable } from '../commands/command-table.ts';
import { type Interests, interestName } from '../keyspace/interests.ts';
import type { SavedWaiter } from './image/meta.ts';

/** A command that waits for one of its keys: part of the replicated state, like the keys. */
export interface Waiter {
  /** Position of its entry. */
  readonly id: LogIndex;
  readonly db: number;
  readonly command: DataCommand;
  readonly request: unknown;
  readonly keys: readonly string[];
  /** By the logical clock; Infinity: it waits for ever. */
  readonly deadline: number;
}

/** Fewer deadlines are never swept. */
const MIN_SWEPT = 1024;

/**
 * Commands that wait, in the order in which they came. The same on every node: they are parked, woken
 * and given up while entries are applied, and nowhere else.
 */
export class Waiters {
  readonly #interests: Interests;
  readonly #byId: Map<LogIndex, Waiter> = new Map();
  /** By database and key, each in the order of their ids. */
  readonly #byKey: Map<string, Map<LogIndex, Waiter>> = new Map();
  /** Those with a deadline, the ones that are gone included. */
  readonly #deadlines: Heap<Waiter> = new Heap(
    (a, b) => a.deadline < b.deadline || (a.deadline === b.deadline && a.id < b.id),
  );

  constructor(interests: Interests) {
    this.#interests = interests;
  }

  get count(): number {
    return this.#byId.size;
  }

  get(id: LogIndex): Waiter | undefined {
    return this.#byId.get(id);
  }

  park(waiter: Waiter): void {
    assert(!this.#byId.has(waiter.id), 'an entry parks one command');
    this.#byId.set(waiter.id, waiter);
    for (const key of new Set(waiter.keys)) {
      const name = interestName(waiter.db, key);
      let waiters = this.#byKey.get(name);
      if (waiters === undefined) {
        waiters = new Map();
        this.#byKey.set(name, waiters);
      }
      waiters.set(waiter.id, waiter);
      this.#interests.add(name);
    }
    if (waiter.deadline !== Number.POSITIVE_INFINITY) this.#deadlines.push(waiter);
  }

  /** Puts one back as it was in an image. */
  restore(saved: SavedWaiter, table: CommandTable): void {
    const { id, db, request, deadline } = saved;
    const command = table.get(saved.command);
    const blocking =
      command?.kind === 'read' || command?.kind === 'write' ? command.blocking : undefined;
    assert(
      command !== undefined && command.kind !== 'container' && command.kind !== 'local',
      'a command in an image is in the table',
    );
    assert(blocking !== undefined, 'only blocking commands wait');
    this.park({ id, db, command, request, keys: blocking.keys(request), deadline });
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const waiter of [...this.#byId.values()]) this.remove(waiter);
  }

  remove(waiter: Waiter): void {
    if (!this.#byId.delete(waiter.id)) return;
    this.#sweep();
    for (const key of new Set(waiter.keys)) {
      const name = interestName(waiter.db, key);
      const waiters = this.#byKey.get(name);
      waiters?.delete(waiter.id);
      if (waiters?.size === 0) this.#byKey.delete(name);
      this.#interests.remove(name);
    }
  }

  /** Forgets the deadlines of waiters that are gone, if those are most. */
  #sweep(): void {
    if (this.#deadlines.size <= 2 * this.#byId.size + MIN_SWEPT) return;
    this.#deadlines.clear();
    for (const waiter of this.#byId.values()) {
      if (waiter.deadline !== Number.POSITIVE_INFINITY) this.#deadlines.push(waiter);
    }
  }

  /** Those that wait for a key, in the order in which they came. */
  on(name: string): Iterable<Waiter> {
    return this.#byKey.get(name)?.values() ?? [];
  }

  all(): Iterable<Waiter> {
    return this.#byId.values();
  }

  /** The first deadline; Infinity if there is none. */
  nextDeadline(): number {
    for (;;) {
      const first = this.#deadlines.first();
      if (first === undefined) return Number.POSITIVE_INFINITY;
      if (this.#byId.has(first.id)) return first.deadline;
      this.#deadlines.pop();
    }
  }

  /** Removes and returns a waiter whose deadline has come. */
  takeDue(clock: Milliseconds): Waiter | undefined {
    if (this.nextDeadline() > clock) return undefined;
    const waiter = this.#deadlines.pop();
    if (waiter !== undefined) this.remove(waiter);
    return waiter;
  }
}
