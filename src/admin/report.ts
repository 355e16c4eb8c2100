import type { ImageMeta } from '../replica/image/meta.ts';
import type { DatasetFacts } from './dataset.ts';
import { countText, sizeText, timeText } from './sizes.ts';

/** Something that is not as it was written, and where. */
export interface Damage {
  readonly file: string;
  readonly offset?: number;
  /** First entry of the log that is affected. */
  readonly index?: number;
  readonly what: string;
}

export interface LogReport {
  readonly file: string;
  readonly clusterId: string;
  readonly nodeId: number;
  /** The entry before the first one. */
  readonly base: number;
  readonly last: number;
  readonly term: number;
  readonly vote: number;
  /** Row of the recovery table, and what it means. */
  readonly recovery: string;
  readonly bytes: number;
  /** What the index file is worth. */
  readonly indexFile: string;
}

export interface ImageReport {
  readonly file: string;
  readonly clusterId: string;
  /** From which node it was taken; only of backups. */
  readonly nodeId?: number;
  readonly index: number;
  readonly term: number;
  /** In ms of the epoch. */
  readonly time: number;
  readonly records: number;
  /** Of all records. */
  readonly bytes: number;
  /** Null: damage kept it from being loaded. */
  readonly dataset: DatasetFacts | null;
}

export interface Report {
  readonly sound: boolean;
  readonly log: LogReport | null;
  readonly image: ImageReport | null;
  /** What a server started on these files will do, and the row of the table of starts. */
  readonly start: { readonly row: string; readonly what: string } | null;
  readonly notes: readonly string[];
  readonly damages: readonly Damage[];
}

export function imageReport(
  file: string,
  meta: ImageMeta,
  more: { readonly nodeId?: number; readonly dataset: DatasetFacts | null },
): ImageReport {
  const { clusterId, index, term, time, facts } = meta;
  const { records, bytes } = facts.totals;
  return { file, clusterId, index, term, time, records, bytes, ...more };
}

export function reportLines(report: Report): string[] {
  const lines: string[] = [];
  if (report.log !== null) lines.push(...logLines(report.log));
  if (report.image !== null) lines.push(...imageLines(report.image));
  if (report.start !== null) lines.push(`start: ${report.start.what} (${report.start.row})`);
  for (const note of report.notes) lines.push(`note: ${note}`);
  for (const damage of report.damages) lines.push(`DAMAGED ${damageText(damage)}`);
  lines.push(report.sound ? 'sound' : `${countText(report.damages.length, 'damage')} found`);
  return lines;
}

export function damageText({ file, offset, index, what }: Damage): string {
  const place = [
    ...(offset === undefined ? [] : [`offset ${offset}`]),
    ...(index === undefined ? [] : [`entry ${index}`]),
  ];
  const where = place.length === 0 ? file : `${file}, ${place.join(', ')}`;
  return what.startsWith(file) ? what : `${where}: ${what}`;
}

function logLines(log: LogReport): string[] {
  const { last, base } = log;
  const entries = last > base ? `entries ${base + 1} to ${last}` : `no entries behind ${base}`;
  return [
    `log   ${log.file}`,
    `      node ${log.nodeId} of cluster ${log.clusterId}`,
    `      ${entries}, term ${log.term}, ${sizeText(log.bytes)}, index file ${log.indexFile}`,
    `      ${log.recovery}`,
  ];
}

function imageLines(image: ImageReport): string[] {
  const { dataset } = image;
  const node = image.nodeId === undefined ? '' : `node ${image.nodeId} of `;
  const lines = [
    `image ${image.file}`,
    `      of ${node}cluster ${image.clusterId}, made ${timeText(image.time)}`,
    `      entry ${image.index}, term ${image.term}, ${countText(image.records, 'record')}, ` +
      sizeText(image.bytes),
  ];
  if (dataset === null) return [...lines, '      not loaded'];
  for (const { index, keys } of dataset.databases) {
    lines.push(`      db${index}: ${countText(keys, 'key')}`);
  }
  if (dataset.databases.length === 0) lines.push('      no keys');
  return [...lines, `      digest ${dataset.digest}`];
}
