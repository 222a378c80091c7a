// A bounded push-to-pull queue: producers push, one consumer iterates.

/** When more than `limit` items wait, the queue ends with `overflowed` set, and the consumer must resume from what it saw last. */
export class EventQueue<T> implements AsyncIterable<T> {
  overflowed = false;
  readonly #limit: number;
  #items: T[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(item: T): void {
    if (this.#ended) return;
    if (this.#items.length >= this.#limit) {
      this.overflowed = true;
      this.end();
      return;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const batch = this.#items;
      this.#items = [];
      yield* batch;
      if (this.#items.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
