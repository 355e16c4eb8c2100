import t from 'tap';
import { damageText, type Report, reportLines } from '../../src/admin/report.ts';

const NOTHING: Report = {
  ...{ sound: true, log: null, image: null, start: null },
  ...{ notes: [], damages: [] },
};

t.test('a damage is told with all that is known of its place', async (t) => {
  t.equal(damageText({ file: 'f', what: 'gone' }), 'f: gone');
  t.equal(damageText({ file: 'f', offset: 0, what: 'bad' }), 'f, offset 0: bad');
  t.equal(damageText({ file: 'f', offset: 3, index: 4, what: 'bad' }), 'f, offset 3, entry 4: bad');
  t.equal(damageText({ file: 'f', what: 'f: bad at 3' }), 'f: bad at 3', 'once is enough');
});

t.test('a report ends with what it comes to', async (t) => {
  t.same(reportLines(NOTHING), ['sound']);
  const damages = [
    { file: 'f', what: 'bad' },
    { file: 'g', what: 'bad' },
  ];
  t.same(reportLines({ ...NOTHING, sound: false, notes: ['well'], damages }), [
    'note: well',
    'DAMAGED f: bad',
    'DAMAGED g: bad',
    '2 damages found',
  ]);
});

t.test('an image without keys, and one that was not loaded, are told apart', async (t) => {
  const image = {
    ...{ file: 'f', clusterId: 'c', index: 3, term: 1, time: 1_700_000_000_000 },
    ...{ records: 1, bytes: 20 },
  };
  const dataset = { databases: [], keys: 0, digest: '00' };
  t.same(reportLines({ ...NOTHING, image: { ...image, dataset } }), [
    'image f',
    '      of cluster c, made 2023-11-14 22:13:20 UTC',
    '      entry 3, term 1, 1 record, 20 bytes',
    '      no keys',
    '      digest 00',
    'sound',
  ]);
  t.match(reportLines({ ...NOTHING, image: { ...image, dataset: null } }), /not loaded/);
});
