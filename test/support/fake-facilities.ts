import type { MemoryFacts } from '../../src/commands/local.ts';
import type { Keyspace } from '../../src/keyspace/keyspace.ts';

/** What DEBUG and MEMORY ask of a node: answers what its fields say. */
export class FakeFacilities {
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
