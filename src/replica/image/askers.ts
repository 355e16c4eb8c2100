/** What somebody who asks for a checkpoint waits for: a durable image, or the log cut after it, too. */
export type Wish = 'image' | 'cut';

/** Gets null, or why it failed. */
export type Answer = (failure: string | null) => void;

interface Asker {
  readonly wish: Wish;
  readonly answer: Answer;
}

/** Those who have asked for a checkpoint and have no answer yet. */
export class Askers {
  #waiting: readonly Asker[] = [];

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** Somebody wants the log to be as short as it can be. */
  get wantCut(): boolean {
    return this.#waiting.some(({ wish }) => wish === 'cut');
  }

  add(wish: Wish, answer: Answer): void {
    this.#waiting = [...this.#waiting, { wish, answer }];
  }

  /** An image is durable: who wanted no more has it. The others are to be told when the log is cut. */
  stored(): Answer {
    const waiting = this.#waiting;
    this.#waiting = [];
    const others = waiting.filter(({ wish }) => wish === 'cut');
    for (const { wish, answer } of waiting) if (wish === 'image') answer(null);
    return (failure) => {
      for (const { answer } of others) answer(failure);
    };
  }

  answer(failure: string | null): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { answer } of waiting) answer(failure);
  }

  /** Nobody gets an answer any more. */
  drop(): void {
    this.#waiting = [];
  }
}
