import type {
  LocalBackups,
  LocalSaving,
  LocalSession,
  MemoryFacts,
  SaveOutcome,
} from '../../src/commands/local.ts';
import type { Keyspace } from '../../src/keyspace/keyspace.ts';
import { OK, type Reply } from '../../src/resp/reply.ts';

/** Notes what it is asked for in `calls`; everything succeeds at once. */
export class FakeBackups implements LocalBackups {
  readonly calls: string[] = [];

  begin(session: LocalSession, done: (reply: Reply) => void): void {
    this.calls.push(`begin ${session.id}`);
    done(OK);
  }

  next(session: LocalSession, maxBytes: number, done: (reply: Reply) => void): void {
    this.calls.push(`next ${session.id} ${maxBytes}`);
    done(null);
  }

  end(session: LocalSession): Reply {
    this.calls.push(`end ${session.id}`);
    return OK;
  }
}

/** Notes what it is asked for in `calls`; what was begun ends when `end` is called. */
export class FakeSaving implements LocalSaving {
  readonly calls: string[] = [];
  readonly backups: FakeBackups = new FakeBackups();
  outcome: SaveOutcome = 'begun';
  isRunning = false;
  lastSave = 1_700_000_000;
  #done: ((failure: string | null) => void)[] = [];

  save(done: (failure: string | null) => void): SaveOutcome {
    return this.#begin('save', done);
  }

  compact(done: (failure: string | null) => void): SaveOutcome {
    return this.#begin('compact', done);
  }

  compactLater(): SaveOutcome {
    return this.#begin('compact later', () => {});
  }

  #begin(call: string, done: (failure: string | null) => void): SaveOutcome {
    this.calls.push(call);
    if (this.outcome === 'begun' || this.outcome === 'later') {
      this.#done.push(done);
      this.isRunning = true;
    }
    return this.outcome;
  }

  end(failure: string | null): void {
    this.isRunning = false;
    for (const done of this.#done) done(failure);
    this.#done = [];
  }
}

/** What DEBUG, SAVE and MEMORY ask of a node: answers what its fields say. */
export class FakeFacilities {
  readonly saving: FakeSaving = new FakeSaving();
  keyspace: Keyspace | null = null;
  debugAllowed = true;
  activeExpire = true;
  memoryFacts: MemoryFacts = {
    used: 0,
    peak: 0,
    resident: 0,
    clients: 0,
    clientBuffers: 0,
    databases: [],
  };
  /** What was to be done later, with the milliseconds. */
  readonly later: [milliseconds: number, done: () => void][] = [];

  memory(): MemoryFacts {
    return this.memoryFacts;
  }

  setActiveExpire(on: boolean): null {
    this.activeExpire = on;
    return null;
  }

  allowsDebug(): boolean {
    return this.debugAllowed;
  }

  after(milliseconds: number, done: () => void): void {
    this.later.push([milliseconds, done]);
  }
}
