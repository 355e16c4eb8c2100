/**
 * What is done with every state in which a log can be found, as a table. It reads no file: the
 * findings come from examine.ts, and FORMAT.md shows the same rows for people.
 */

/** What the first 128 bytes are. */
export type FileFound =
  | 'absent'
  | 'empty'
  | 'short-header'
  | 'foreign'
  | 'damaged-header'
  | 'other-version'
  | 'log';

/** What stands where the next batch would begin, behind the last one that is whole and follows. */
export type StopFound =
  /** The file ends here. */
  | 'end'
  /** Nothing but zeros up to the end of the file. */
  | 'zeros'
  /** Bytes that are not the header of a batch. */
  | 'no-batch-header'
  /** The header of a batch whose body goes beyond the end of the file. */
  | 'short-body'
  /** A batch of which a record fails its checksums. */
  | 'bad-record'
  /** A batch whose checksums are right and which cannot follow the log before it. */
  | 'contradiction';

export interface Findings {
  readonly file: FileFound;
  readonly stop: StopFound;
  /**
   * Whether something written later says that bytes beyond the stop were durable: the watermark of
   * the header of a later batch, or the index file.
   */
  readonly attested: boolean;
}

export type Verdict =
  /** There is no log. */
  | 'absent'
  /** Not opened: the file header cannot be relied on. */
  | 'bad-header'
  /** Not opened: the format is not known. */
  | 'bad-version'
  /** Not opened: durable bytes are damaged or gone. Nothing is cut. */
  | 'corrupt'
  /** Opened as it is. */
  | 'open'
  /** Opened after cutting off what follows the stop: it was never acknowledged. */
  | 'cut';

export interface RecoveryRow {
  readonly label: string;
  readonly file: FileFound;
  readonly stop: StopFound | 'any';
  readonly attested: boolean | 'any';
  readonly verdict: Verdict;
  readonly meaning: string;
}

export const RECOVERY_TABLE: readonly RecoveryRow[] = [
  row('R1', 'absent', 'any', 'any', 'absent', 'there is no log'),
  row('R2', 'empty', 'any', 'any', 'bad-header', 'the file is empty'),
  row('R3', 'short-header', 'any', 'any', 'bad-header', 'the file ends inside its header'),
  row('R4', 'foreign', 'any', 'any', 'bad-header', 'the file is not a log'),
  row('R5', 'damaged-header', 'any', 'any', 'bad-header', 'the file header fails its checksum'),
  row('R6', 'other-version', 'any', 'any', 'bad-version', 'the format version is not known'),
  row('R7', 'log', 'end', false, 'open', 'the log ends cleanly'),
  row('R8', 'log', 'end', true, 'corrupt', 'durable bytes are missing at the end'),
  row('R9', 'log', 'zeros', false, 'open', 'the log ends cleanly, in space set aside'),
  row('R10', 'log', 'zeros', true, 'corrupt', 'durable bytes have become zeros'),
  row('R11', 'log', 'no-batch-header', false, 'cut', 'the last write was torn in a batch header'),
  row('R12', 'log', 'no-batch-header', true, 'corrupt', 'a durable batch header is damaged'),
  row('R13', 'log', 'short-body', false, 'cut', 'the last write ended inside a batch'),
  row('R14', 'log', 'short-body', true, 'corrupt', 'a durable batch ends beyond the file'),
  row('R15', 'log', 'bad-record', false, 'cut', 'the last write was torn in a record'),
  row('R16', 'log', 'bad-record', true, 'corrupt', 'a durable record is damaged'),
  row('R17', 'log', 'contradiction', 'any', 'corrupt', 'a batch does not follow the one before'),
];

/** The one row that matches. */
export function decide(findings: Findings): RecoveryRow {
  const found = RECOVERY_TABLE.find((candidate) => matches(candidate, findings));
  if (found === undefined) throw new Error(`no recovery row for ${JSON.stringify(findings)}`);
  return found;
}

export function matches(candidate: RecoveryRow, findings: Findings): boolean {
  return (
    candidate.file === findings.file &&
    (candidate.stop === 'any' || candidate.stop === findings.stop) &&
    (candidate.attested === 'any' || candidate.attested === findings.attested)
  );
}

function row(
  label: string,
  file: FileFound,
  stop: StopFound | 'any',
  attested: boolean | 'any',
  verdict: Verdict,
  meaning: string,
): RecoveryRow {
  return { label, file, stop, attested, verdict, meaning };
}
