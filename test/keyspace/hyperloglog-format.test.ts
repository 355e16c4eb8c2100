import t from 'tap';
import {
  emptyHyperloglog,
  forEachRun,
  isDense,
  looksLikeHyperloglog,
  putRun,
  REGISTERS,
  runBytes,
  runLength,
  runRank,
} from '../../src/keyspace/hyperloglog-format.ts';
import { RawString } from '../../src/keyspace/raw-string.ts';

const HEAD = `HYLL\x01${'\0'.repeat(11)}`;

function runsOf(text: string): { sound: boolean; runs: number[][] } {
  const runs: number[][] = [];
  const sound = forEachRun(Buffer.from(HEAD + text, 'latin1'), (rank, from, length) => {
    runs.push([rank, from, length]);
  });
  return { sound, runs };
}

t.test('runs read back as they were written', async (t) => {
  const bytes = new Uint8Array(2);
  for (const [rank, length, size] of [
    [0, 1, 1],
    [0, 64, 1],
    [0, 65, 2],
    [0, 16384, 2],
    [1, 1, 1],
    [32, 4, 1],
    [7, 3, 1],
  ] as const) {
    t.equal(putRun(bytes, 0, { rank, length }), size);
    const [first = 0, second = 0] = bytes;
    t.same([runRank(first), runLength(first, second), runBytes(first)], [rank, length, size]);
  }
  t.equal(putRun(bytes, 1, { rank: 5, length: 0 }), 1, 'nothing');
});

t.test('an empty one is a head and one run of zeros', async (t) => {
  const empty = emptyHyperloglog();
  t.equal(empty.text(), `${HEAD}\x7f\xff`);
  t.notOk(isDense(empty));
});

t.test('the runs are visited if they make up all registers', async (t) => {
  t.same(runsOf('\x7f\xff'), { sound: true, runs: [[0, 0, REGISTERS]] });
  t.same(runsOf('\x84\x3f\x7f\xbe'), {
    sound: true,
    runs: [
      [2, 0, 1],
      [0, 1, 64],
      [0, 65, REGISTERS - 65],
    ],
  });
  for (const wrong of ['', '\x7f', '\x7f\xfe', '\x7f\xff\x00', '\x84\x7f\xff']) {
    t.notOk(runsOf(wrong).sound, JSON.stringify(wrong));
  }
});

t.test('a HyperLogLog is told by its head, and a dense one by its length', async (t) => {
  const looks = (text: string): boolean => looksLikeHyperloglog(RawString.ofText(text));
  t.ok(looks(HEAD));
  t.ok(looks(`${HEAD}anything`));
  t.ok(looks(`HYLL\0${'\0'.repeat(12_299)}`));
  for (const other of [
    '',
    'HYLL',
    HEAD.slice(0, 15),
    HEAD.replace('Y', 'y'),
    HEAD.replace('\x01', '\x02'),
    `HYLL\0${'\0'.repeat(12_298)}`,
    `HYLL\0${'\0'.repeat(12_300)}`,
  ]) {
    t.notOk(looks(other));
  }
});
