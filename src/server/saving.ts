import type { LocalSaving, SaveOutcome } from '../commands/local.ts';
import type { Checkpoints } from '../replica/image/checkpoints.ts';
import { Backups } from './backups.ts';
import type { Server } from './server.ts';

/** Checkpoints of this node as its commands and INFO see them. */
export class Saving implements LocalSaving {
  readonly #server: Server;
  readonly #startedAt: number;
  readonly backups: Backups;

  constructor(server: Server) {
    this.#server = server;
    this.#startedAt = server.world.clock.wall();
    this.backups = new Backups(server);
  }

  get #checkpoints(): Checkpoints | null {
    return this.#server.node.replica?.images.checkpoints ?? null;
  }

  get isRunning(): boolean {
    const checkpoints = this.#checkpoints;
    return checkpoints !== null && (checkpoints.inProgress !== null || checkpoints.isAwaited);
  }

  get lastSave(): number {
    return Math.floor((this.#checkpoints?.savedAt ?? this.#startedAt) / 1000);
  }

  save(done: (failure: string | null) => void): SaveOutcome {
    return this.#checkpoints?.ask('image', done) ?? 'nothing';
  }

  compact(done: (failure: string | null) => void): SaveOutcome {
    return this.#checkpoints?.ask('cut', done) ?? 'nothing';
  }

  compactLater(): SaveOutcome {
    const checkpoints = this.#checkpoints;
    if (checkpoints === null) return 'nothing';
    if (!this.#server.settings.raftSnapshotDisable) return checkpoints.ask('cut');
    return checkpoints.entries > 1 ? 'begun' : 'nothing';
  }
}
