import { readdirSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { ImageStoreError } from './level-errors.ts';
import { LogCheck } from './level-log.ts';

/** Names of the files with data. LevelDB has others before it has ever stored anything. */
const DATA_FILE = /^\d+\.(log|ldb|sst)$/;

/** Whether a LevelDB was ever opened in this folder. */
export function holdsLevel(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name === 'CURRENT' || DATA_FILE.test(name));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Throws if files are not as LevelDB left them and it would not say so. */
export async function checkLevel(folder: string): Promise<void> {
  const names = (await unlessMissing(fs.readdir(folder))) ?? [];
  const data = names.filter((name) => DATA_FILE.test(name));
  // LevelDB would begin anew, and take up some of the old files as if they were its own.
  if (!names.includes('CURRENT') && data.length > 0) {
    throw damaged(folder, `the file CURRENT is missing, but ${data[0]} is there`);
  }
  const logs = data.filter((name) => name.endsWith('.log'));
  const check = new LogCheck();
  for (const name of logs.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
    const bytes = await unlessMissing(fs.readFile(path.join(folder, name)));
    const lost = bytes === null ? null : check.add(name, bytes);
    if (lost !== null) {
      throw damaged(
        folder,
        `${lost.name} cannot be read at byte ${lost.offset}, and later changes follow`,
      );
    }
  }
}

/** Makes a folder whose name survives a power cut; ends a deletion that was stopped half-way. */
export async function makeSafeFolder(folder: string): Promise<void> {
  const whole = path.resolve(folder);
  await fs.rm(doomedName(whole), { recursive: true, force: true });
  const made = (await fs.mkdir(whole, { recursive: true })) ?? whole;
  // Also if it was there: who made it may have been stopped before this.
  let name = whole;
  do {
    name = path.dirname(name);
    await syncFolder(name);
  } while (name.length >= made.length && name !== path.dirname(name));
}

/** Deletes a folder with all in it: at once as far as its name goes, in spite of power cuts. */
export async function removeFolder(folder: string): Promise<void> {
  const whole = path.resolve(folder);
  const doomed = doomedName(whole);
  await fs.rm(doomed, { recursive: true, force: true });
  const moved = await unlessMissing(fs.rename(whole, doomed).then(() => true));
  if (moved === null) return;
  await syncFolder(path.dirname(whole));
  await fs.rm(doomed, { recursive: true, force: true });
}

function doomedName(folder: string): string {
  return `${folder}.deleted`;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes of all files in a folder; files may come and go meanwhile. */
export function folderSize(folder: string): number {
  let total = 0;
  try {
    for (const name of readdirSync(folder)) {
      total += statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // A size for people to look at is no reason to fail: what cannot be read counts nothing.
  }
  return total;
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function damaged(folder: string, what: string): ImageStoreError {
  return new ImageStoreError('CORRUPT', `the image store in ${folder} is damaged: ${what}`);
}
