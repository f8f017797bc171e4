/** Tells a thread that is stuck from one that is slow, without a clock that jumps when the machine sleeps. */

/** Looks at most this often, in milliseconds. */
const LOOK_MS = 250;

/**
 * Calls back when a beat has stood still for so long.
 *
 * Time is counted in looks, not on a clock: a machine that was suspended, or a main thread that was busy, adds one look
 * and not the whole absence.
 */
export class HangTimer {
  readonly #timeoutMs: number;
  readonly #beat: () => number | null;
  #timer: NodeJS.Timeout | null = null;

  /** `beat` gives a number that changes with progress, or `null` while none is due. */
  constructor(timeoutMs: number, beat: () => number | null) {
    this.#timeoutMs = timeoutMs;
    this.#beat = beat;
  }

  /** Begins to watch; `onHang` is called once at most. */
  start(onHang: () => void): void {
    const lookMs = Math.min(LOOK_MS, Math.max(1, Math.ceil(this.#timeoutMs / 4)));
    let last: number | null = null;
    let stillMs = 0;
    this.#timer = setInterval(() => {
      const beat = this.#beat();
      stillMs = beat === null || beat !== last ? 0 : stillMs + lookMs;
      last = beat;
      if (stillMs < this.#timeoutMs) return;
      this.stop();
      onHang();
    }, lookMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** A duration as people write it: `10 s`, `250 ms`. */
export function describeMs(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${milliseconds / 1_000} s` : `${milliseconds} ms`;
}
