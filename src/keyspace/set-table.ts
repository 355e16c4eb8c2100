import { MEMBER_WORDS } from './entries.ts';
import type { TableParts } from './image/table-parts.ts';
import type { KeyHash } from './key-hash.ts';
import { KeyTable } from './key-table.ts';

/** The members of a large set. */
export class SetTable extends KeyTable<null> {
  /** Once an image holds the table. */
  parts: TableParts | undefined = undefined;

  constructor(hash: KeyHash) {
    super(hash, MEMBER_WORDS, null);
  }

  override add(member: string): number {
    this.parts?.beforeEntry(this.entries.count);
    return super.add(member, null);
  }

  override remove(id: number): number {
    this.parts?.beforeRemoval(id);
    return super.remove(id);
  }

  /** Whether `test` holds for every member; it is asked in order until it does not. */
  every(test: (member: string) => boolean): boolean {
    const { entries } = this;
    for (let id = 0; id < entries.count; id++) if (!test(entries.key(id))) return false;
    return true;
  }

  /** An independent table of the same order, which no image holds; `hash` is the one it was made with. */
  copy(hash: KeyHash): SetTable {
    const copy = new SetTable(hash);
    this.every((member) => copy.add(member) >= 0);
    return copy;
  }
}
