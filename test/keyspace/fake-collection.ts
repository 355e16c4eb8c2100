import type { Collection, DigestSink } from '../../src/keyspace/value.ts';

/** The least a value with elements can be: for tests of what strings are told apart from. */
export class FakeCollection implements Collection {
  readonly type = 'list';
  readonly items: readonly string[];

  constructor(items: readonly string[]) {
    this.items = items;
  }

  get size(): number {
    return this.items.length;
  }

  memory(): number {
    return this.items.join('').length;
  }

  encoding(): string {
    return 'listpack';
  }

  copy(): FakeCollection {
    return new FakeCollection([...this.items]);
  }

  feed(sink: DigestSink): void {
    for (const item of this.items) sink.text(item);
  }
}
