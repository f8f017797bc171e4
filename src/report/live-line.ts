/** A line of progress on stderr: redrawn on a terminal, printed at growing intervals elsewhere. */
import type { StatusStream } from './status-line.ts';

/** Redrawn at most this often on a terminal. */
const REDRAW_MS = 100;
/** Plain lines come after these intervals; the last one repeats. */
const PLAIN_INTERVALS_MS = [5_000, 10_000, 20_000, 60_000];

/** Shows progress from the first call of `update` to `clear`. */
export class LiveLine {
  readonly #stream: StatusStream;
  readonly #now: () => number;
  readonly #isLive: boolean;
  readonly #startMs: number;
  #lastMs: number;
  #plainLines = 0;
  #isDrawn = false;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(stream: StatusStream, now: () => number, isCi: boolean) {
    this.#stream = stream;
    this.#now = now;
    this.#isLive = stream.isTTY === true && !isCi;
    this.#startMs = now();
    this.#lastMs = this.#startMs;
  }

  /** Shows a text if it is time to; `text` receives the milliseconds since the beginning. */
  update(text: (elapsedMs: number) => string): void {
    const nowMs = this.#now();
    const sinceMs = nowMs - this.#lastMs;
    const elapsedMs = nowMs - this.#startMs;
    if (this.#isLive) {
      if (this.#isDrawn && sinceMs < REDRAW_MS) return;
      const width = Math.max(20, (this.#stream.columns ?? 80) - 1);
      this.#stream.write(`\r\x1b[2K${text(elapsedMs).slice(0, width)}`);
      this.#isDrawn = true;
    } else {
      const place = Math.min(this.#plainLines, PLAIN_INTERVALS_MS.length - 1);
      if (sinceMs < PLAIN_INTERVALS_MS[place]!) return;
      this.#plainLines++;
      this.#stream.write(`${text(elapsedMs)}\n`);
    }
    this.#lastMs = nowMs;
  }

  /** Removes the live line, so that what follows starts on a clean one. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\x1b[2K');
    this.#isDrawn = false;
  }
}
