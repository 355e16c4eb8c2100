import type { ImageLoader } from '../replica/image/image-loader.ts';
import type { Fields } from './info-sections.ts';
import type { Server } from './server.ts';

const NONE = -1;

type Progress = Pick<ImageLoader, 'startedAt' | 'totalBytes' | 'loadedBytes'>;

/** The image that counts, and what was done with images since the process started. */
export function raftSnapshot({ node, settings }: Server): Fields {
  const images = node.replica?.images;
  const image = images?.disk.stored?.meta;
  const running = images?.checkpoints.inProgress ?? null;
  return [
    ['raft_snapshot_filename', settings.dbfilename],
    ['raft_snapshot_last_idx', image?.index ?? 0],
    ['raft_snapshot_last_term', image?.term ?? 0],
    // The store is there before its first image.
    ['raft_snapshot_size', image === undefined ? 0 : (images?.disk.store?.size() ?? 0)],
    ['raft_snapshot_time_secs', images?.checkpoints.history.lastSeconds ?? NONE],
    ['raft_snapshots_created', images?.checkpoints.history.created ?? 0],
    ['raft_snapshots_received', images?.received ?? 0],
    ['raft_snapshot_in_progress', running === null ? 'no' : 'yes'],
    ['raft_snapshot_in_progress_last_idx', running?.index ?? NONE],
    ['raft_snapshot_in_progress_last_term', running?.term ?? NONE],
  ];
}

/** Of Redis's fields those that tell something here: an RDB file is a checkpoint. */
export function persistence({ node, saving, world }: Server): Fields {
  const images = node.replica?.images;
  const checkpoints = images?.checkpoints;
  const startedAt = checkpoints?.startedAt ?? null;
  const seconds =
    startedAt === null ? NONE : Math.floor((world.clock.monotonic() - startedAt) / 1000);
  const fields: Fields = [
    ['loading', node.state === 'loading' ? 1 : 0],
    ['async_loading', 0],
    ['rdb_changes_since_last_save', checkpoints?.changes ?? 0],
    ['rdb_bgsave_in_progress', saving.isRunning ? 1 : 0],
    ['rdb_last_save_time', saving.lastSave],
    ['rdb_last_bgsave_status', (checkpoints?.history.lastFailure ?? null) === null ? 'ok' : 'err'],
    ['rdb_last_bgsave_time_sec', checkpoints?.history.lastSeconds ?? NONE],
    ['rdb_current_bgsave_time_sec', seconds],
    ['rdb_saves', checkpoints?.history.created ?? 0],
    ['aof_enabled', 0],
    ['aof_last_write_status', 'ok'],
  ];
  if (node.state !== 'loading') return fields;
  const now = world.clock.wall();
  return [...fields, ...loading(images?.progress ?? nothingRead(now), now)];
}

/** The store is being opened, or the image is not to be loaded. */
function nothingRead(now: number): Progress {
  return { startedAt: now, totalBytes: 0, loadedBytes: 0 };
}

function loading({ startedAt, totalBytes, loadedBytes }: Progress, now: number): Fields {
  // What records cost beyond their contents is not in the total.
  const loaded = Math.min(loadedBytes, totalBytes);
  const elapsed = Math.floor(now / 1000) - Math.floor(startedAt / 1000);
  const part = totalBytes === 0 ? 0 : loaded / totalBytes;
  // In the first second there is nothing to reckon with.
  const eta = elapsed <= 0 ? 1 : Math.floor((elapsed * (totalBytes - loaded)) / (loaded + 1));
  return [
    ['loading_start_time', Math.floor(startedAt / 1000)],
    ['loading_total_bytes', totalBytes],
    ['loading_rdb_used_mem', 0],
    ['loading_loaded_bytes', loaded],
    ['loading_loaded_perc', (part * 100).toFixed(2)],
    ['loading_eta_seconds', eta],
  ];
}
