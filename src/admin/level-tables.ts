import { FileReader, type FileSystem } from '../../raftlog/index.ts';
import { checkTable } from '../world/level-table.ts';
import type { Damage } from './report.ts';
import { messageOf } from './tools.ts';

const TABLE = /^\d+\.(ldb|sst)$/;
/** Of one file; more is not listed. */
const MOST_DAMAGES = 20;

/** What is damaged in the tables of a store, by file and offset. */
export function damagedTables(files: FileSystem, folder: string): readonly Damage[] {
  return files
    .list(folder)
    .filter((name) => TABLE.test(name))
    .flatMap((name) => damagedTable(files, `${folder}/${name}`));
}

function damagedTable(files: FileSystem, path: string): Damage[] {
  try {
    const file = files.open(path, { create: false });
    try {
      return checkTable(new FileReader(file, path, file.size()))
        .slice(0, MOST_DAMAGES)
        .map((damage) => ({ file: path, ...damage }));
    } finally {
      file.close();
    }
  } catch (error) {
    return [{ file: path, what: messageOf(error) }];
  }
}
