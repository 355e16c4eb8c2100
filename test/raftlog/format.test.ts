/** FORMAT.md and README.md say what the code does. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { createLog } from '../../raftlog/index.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { appendNow, closeNow, optionsFor, PATH } from './log-fixture.ts';

function documentation(name: string): string {
  return readFileSync(new URL(`../../../raftlog/${name}`, import.meta.url), 'utf8');
}

/** The bytes of a dump in FORMAT.md: lines of an offset and up to 16 bytes. */
function dumpAfter(title: string): Buffer {
  const lines = documentation('FORMAT.md').split('\n');
  const start = lines.findIndex((line) => line.startsWith(title));
  const bytes: number[] = [];
  for (const line of lines.slice(start + 1)) {
    const row = /^(\d{4}): ((?:[0-9a-f]{2} ?){1,16})/.exec(line);
    if (row === null) break;
    if (Number(row[1]) !== bytes.length) throw new Error(`wrong offset: ${line}`);
    for (const byte of (row[2] as string).trim().split(/ +/)) bytes.push(Number.parseInt(byte, 16));
  }
  return Buffer.from(bytes);
}

t.test('the worked example is what the code writes', async (t) => {
  const files = new FaultyFiles();
  const log = createLog({ ...optionsFor(files), clusterId: 'example', nodeId: 1 });
  appendNow(files, log, { term: 1, vote: 1, texts: ['hi'] });
  closeNow(files, log);
  t.strictSame(files.bytes(PATH), dumpAfter('data file,'));
  t.strictSame(files.bytes(`${PATH}.idx`), dumpAfter('index file,'));
});

t.test('README.md lists every error code', async (t) => {
  const source = readFileSync(new URL('../../../raftlog/errors.ts', import.meta.url), 'utf8');
  const codes = new Set(source.match(/(?<=\| ')RAFTLOG_[A-Z]+/g));
  const listed = documentation('README.md').match(/(?<=^\| `)RAFTLOG_[A-Z]+/gm) ?? [];
  t.strictSame([...listed].sort(), [...codes].sort());
});
