import t from 'tap';
import { Prng } from '../../src/base/prng.ts';
import { type RecordView, SortedRecords } from '../../src/world/sorted-records.ts';

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function texts(view: RecordView): string[] {
  return [...view.entries()].map(({ key, value }) => `${key}=${value}`);
}

t.test('random changes, views and reads agree with a sorted list', async (t) => {
  const random = new Prng(0, 7);
  const records = new SortedRecords();
  const model = new Map<string, string>();
  const views: { readonly view: RecordView; readonly expected: string[] }[] = [];
  const sorted = (): string[] =>
    [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`);
  for (let round = 0; round < 300; round++) {
    // Growing, then shrinking to nothing, so that pieces are cut and vanish.
    const deleteChance = round < 150 ? 0.2 : 0.9;
    for (let i = 0; i < 60; i++) {
      const key = String(random.below(2000)).padStart(4, '0');
      const value = random.chance(deleteChance) ? null : 'v'.repeat(random.below(5));
      records.apply([{ key: bytes(key), value: value === null ? null : bytes(value) }]);
      if (value === null) model.delete(key);
      else model.set(key, value);
    }
    if (round % 20 === 0) views.push({ view: records.view(), expected: sorted() });
    const list = sorted();
    const [from, to] = [random.below(2000), random.below(2100)].map((n) =>
      String(n).padStart(4, '0'),
    );
    const limit = 1 + random.below(300);
    const query = { from: bytes(from ?? ''), to: bytes(to ?? ''), limit, maxBytes: 1e9 };
    const inside = list.filter(
      (entry) => entry.slice(0, 4) >= (from ?? '') && entry.slice(0, 4) < (to ?? ''),
    );
    const show = (reverse: boolean): string[] =>
      records
        .view()
        .read({ ...query, reverse })
        .map(({ key, value }) => `${key}=${value}`);
    if (show(false).join() !== inside.slice(0, limit).join()) t.fail(`round ${round} forward`);
    if (show(true).join() !== inside.reverse().slice(0, limit).join())
      t.fail(`round ${round} back`);
    const bytesInAll = list.reduce((sum, entry) => sum + entry.length - 1, 0);
    if (records.bytes !== bytesInAll) t.fail(`round ${round} counts ${records.bytes} bytes`);
    const probe = String(random.below(2000)).padStart(4, '0');
    if ((records.get(bytes(probe))?.toString() ?? null) !== (model.get(probe) ?? null))
      t.fail(probe);
  }
  for (const { view, expected } of views) t.same(texts(view), expected);
  t.ok(
    views.some(({ expected }) => expected.length > 512),
    'some have several pieces',
  );
});
