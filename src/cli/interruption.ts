import { exitNow } from './early-exit.ts';
import { EXIT_INTERRUPTED } from './exit-code.ts';

/** Signals that ask for an end: Ctrl-C, and what continuous integration sends to a job it cancels. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ctrl-C once ends the campaign after the tickets begun; twice ends it at once. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #hint: string;
  #count = 0;
  readonly #onSignal = (): void => {
    this.#count++;
    if (this.#count > 1) {
      process.stderr.write(`\n${this.#hint}`);
      exitNow(EXIT_INTERRUPTED);
    }
    process.stderr.write('\nStopping after the work begun; once more stops at once.\n');
    this.#controller.abort('interrupted');
  };

  /** `hint` is printed when a second signal ends the process: how to go on, as whole lines. */
  constructor(hint = '') {
    this.#hint = hint;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get wasInterrupted(): boolean {
    return this.#count > 0;
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }
}
