import { EXIT_INTERRUPTED } from './exit-code.ts';

/** Ctrl-C once ends the campaign after the tickets begun; twice ends it at once. */
export class Interruption {
  readonly #controller = new AbortController();
  #count = 0;
  readonly #onSignal = (): void => {
    this.#count++;
    if (this.#count > 1) process.exit(EXIT_INTERRUPTED);
    process.stderr.write('\nStopping after the work begun; once more stops at once.\n');
    this.stop();
  };

  constructor() {
    process.on('SIGINT', this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get wasInterrupted(): boolean {
    return this.#count > 0;
  }

  stop(): void {
    this.#controller.abort();
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal);
  }
}
