import t from 'tap';
import { countText, sizeText, timeText } from '../../src/admin/sizes.ts';

t.test('sizes have three digits and a unit', async (t) => {
  for (const [bytes, text] of [
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.00 KB'],
    [1234, '1.23 KB'],
    [12_345, '12.3 KB'],
    [999_499, '999 KB'],
    [999_600, '1.00 MB'],
    [5.5e9, '5.50 GB'],
    [2e15, '2000 TB'],
  ] as const) {
    t.equal(sizeText(bytes), text);
  }
});

t.test('counts agree with their noun', async (t) => {
  t.equal(countText(0, 'key'), '0 keys');
  t.equal(countText(1, 'key'), '1 key');
  t.equal(countText(2, 'entry', 'entries'), '2 entries');
});

t.test('times are those of UTC', async (t) => {
  t.equal(timeText(1_700_000_000_123), '2023-11-14 22:13:20 UTC');
});
