/** Tasks that are done over and over, each as soon as it is done, with what they failed with. */
export class Load {
  readonly errors: string[] = [];
  /** When each task was done, by `performance.now()`. */
  readonly times: number[] = [];
  readonly #loops: Promise<void>[] = [];
  #running = true;

  /** Runs `task` again and again until {@link stop}; a task that rejects is not the last. */
  add(task: () => Promise<unknown>): void {
    this.#loops.push(this.#run(task));
  }

  async #run(task: () => Promise<unknown>): Promise<void> {
    while (this.#running) {
      try {
        await task();
        this.times.push(performance.now());
      } catch (error) {
        this.errors.push(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#loops);
  }

  /** The longest time without a task that was done, from `since` on, in ms. */
  longestPause(since: number): number {
    let longest = 0;
    let before = since;
    for (const time of this.times) {
      if (time < since) continue;
      longest = Math.max(longest, time - before);
      before = time;
    }
    return Math.round(longest);
  }
}
