import t from 'tap';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import type { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import { ImageWriting } from '../../../src/keyspace/image/image-writing.ts';
import {
  isReserved,
  NumberedParts,
  readCount,
} from '../../../src/keyspace/image/numbered-parts.ts';
import { KIND_QUICKLIST } from '../../../src/keyspace/image/value-parts.ts';

class Item {
  part = 0;
  readonly letter: number;

  constructor(letter: number) {
    this.letter = letter;
  }
}

class Letters extends NumberedParts<Item> {
  readonly kind: typeof KIND_QUICKLIST = KIND_QUICKLIST;

  header(): void {}

  encode(part: number, into: ByteWriter): boolean {
    const item = this.item(part);
    if (item === undefined) return false;
    into.byte(item.letter);
    return true;
  }

  attach(part: number, item: Item): void {
    this.restore(part, item);
  }
}

/** Letters with an image in `records`: those that were put there last, by part. */
class Setting {
  readonly changes = new Changes();
  readonly letters = new Letters(this.changes);
  readonly records: Map<number, string> = new Map();

  begin(): ImageWriting {
    this.records.clear();
    return new ImageWriting(this.changes, {
      put: ({ part }, payload) => {
        this.records.set(part, payload.latin1Slice());
        return 1;
      },
      tombstone: () => {},
    });
  }

  save(): string {
    const writing = this.begin();
    writing.step(() => false);
    writing.commit();
    return this.content;
  }

  get content(): string {
    return [...this.records].map(([part, letter]) => `${part}${letter}`).join(' ');
  }

  add(letter: string): Item {
    const item = new Item(letter.charCodeAt(0));
    this.letters.add(item);
    return item;
  }
}

t.test('items are numbered from 1, without the numbers reserved', async (t) => {
  const setting = new Setting();
  const parts = Array.from({ length: 70 }, () => setting.add('x').part);
  t.same(parts.slice(0, 3), [1, 2, 3]);
  t.equal(parts.at(-1), 72);
  t.notOk(parts.some(isReserved));
});

t.test(
  'the number of one that has gone is given away again, also within the same image',
  async (t) => {
    const setting = new Setting();
    const a = setting.add('a');
    setting.add('b');
    t.equal(setting.save(), '1a 2b');
    setting.letters.remove(a);
    t.equal(setting.add('c').part, 1);
    t.equal(setting.save(), '1c');
    t.equal(setting.changes.totals.records, 2);
  },
);

t.test('one that goes while its record has still to be written is written later', async (t) => {
  const setting = new Setting();
  const a = setting.add('a');
  setting.add('b');
  const writing = setting.begin();
  setting.letters.remove(a);
  t.equal(setting.content, '', 'nothing is written at that moment');
  t.equal(setting.add('c').part, 3, 'the number is not free yet');
  writing.step(() => false);
  writing.commit();
  t.equal(setting.content, '1a 2b');
  t.equal(setting.add('d').part, 1);
  t.equal(setting.save(), '3c 1d');
});

t.test('one that has gone is not in the image after one that was given up', async (t) => {
  const setting = new Setting();
  const a = setting.add('a');
  setting.add('b');
  const writing = setting.begin();
  setting.letters.remove(a);
  writing.abort();
  t.equal(setting.save(), '2b');
  t.equal(setting.add('c').part, 1);
});

t.test('a number whose last item the image being written must still find gone', async (t) => {
  const setting = new Setting();
  const a = setting.add('a');
  setting.add('b');
  setting.save();
  setting.letters.remove(a);
  const writing = setting.begin();
  t.equal(setting.add('c').part, 1);
  writing.step(() => false);
  t.equal(setting.changes.totals.records, 1, 'b');
  writing.commit();
  t.equal(setting.save(), '1c');
});

t.test('items that were loaded have their numbers, and others get what is free', async (t) => {
  const { letters, add } = bound(new Setting());
  letters.attach(5, new Item(65));
  letters.attach(2, new Item(66));
  letters.restored();
  t.same([add(), add(), add(), add()], [1, 3, 4, 6]);
  t.throws(() => letters.attach(64, new Item(67)), Malformed);
});

function bound(setting: Setting): { readonly letters: Letters; readonly add: () => number } {
  return { letters: setting.letters, add: () => setting.add('x').part };
}

t.test('a count beyond what is left is refused', async (t) => {
  t.equal(readCount(new ByteReader(Buffer.from([2, 0, 0]))), 2);
  t.throws(() => readCount(new ByteReader(Buffer.from([3, 0, 0]))), Malformed);
});
