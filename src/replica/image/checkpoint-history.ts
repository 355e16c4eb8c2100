/** What became of a node's checkpoints, for INFO and LASTSAVE. */
export class CheckpointHistory {
  /** Images made since the process started. */
  created = 0;
  /** How long the newest took, in whole seconds; -1: there was none. */
  lastSeconds = -1;
  /** Why the last one failed; null: it did not. */
  lastFailure: string | null = null;
  /** Changes to the dataset that the newest image has. */
  #saved = 0;
  /** When somebody last wanted to save what was saved already, in ms of the epoch. */
  #confirmedAt: number | null = null;

  /** An image is durable. `dirty`: the changes up to it. */
  made(seconds: number, dirty: number): void {
    this.lastSeconds = Math.floor(seconds);
    this.lastFailure = null;
    this.created++;
    this.#saved = dirty;
  }

  /** The dataset is that of the image on disk. */
  loaded(dirty: number): void {
    this.#saved = dirty;
  }

  confirmed(wall: number): void {
    this.#confirmedAt = wall;
  }

  /** Changes among `dirty` that no image has. */
  since(dirty: number): number {
    return dirty - this.#saved;
  }

  /** Since when all is known to be saved; `made`: when the newest image was. */
  savedAt(made: number | null): number | null {
    const at = this.#confirmedAt;
    return made === null ? at : Math.max(made, at ?? made);
  }
}
