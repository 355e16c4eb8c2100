import type { ImageMeta } from './meta.ts';

/** What a log on disk says of itself. */
export interface LogFound {
  readonly clusterId: string;
  readonly nodeId: number;
  /** The entry before its first. */
  readonly base: number;
  readonly last: number;
  /** Term of an entry from `base` to `last`. */
  readonly term: (index: number) => number;
}

export type StartVerdict =
  /** This node belongs to no cluster. */
  | { readonly kind: 'new'; readonly row: string }
  /** The same, and an image lies there whose log is gone: it is put aside before anything is stored. */
  | { readonly kind: 'orphan'; readonly row: string }
  /** State from the image, if there is one, then the log behind it. */
  | { readonly kind: 'run'; readonly row: string }
  /** The image is beyond the log, which then begins anew behind it. */
  | { readonly kind: 'reset-log'; readonly row: string }
  /** Going on could lose or mix up data: `text` says what is wrong and what can be done. */
  | { readonly kind: 'fatal'; readonly row: string; readonly text: string };

/**
 * What a start does with each pair of log and image. That either cannot be read at all was found before
 * (raftlog's recovery table, and the checksums of the image), and is fatal too.
 */
export function decideStart(log: LogFound | null, image: ImageMeta | null): StartVerdict {
  if (log === null)
    return image === null ? { kind: 'new', row: 'S1' } : { kind: 'orphan', row: 'S2' };
  if (image === null) {
    if (log.base === 0) return { kind: 'run', row: 'S3' };
    return fatal(
      'S4',
      `Log refers to snapshot ${log.base} which was not loaded: there is no image`,
    );
  }
  if (log.clusterId !== image.clusterId) {
    return fatal(
      'S5',
      `Log and snapshot have different dbids: ${log.clusterId} and ${image.clusterId}`,
    );
  }
  if (image.index < log.base) {
    return fatal(
      'S6',
      `Log starts behind entry ${log.base}, and the snapshot ends at ${image.index}: entries are missing`,
    );
  }
  if (image.index > log.last) return { kind: 'reset-log', row: 'S7' };
  if (log.term(image.index) !== image.term) return { kind: 'reset-log', row: 'S8' };
  return { kind: 'run', row: 'S9' };
}

function fatal(row: string, what: string): StartVerdict {
  const help =
    'This node cannot go on with these files. Remove it from the cluster (RAFT.NODE REMOVE), move its ' +
    'files away and join it again as a new node.';
  return { kind: 'fatal', row, text: `${what}. ${help}` };
}
