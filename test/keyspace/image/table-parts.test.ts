import t from 'tap';
import { ByteReader, Malformed } from '../../../src/keyspace/image/byte-reader.ts';
import { ByteWriter } from '../../../src/keyspace/image/byte-writer.ts';
import { Changes } from '../../../src/keyspace/image/changes.ts';
import {
  pageBits,
  readLayout,
  TableLoader,
  TableParts,
} from '../../../src/keyspace/image/table-parts.ts';
import { KIND_SET_TABLE } from '../../../src/keyspace/image/value-parts.ts';
import { FakeCollection } from '../fake-collection.ts';

/** A table of words. */
class WordParts extends TableParts {
  readonly kind = KIND_SET_TABLE;
  readonly words: readonly string[];

  constructor(changes: Changes, words: readonly string[], bits: number) {
    super(
      changes,
      {
        get count() {
          return words.length;
        },
      },
      { bits },
    );
    this.words = words;
  }

  protected encodeEntries(from: number, to: number, into: ByteWriter): void {
    for (let at = from; at < to; at++) into.text(this.words[at] as string);
  }
}

function words(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `word ${i}`);
}

function pageOf(parts: TableParts, part: number): ByteReader | undefined {
  const into = new ByteWriter();
  return parts.encode(part, into) ? new ByteReader(Buffer.from(into.view())) : undefined;
}

t.test('pages have so many entries that they take 1 to 2 KB', async (t) => {
  const bitsOf = (bytes: number, count = 10_000): number | undefined =>
    pageBits({ count }, () => bytes);
  t.equal(bitsOf(100), 4);
  t.equal(bitsOf(128), 4);
  t.equal(bitsOf(129), 3);
  t.equal(bitsOf(1), 7, 'but 128 entries at most');
  t.equal(bitsOf(0), 7);
  t.equal(bitsOf(1e9), 2, 'and 4 at least');
});

t.test('a table that would be one page has none', async (t) => {
  t.equal(
    pageBits({ count: 16 }, () => 100),
    undefined,
  );
  t.equal(
    pageBits({ count: 17 }, () => 100),
    4,
  );
  t.equal(
    pageBits({ count: 0 }, () => 100),
    undefined,
  );
  t.equal(
    pageBits({ count: 4 }, () => 1e9),
    undefined,
  );
});

t.test('the size of entries is learnt from some all over the table', async (t) => {
  const looked: number[] = [];
  pageBits({ count: 1_000_000 }, (entry) => looked.push(entry));
  t.equal(looked.length, 32);
  t.equal(looked[1], 31_250);
});

t.test('a page is a range of entries, and there is none beyond the last', async (t) => {
  const parts = new WordParts(new Changes(), words(10), 2);
  const [, second, third] = [0, 1, 2].map((part) => pageOf(parts, part));
  t.same([second?.text(), second?.text()], ['word 4', 'word 5']);
  t.same([third?.text(), third?.text(), third?.remaining], ['word 8', 'word 9', 0]);
  t.equal(pageOf(parts, 3), undefined);
});

t.test('adding and changing touch a page, removing that of the last entry too', async (t) => {
  const touched = (change: (parts: WordParts) => void): number[] => {
    const parts = new WordParts(new Changes(), words(10), 2);
    change(parts);
    return parts.dirty;
  };
  t.same(
    touched((parts) => parts.beforeEntry(10)),
    [2],
  );
  t.same(
    touched((parts) => parts.beforeEntry(12)),
    [3],
  );
  t.same(
    touched((parts) => parts.beforeRemoval(3)),
    [0, 2],
  );
  t.same(
    touched((parts) => parts.beforeRemoval(8)),
    [2],
  );
});

/** Loads pages of ten words, four in each. */
function loading(): { readonly loader: TableLoader; readonly loaded: string[] } {
  const parts = new WordParts(new Changes(), words(10), 2);
  const into = new ByteWriter();
  parts.header(into);
  const loaded: string[] = [];
  const loader = new TableLoader({
    layout: readLayout(new ByteReader(Buffer.from(into.view()))),
    parts,
    fill: (from, count) => {
      for (let i = 0; i < count; i++) loaded.push(from.text());
    },
    finish: () => new FakeCollection(loaded),
  });
  return { loader, loaded };
}

function load(loader: TableLoader, ...pages: readonly number[]): void {
  const source = new WordParts(new Changes(), words(16), 2);
  for (const page of pages) {
    const from = pageOf(source, page);
    if (from === undefined) throw new Error('no such page');
    // The last page of ten words has two.
    loader.part(page, page === 2 ? new ByteReader(Buffer.from(from.raw(14))) : from);
  }
}

t.test('pages come back one after the other', async (t) => {
  const { loader, loaded } = loading();
  load(loader, 0, 1, 2);
  t.equal(loader.part(3, new ByteReader(Buffer.alloc(0))), false, 'nothing is beyond the last');
  loader.finish();
  t.same(loaded, words(10));
});

t.test('a page that is missing or has something more is malformed', async (t) => {
  t.throws(() => load(loading().loader, 0, 2), Malformed);
  t.throws(() => load(loading().loader, 1), Malformed);
  const { loader } = loading();
  load(loader, 0, 1);
  t.throws(() => loader.finish(), Malformed);
  const text = Buffer.from('\x06word 8\x06word 9\x00', 'latin1');
  t.throws(() => loader.part(2, new ByteReader(text)), Malformed);
  t.throws(() => readLayout(new ByteReader(Buffer.from([10, 8]))), Malformed);
});
